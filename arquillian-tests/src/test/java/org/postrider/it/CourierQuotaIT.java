package org.postrider.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The quota of one Maildir, kept by this server, by Courier's {@code imapd} and by its {@code
 * deliverquota} and {@code maildirmake}: all of them tell the same numbers, and obey them.
 */
@ExtendWith(SharedServer.class)
class CourierQuotaIT {

  private final PostriderServer server;
  private Program environment;
  private Program deliverquota;
  private Program maildirmake;
  private String account;

  CourierQuotaIT(PostriderServer server) {
    this.server = server;
  }

  @BeforeEach
  void findThePrograms() throws IOException {
    Path directory = PostriderServer.directory("courier-quota");
    assertThat(Path.of("/usr/bin/imapd")).as("apt-get install courier-imap").isExecutable();
    environment = new Program(Path.of("/usr/bin/env"), directory);
    deliverquota = Program.find("deliverquota.courier", "courier-base", directory);
    maildirmake = Program.find("maildirmake.courier", "courier-base", directory);
  }

  private Path maildir() {
    return server.maildir(account);
  }

  private static byte[] message(int number) {
    return ("Subject: message " + number + "\r\n\r\n" + "line\r\n".repeat(100 * number))
        .getBytes(ISO_8859_1);
  }

  /** One conversation with Courier, in which everything works; the last QUOTA response. */
  private String courier(String... commands) throws IOException, InterruptedException {
    StringBuilder input = new StringBuilder();
    for (String command : commands) {
      input.append("k ").append(command).append("\r\n");
    }
    input.append("k GETQUOTA ROOT\r\nk LOGOUT\r\n");
    List<String> lines =
        environment
            .run(
                List.of("/usr/bin/imapd", maildir().toString()),
                input.toString().getBytes(ISO_8859_1))
            .output()
            .lines()
            .toList();
    assertThat(lines)
        .filteredOn(line -> line.startsWith("k "))
        .allMatch(line -> line.startsWith("k OK"));
    return quota(lines);
  }

  private static String quota(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith("* QUOTA \"ROOT\""))
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  private static String quota(ImapClient client) throws IOException {
    return quota(client.ok("GETQUOTA ROOT"));
  }

  private int deliver(int number, String... quota) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of(maildir().toString()));
    arguments.addAll(List.of(quota));
    byte[] lines = new String(message(number), ISO_8859_1).replace("\r", "").getBytes(ISO_8859_1);
    return deliverquota.run(arguments, lines).exit();
  }

  @Test
  void allTellTheSameNumbers() throws Exception {
    account = server.newAccount("1000000S,100C", "");
    try (ImapClient client = server.signedIn(account)) {
      assertThat(Files.readString(maildir().resolve("maildirsize")))
          .isEqualTo("1000000S,100C\n           0            0\n");
      client.ok("CREATE INBOX.Sent");
      client.ok("CREATE INBOX.Trash");
      for (int i = 1; i <= 8; i++) {
        client.append("INBOX", message(i));
      }
      client.ok("SELECT INBOX");
      client.ok("STORE 1,2 +FLAGS (\\Deleted)");
      client.ok("COPY 3:4 INBOX.Sent");
      client.ok("MOVE 5 INBOX.Sent");
      client.ok("MOVE 5 INBOX.Trash");
      client.ok("STORE 2 -FLAGS (\\Deleted)");
      client.ok("EXPUNGE");
      String here = quota(client);
      assertThat(here).isEqualTo("* QUOTA \"ROOT\" (STORAGE 18 977 MESSAGE 8 100)");
      assertThat(courier()).isEqualTo(here);

      String byCourier =
          courier(
              "SELECT INBOX",
              "COPY 1 INBOX.Sent",
              "STORE 2 +FLAGS (\\Deleted)",
              "STORE 3 +FLAGS (\\Deleted)",
              "STORE 3 -FLAGS (\\Deleted)",
              "EXPUNGE",
              "SELECT INBOX.Trash",
              "COPY 1 INBOX");
      assertThat(quota(client)).isEqualTo(byCourier);

      for (int i = 1; i <= 3; i++) {
        assertThat(deliver(i)).isZero();
      }
      client.ok("NOOP");
      client.ok("DELETE INBOX.Sent");
      here = quota(client);
      assertThat(courier()).isEqualTo(here);
      // Another limit makes Courier count everything.
      assertThat(deliver(1, "2000000S,200C")).isZero();
      client.ok("SELECT INBOX");
      client.ok("STORE * +FLAGS (\\Deleted)");
      client.ok("EXPUNGE");
      assertThat(quota(client))
          .isEqualTo(here.replace(" 977 ", " 1954 ").replace(" 100)", " 200)"));
      // And so does a new sign-in here, because the account's record has the other.
      try (ImapClient again = server.signedIn(account)) {
        assertThat(quota(again)).isEqualTo(here);
        assertThat(courier()).isEqualTo(here);
      }
    }
  }

  @Test
  void whatMaildirmakeLimitsIsRefusedHereAndByDeliverquota() throws Exception {
    account = server.newAccount();
    try (ImapClient client = server.signedIn(account)) {
      assertThat(quota(client)).isEqualTo("* QUOTA \"ROOT\" ()");
      maildirmake.run(List.of("-q", "2C", maildir().toString())).succeeded();
      assertThat(deliver(1)).isZero();
      client.append("INBOX", message(1));
      assertThat(quota(client)).isEqualTo("* QUOTA \"ROOT\" (MESSAGE 2 2)");
      assertThat(client.command("APPEND INBOX {5000}").getLast()).contains(" NO [OVERQUOTA] ");
      assertThat(deliver(1)).isNotZero();
      client.ok("SELECT INBOX");
      client.ok("STORE 1 +FLAGS (\\Deleted)");
      assertThat(deliver(1)).isZero();
      assertThat(client.command("STORE 1 -FLAGS (\\Deleted)").getLast())
          .contains(" NO [OVERQUOTA] ");
      assertThat(courier()).isEqualTo(quota(client));
    }
  }

  @Test
  void bothAtOnceAndAnAgentCountAll() throws Exception {
    account = server.newAccount("10000000S,1000C", "");
    try (ImapClient client = server.signedIn(account)) {
      client.ok("CREATE INBOX.Sent");
      client.append("INBOX", message(1));
      Thread agent =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 20; i++) {
                        deliver(1);
                      }
                    } catch (IOException | InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      Thread other =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      courier("SELECT INBOX", "COPY 1 INBOX.Sent", "COPY 1 INBOX.Sent");
                    } catch (IOException | InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      for (int i = 0; i < 20; i++) {
        client.append("INBOX.Sent", message(1));
      }
      agent.join();
      other.join();
      assertThat(quota(client)).contains(" MESSAGE 43 1000)");
      assertThat(courier()).isEqualTo(quota(client));
    }
  }
}
