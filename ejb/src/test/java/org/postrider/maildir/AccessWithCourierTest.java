package org.postrider.maildir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.RightsChange;

/**
 * Courier's own programs on the same Maildir: its {@code imapd}, which serves whoever starts it,
 * and {@code maildiracl}. Whatever one of us writes, the other reads as it was meant.
 */
class AccessWithCourierTest {

  private static final MailboxName A = new MailboxName("INBOX.a");
  private static final Path IMAPD = Path.of("/usr/bin/imapd");

  @TempDir Path directory;

  private TestMaildir account;

  @BeforeEach
  void make() throws IOException {
    account = new TestMaildir(directory);
  }

  private AccessList list(MailboxName name) throws IOException, MaildirException {
    return account.maildir().access().of(name);
  }

  private void change(MailboxName name, String whom, String rights)
      throws IOException, MaildirException {
    account
        .maildir()
        .access()
        .change(name, AccessIdentifier.parse(whom), RightsChange.parse(rights));
  }

  private String run(List<String> command, Map<String, String> environment, String input)
      throws Exception {
    Path output = directory.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectError(directory.resolve("errors").toFile())
            .redirectOutput(output.toFile())
            .redirectInput(Files.writeString(directory.resolve("input"), input).toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ended", command).isTrue();
    return Files.readString(output, UTF_8);
  }

  /** One conversation; the lines that are no status. */
  private List<String> imapd(Map<String, String> environment, String... commands) throws Exception {
    StringBuilder input = new StringBuilder();
    for (String command : commands) {
      input.append("k ").append(command).append("\r\n");
    }
    input.append("k LOGOUT\r\n");
    List<String> lines =
        run(List.of(IMAPD.toString(), account.root.toString()), environment, input.toString())
            .lines()
            .toList();
    assertThat(lines)
        .filteredOn(line -> line.startsWith("k "))
        .isNotEmpty()
        .allMatch(line -> line.startsWith("k OK"));
    return lines.stream().filter(line -> line.startsWith("* ")).toList();
  }

  private String maildiracl(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("maildiracl"));
    command.addAll(List.of(arguments));
    command.add(2, account.root.toString());
    return run(command, Map.of(), "").strip();
  }

  @Test
  void whatIsWrittenHereCourierReads() throws Exception {
    account.maildir().create(A);
    change(A, "john", "lrsk");
    change(A, "-mary", "r");
    change(A, "anyone", "l");
    change(A, "group=staff", "lrd");
    account.maildir().create(new MailboxName("INBOX.a.é"));
    assertThat(imapd(Map.of("IMAP_ACL", "1"), "GETACL INBOX.a", "GETACL INBOX.a.&AOk-"))
        .contains(
            "* ACL \"INBOX.a\" \"owner\" \"acdilrsw\" \"administrators\" \"acdilrsw\""
                + " \"john\" \"clrs\" \"-mary\" \"r\" \"anyone\" \"l\"")
        .contains(
            "* ACL \"INBOX.a.&AOk-\" \"owner\" \"acdilrsw\" \"administrators\" \"acdilrsw\""
                + " \"john\" \"clrs\" \"-mary\" \"r\" \"anyone\" \"l\"");
    assertThat(maildiracl("-list", "INBOX.a"))
        .isEqualTo(
            "owner\taceilrstwx\nadministrators\taceilrstwx\nuser=john\tclrs\n-user=mary\tr\n"
                + "anyone\tl\ngroup=staff\telrtx");
    String before = Files.readString(account.root.resolve(".a/courierimapacl"));
    imapd(Map.of("IMAP_ACL", "1"), "SETACL INBOX.a john +w", "SETACL INBOX.a john -w");
    assertThat(Files.readString(account.root.resolve(".a/courierimapacl"))).isEqualTo(before);
  }

  @Test
  void whatCourierWritesIsReadHere() throws Exception {
    imapd(
        Map.of("IMAP_ACL", "1"),
        "CREATE INBOX.a",
        "SETACL INBOX.a john lrcd",
        "SETACL INBOX.a -john w",
        "SETACL INBOX.a anonymous s",
        "CREATE INBOX.a.b",
        "SETACL INBOX.a owner -x",
        "ACL STORE INBOX.a group=staff iw");
    Identity john = new Identity("john", Set.of("staff"), false);
    assertThat(list(A).rights(john).letters()).isEqualTo("lrsikxte");
    assertThat(list(new MailboxName("INBOX.a.b")).rights(john).letters()).isEqualTo("lrskxte");
    assertThat(list(A).rights(new Identity("fred", Set.of(), true)).letters())
        .isEqualTo("lrswiktea");
    // Courier keeps the list of what it deletes while there is something below; and so it is read.
    imapd(Map.of("IMAP_ACL", "1"), "SETACL INBOX.a owner +x", "DELETE INBOX.a");
    assertThat(list(A).rights(john).letters()).isEqualTo("lrsikxte");
    maildiracl("-set", "INBOX.a", "user=mary", "l");
    assertThat(list(A).rights(new Identity("mary", Set.of(), false)).letters()).isEqualTo("ls");
  }

  @Test
  void whatIsKeptOfADeletedMailboxCourierReads() throws Exception {
    account.maildir().create(A);
    account.maildir().create(new MailboxName("INBOX.a.b"));
    change(A, "john", "l");
    account.maildir().delete(A);
    account.maildir().rename(A, new MailboxName("INBOX.z"));
    assertThat(maildiracl("-list", "INBOX.z")).endsWith("user=john\tl");
  }

  @Test
  void rightsAreTheOnesThatCourierTells() throws Exception {
    account.maildir().create(A);
    change(A, "owner", "lra");
    change(A, "fred", "sw");
    change(A, "-group=staff", "rw");
    change(A, "group=sales", "itek");
    change(A, "anyone", "s");
    change(A, "-anonymous", "p");
    for (List<String> groups :
        List.of(
            List.<String>of(),
            List.of("staff"),
            List.of("staff", "sales"),
            List.of("administrators"))) {
      String options = String.join(",", groups.stream().map(group -> "group=" + group).toList());
      List<String> lines =
          imapd(
              Map.of("IMAP_ACL", "1", "AUTHENTICATED", "fred", "OPTIONS", options),
              "LIST (MYRIGHTS) \"\" \"INBOX.a\"");
      String ours =
          maildiraclLetters(
              list(A).rights(new Identity("fred", Set.copyOf(groups), true)).letters());
      assertThat(lines).as("%s", groups).anyMatch(line -> line.contains("\"" + ours + "\""));
    }
  }

  /**
   * As Courier's imapd tells them: {@code k} is {@code c}; {@code e t x} are {@code d} or nothing.
   */
  private static String maildiraclLetters(String letters) {
    String courier = letters.replace('k', 'c');
    boolean all = courier.contains("e") && courier.contains("t") && courier.contains("x");
    String told = all ? courier.replaceAll("[etx]", "") + "d" : courier;
    return told.chars()
        .sorted()
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Lists by lot, asked for people by lot. */
  @Test
  void anyListMeansWhatMaildiraclComputes() throws Exception {
    account.maildir().create(A);
    Random random = new Random(4314);
    List<String> whom = List.of("owner", "anyone", "user=ann", "group=staff", "user=bob");
    for (int round = 0; round < 40; round++) {
      StringBuilder text = new StringBuilder("administrators aceilrstwx\n");
      for (int i = 0; i < 6; i++) {
        text.append(random.nextBoolean() ? "" : "-").append(whom.get(random.nextInt(5)));
        text.append(' ');
        "aceilrstwx"
            .chars()
            .filter(c -> random.nextInt(3) == 0)
            .forEach(letter -> text.append((char) letter));
        text.append('\n');
      }
      Files.writeString(account.root.resolve(".a/courierimapacl"), text);
      AccessList list = list(A);
      assertThat(maildiracl("-compute", "INBOX.a", "user=ann"))
          .as("%s", text)
          .isEqualTo(courier(list, new Identity("ann", Set.of(), false)));
      assertThat(maildiracl("-compute", "INBOX.a", "user=bob", "group=staff"))
          .as("%s", text)
          .isEqualTo(courier(list, new Identity("bob", Set.of("staff"), false)));
    }
  }

  /** The letters in Courier's order. */
  private static String courier(AccessList list, Identity who) {
    return list.rights(who)
        .letters()
        .replace('k', 'c')
        .chars()
        .sorted()
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
