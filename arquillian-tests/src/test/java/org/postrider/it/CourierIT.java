package org.postrider.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Courier's own server on the same Maildirs: what one of the two writes, the other reads as it was
 * meant. Courier's {@code imapd} serves whoever starts it, on its standard input and output.
 */
@ExtendWith(SharedServer.class)
class CourierIT {

  private static final Pattern MESSAGE =
      Pattern.compile(
          "\\* \\d+ FETCH \\((?=.*UID (\\d+))(?=.*FLAGS \\(([^)]*)\\))(?=.*SIZE (\\d+)).*");

  private final PostriderServer server;
  private String account;
  private Program courier;

  CourierIT(PostriderServer server) {
    this.server = server;
  }

  @BeforeEach
  void makeAnAccount() throws IOException {
    account = server.newAccount();
    Path directory = PostriderServer.directory("courier");
    // Not the one on the path: in /usr/sbin a script of the same name starts the daemons.
    Path imapd = Path.of("/usr/bin/imapd");
    assertThat(imapd).as("apt-get install courier-imap").isExecutable();
    courier = new Program(Path.of("/usr/bin/env"), directory);
  }

  @Test
  void courierSeesWhatWasDoneHere() throws Exception {
    try (ImapClient client = server.signedIn(account)) {
      client.ok("CREATE INBOX.&AOk-t");
      for (int i = 1; i <= 6; i++) {
        client.append("INBOX.&AOk-t", message(i));
      }
      client.ok("SELECT INBOX.&AOk-t");
      client.ok("STORE 1,3 +FLAGS (\\Seen $Label1)");
      client.ok("STORE 2 FLAGS (\\Flagged \\Answered Work)");
      client.ok("STORE 4 +FLAGS (\\Deleted)");
      client.ok("EXPUNGE");
      client.ok("MOVE 5 INBOX");
      client.ok("COPY 1:2 INBOX");
      client.ok("SUBSCRIBE INBOX.&AOk-t");
      client.ok("SUBSCRIBE INBOX");
      for (String mailbox : List.of("INBOX", "INBOX.&AOk-t")) {
        assertThat(byCourier(mailbox)).isEqualTo(here(client, mailbox)).isNotEmpty();
      }
      assertThat(subscribed(courier("LSUB \"\" \"*\"")))
          .isEqualTo(subscribed(client.ok("LSUB \"\" \"*\"")));
    }
  }

  @Test
  void whatCourierDoesIsSeenHere() throws Exception {
    try (ImapClient client = server.signedIn(account)) {
      for (int i = 1; i <= 5; i++) {
        client.append("INBOX", message(i));
      }
      client.ok("SELECT INBOX");
      courier(
          "CREATE INBOX.Kept",
          "SELECT INBOX",
          "STORE 1 +FLAGS (\\Flagged Later)",
          "STORE 2 +FLAGS (\\Deleted)",
          "COPY 1:3 INBOX.Kept",
          "EXPUNGE",
          "SUBSCRIBE INBOX.Kept");
      List<String> told = client.ok("NOOP");
      assertThat(told).contains("* 2 EXPUNGE").anyMatch(line -> line.startsWith("* 1 FETCH"));
      for (String mailbox : List.of("INBOX", "INBOX.Kept")) {
        assertThat(here(client, mailbox)).isEqualTo(byCourier(mailbox)).isNotEmpty();
      }
      assertThat(subscribed(client.ok("LSUB \"\" \"*\""))).contains("INBOX.Kept");
    }
  }

  @Test
  void rightsAreTheSameWhoeverGaveThem() throws Exception {
    try (ImapClient client = server.signedIn(account)) {
      client.ok("CREATE INBOX.a");
      client.ok("SETACL INBOX.a jane@example.com lrsk");
      client.ok("SETACL INBOX.a -john w");
      assertThat(courier("GETACL INBOX.a"))
          .contains(
              "* ACL \"INBOX.a\" \"owner\" \"acdilrsw\" \"administrators\" \"acdilrsw\""
                  + " \"jane@example.com\" \"clrs\" \"-john\" \"w\"");
      courier("SETACL INBOX.a anyone lr", "SETACL INBOX.a owner acilrw", "CREATE INBOX.a.b");
      for (String mailbox : List.of("INBOX.a", "INBOX.a.b")) {
        assertThat(client.ok("GETACL " + mailbox))
            .contains(
                "* ACL \"%s\" \"owner\" lrwikac \"administrators\" lrswikxteacd \"jane@example.com\" lrskc \"-john\" w \"anyone\" lr"
                    .formatted(mailbox));
      }
      assertThat(client.ok("MYRIGHTS INBOX.a")).contains("* MYRIGHTS \"INBOX.a\" lrwikac");
    }
  }

  private static byte[] message(int number) {
    return ("Subject: message " + number + "\r\n\r\n" + "line\r\n".repeat(number))
        .getBytes(ISO_8859_1);
  }

  private Map<String, String> here(ImapClient client, String mailbox) throws IOException {
    List<String> lines = new ArrayList<>(client.ok("SELECT " + mailbox));
    lines.addAll(client.ok("UID FETCH 1:* (UID FLAGS RFC822.SIZE)"));
    return facts(lines);
  }

  private Map<String, String> byCourier(String mailbox) throws Exception {
    return facts(courier("SELECT " + mailbox, "UID FETCH 1:* (UID FLAGS RFC822.SIZE)"));
  }

  /** One conversation with Courier. */
  private List<String> courier(String... commands) throws IOException, InterruptedException {
    StringBuilder input = new StringBuilder();
    for (String command : commands) {
      input.append("k ").append(command).append("\r\n");
    }
    input.append("k LOGOUT\r\n");
    String maildir = server.maildir(account).toString();
    List<String> lines =
        courier
            .run(
                List.of("IMAP_KEYWORDS=1", "/usr/bin/imapd", maildir),
                input.toString().getBytes(ISO_8859_1))
            .output()
            .lines()
            .toList();
    assertThat(lines)
        .filteredOn(line -> line.startsWith("k "))
        .allMatch(line -> line.startsWith("k OK"));
    return lines;
  }

  /** UIDVALIDITY, and of each UID its flags and size, whatever the order in which they are told. */
  private static Map<String, String> facts(Collection<String> lines) {
    Map<String, String> facts = new TreeMap<>();
    for (String line : lines) {
      Matcher validity = Pattern.compile("\\[UIDVALIDITY (\\d+)]").matcher(line);
      if (validity.find()) {
        facts.put("UIDVALIDITY", validity.group(1));
      }
      Matcher message = MESSAGE.matcher(line);
      if (message.matches()) {
        TreeSet<String> flags = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        flags.addAll(List.of(message.group(2).split(" ")));
        flags.remove("\\Recent");
        flags.remove("");
        facts.put("UID " + message.group(1), flags + " " + message.group(3));
      }
    }
    return facts;
  }

  private static Collection<String> subscribed(Collection<String> lines) {
    Collection<String> names = new TreeSet<>();
    for (String line : lines) {
      if (line.startsWith("* LSUB ")) {
        names.add(line.substring(line.indexOf("\".\" ") + 4).replace("\"", ""));
      }
    }
    return names;
  }
}
