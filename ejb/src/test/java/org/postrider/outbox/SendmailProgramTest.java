package org.postrider.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.maildir.Owner;
import org.postrider.maildir.ServerUser;

class SendmailProgramTest {

  private static final String TEXT = "To: bob@example.com\nBcc: carol@example.com\n\nhello\n";

  @TempDir Path directory;

  private Path program;
  private Path sent;
  private Duration timeLimit = Duration.ofSeconds(30);
  private Owner owner = ServerUser.current().owner();

  @BeforeEach
  void open() throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
    program = directory.resolve("sendmail");
    sent = directory.resolve("sent");
  }

  private void script(String... lines) throws IOException {
    Files.writeString(program, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void send(String text) throws IOException {
    try (FileChannel file = SpooledFile.of(directory, text)) {
      new SendmailProgram(program, timeLimit, ServerUser.current())
          .send(
              new Letter(file, "X-IMAP-Sender: anna@example.com\n", Set.of("X-IMAP-Sender")),
              new Sender("anna", "anna@example.com", directory, owner));
    }
  }

  @Test
  void itReadsTheMessageAndIsToldTheSender() throws Exception {
    script("{ echo \"$@\"; pwd; cat; } > sent");
    send(TEXT);
    assertThat(sent)
        .hasContent(
            "-oi -t -f anna@example.com\n"
                + directory.toRealPath()
                + "\nX-IMAP-Sender: anna@example.com\n"
                + TEXT);
  }

  @Test
  void itKnowsNothingOfTheServersEnvironment() throws Exception {
    script("env > sent; cat > /dev/null");
    send(TEXT);
    assertThat(Files.readAllLines(sent))
        .contains("AUTHENTICATED=anna", "AUTHADDR=anna@example.com")
        .noneMatch(line -> line.startsWith("POSTRIDER") || line.startsWith("JAVA"));
  }

  @Test
  void rootRunsItAsTheAccountsUser() throws Exception {
    boolean root = ServerUser.current().owner().uid() == 0;
    owner = root ? new Owner(12345, 54321) : owner;
    script("cat > /dev/null; echo $(id -u) $(id -g) $(id -G) > sent");
    send(TEXT);
    String ids = Files.readString(sent).strip();
    assertThat(ids).startsWith(owner.uid() + " " + owner.gid() + " ");
    if (root) {
      assertThat(ids).isEqualTo("12345 54321 54321");
    }
  }

  @Test
  void whatItWritesIsTheReasonWhyTheMessageWasNotSent() throws Exception {
    script("cat > /dev/null; printf 'bob: \\033[31mno such\\r\\nuser' >&2; exit 67");
    assertThatThrownBy(() -> send(TEXT))
        .isInstanceOf(UnsentException.class)
        .hasMessage(
            "The message was not sent: bob: [31mno such user (the program for sending mail ended"
                + " with 67).");
  }

  @Test
  void itMayRefuseBeforeItHasReadAnything() throws Exception {
    script("exit 75");
    assertThatThrownBy(() -> send(TEXT + "x".repeat(1_000_000)))
        .isInstanceOf(UnsentException.class)
        .hasMessageContaining("ended with 75");
  }

  @Test
  void itHasNotSentWhatItHasNotRead() throws Exception {
    script("exit 0");
    assertThatThrownBy(() -> send(TEXT + "x".repeat(1_000_000)))
        .isInstanceOf(UnsentException.class)
        .hasMessageContaining("not certain");
  }

  @Test
  void allItsOutputIsReadAndLittleIsKept() throws Exception {
    script("cat > /dev/null; head -c 1000000 /dev/zero | tr '\\0' x; exit 1");
    assertThatThrownBy(() -> send(TEXT))
        .isInstanceOf(UnsentException.class)
        .extracting(Throwable::getMessage)
        .asString()
        .hasSizeLessThan(500);
  }

  @Test
  void itIsStoppedWhenItTakesTooLong() throws Exception {
    timeLimit = Duration.ofSeconds(1);
    script("sleep 600 & echo $! > sent; wait");
    assertThatThrownBy(() -> send(TEXT))
        .isInstanceOf(UnsentException.class)
        .hasMessageContaining("did not end within 1 seconds and was stopped");
    long child = Long.parseLong(Files.readString(sent).strip());
    org.awaitility.Awaitility.await()
        .until(() -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void aProgramThatIsNotThereIsForTheAdministrator() {
    assertThatThrownBy(() -> send(TEXT))
        .isInstanceOf(UnsentException.class)
        .hasMessageContaining("tell its administrator")
        .hasMessageNotContaining(directory.toString());
  }
}
