package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.MailboxName;

class SubscriptionsTest {

  /** Written by Courier-IMAP 5.0.13. */
  private static final String COURIER = "INBOX.Sent\nINBOX.éété\n#shared.foo\nINBOX.a.b.c\n";

  @TempDir Path root;

  private Subscriptions subscriptions;

  @BeforeEach
  void makeTmp() throws IOException {
    Files.createDirectory(root.resolve("tmp"));
    subscriptions = new Subscriptions(new Disk(), root);
  }

  private Path file() {
    return root.resolve(Subscriptions.FILE);
  }

  @Test
  void couriersFileIsRead() throws Exception {
    Files.writeString(file(), COURIER);
    assertThat(subscriptions.names())
        .containsExactlyInAnyOrder(
            new MailboxName("INBOX.Sent"),
            new MailboxName("INBOX.éété"),
            new MailboxName("#shared.foo"),
            new MailboxName("INBOX.a.b.c"));
  }

  @Test
  void aNameIsAddedAtTheEndAndOthersStayAsTheyAre() throws Exception {
    Files.writeString(file(), COURIER);
    subscriptions.add(new MailboxName("INBOX.台北"));
    assertThat(Files.readString(file())).isEqualTo(COURIER + "INBOX.台北\n");
    subscriptions.remove(new MailboxName("INBOX.éété"));
    assertThat(Files.readString(file()))
        .isEqualTo("INBOX.Sent\n#shared.foo\nINBOX.a.b.c\nINBOX.台北\n");
  }

  @Test
  void subscribingTwiceWritesNothing() throws Exception {
    Files.writeString(file(), "inbox.Sent\n");
    subscriptions.add(new MailboxName("INBOX.Sent"));
    assertThat(Files.readString(file())).isEqualTo("inbox.Sent\n");
  }

  @Test
  void aFirstSubscriptionMakesTheFile() throws Exception {
    assertThat(subscriptions.names()).isEmpty();
    subscriptions.add(MailboxName.INBOX);
    assertThat(Files.readString(file())).isEqualTo("INBOX\n");
    assertThat(root.resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void aLastLineWithoutItsEndCounts() throws Exception {
    Files.writeString(file(), "INBOX.a\nINBOX.b");
    assertThat(subscriptions.names()).hasSize(2);
  }

  @Test
  void octetsThatAreNoNameStay() throws Exception {
    Files.write(file(), new byte[] {'I', 'N', 'B', 'O', 'X', '.', (byte) 0xFF, '\n'});
    assertThat(subscriptions.names()).isEmpty();
    subscriptions.add(new MailboxName("INBOX.x"));
    assertThat(Files.readAllBytes(file())).startsWith('I', 'N', 'B', 'O', 'X', '.', 0xFF, '\n');
  }

  @FuzzTest
  void anyOctetsAreLinesThatStayAsTheyAre(FuzzedDataProvider data) {
    byte[] octets = data.consumeRemainingAsBytes();
    var lines = Subscriptions.parse(octets);
    for (String line : lines) {
      MailboxName name = Subscriptions.name(line);
      assertThat(name == null || name.isPersonal() || name.isElsewhere()).isTrue();
    }
    assertThat(Subscriptions.parse(Subscriptions.format(lines))).isEqualTo(lines);
  }
}
