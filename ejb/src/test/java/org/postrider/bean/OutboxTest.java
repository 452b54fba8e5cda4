package org.postrider.bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.mail.Account;
import org.postrider.mail.Delivery;
import org.postrider.mail.MailException;
import org.postrider.mail.SelectedMailbox;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.ResponseCode.CopyUid;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.UidSet;
import org.postrider.transcript.PlainSignIn;
import org.postrider.transcript.Transcript.GivenAccount;

/** The mailbox that sends, by a program that keeps what it is given. */
class OutboxTest {

  private static final MailboxName OUTBOX = new MailboxName("INBOX.Outbox");
  private static final String DRAFT =
      "From: fred@example.com\r\nTo: bob@example.com\r\nBcc: carol@example.com\r\n\r\nhello\r\n";
  private static final String STORED = DRAFT.replace("\r", "");

  @TempDir Path home;

  private PlainMail mail;
  private Account account;

  @BeforeEach
  void signIn() throws Exception {
    start("");
  }

  private void start(String more) throws Exception {
    Path program = home.resolve("sendmail");
    Files.writeString(
        program,
        "#!/bin/sh\ncat > message; cat message >> %s\nif grep -q refuse message; then echo no; exit 1; fi\n"
            .formatted(home.resolve("sent")));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<String> settings = List.of("OUTBOX=.Outbox", "SENDMAIL=" + program, more);
    if (Files.exists(home.resolve("etc"))) {
      Files.write(home.resolve("etc/imapd"), settings);
    }
    mail = new PlainMail(home, new GivenAccount("", "", settings));
    account = PlainSignIn.of(mail, PlainMail.USER, PlainMail.PASSWORD);
    if (!Files.exists(outbox())) {
      mail.call(
          all -> {
            all.mailboxes().create(account, OUTBOX);
            return null;
          });
    }
  }

  @AfterEach
  void close() {
    mail.close();
  }

  private Path outbox() {
    return PlainMail.maildir(home).resolve(".Outbox");
  }

  private void append(MailboxName target, String text) throws Exception {
    mail.call(
        all -> {
          try (Delivery delivery =
              all.messages()
                  .prepare(account, target, Flags.NONE, Optional.empty(), text.length())) {
            delivery.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            return all.messages().deliver(List.of(delivery));
          } catch (IOException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private SelectedMailbox inbox() throws Exception {
    return mail.call(all -> all.mailboxes().open(account, MailboxName.INBOX, false)).mailbox();
  }

  private List<String> stored(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("cur"))) {
      return files.sorted().map(OutboxTest::text).toList();
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String sent() throws IOException {
    Path file = home.resolve("sent");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  private static void assertUnsent(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MailException.class, e -> assertThat(e.code()).contains((ResponseCode) Word.ALERT))
        .hasMessageContaining(text);
  }

  @Test
  void whatIsAppendedToTheOutboxIsSentAndStored() throws Exception {
    append(OUTBOX, DRAFT);
    assertThat(sent()).isEqualTo("X-IMAP-Sender: fred\n" + STORED);
    assertThat(stored(outbox())).containsExactly(STORED);
  }

  @Test
  void whatIsAppendedElsewhereIsNotSent() throws Exception {
    append(MailboxName.INBOX, DRAFT);
    assertThat(sent()).isEmpty();
  }

  @Test
  void whatCouldNotBeSentIsNotStored() throws Exception {
    assertUnsent(() -> append(OUTBOX, DRAFT + "refuse"), "The message was not sent: no");
    assertThat(stored(outbox())).isEmpty();
    assertThat(outbox().resolve("tmp")).isEmptyDirectory();
  }

  @Test
  void aCopySendsAndKeepsTheDraft() throws Exception {
    append(MailboxName.INBOX, DRAFT);
    SelectedMailbox inbox = inbox();
    Optional<CopyUid> copied = mail.call(all -> all.messages().copy(inbox, UidSet.of(1), OUTBOX));
    assertThat(copied).isPresent();
    assertThat(sent()).isEqualTo("X-IMAP-Sender: fred\n" + STORED);
    assertThat(stored(outbox())).containsExactly(STORED);
    assertThat(stored(PlainMail.maildir(home))).containsExactly(STORED);
  }

  @Test
  void aMoveSendsAndTakesTheDraftAlong() throws Exception {
    append(MailboxName.INBOX, DRAFT);
    SelectedMailbox inbox = inbox();
    mail.call(all -> all.messages().move(inbox, UidSet.of(1), OUTBOX));
    assertThat(sent()).isEqualTo("X-IMAP-Sender: fred\n" + STORED);
    assertThat(stored(outbox())).containsExactly(STORED);
    assertThat(stored(PlainMail.maildir(home))).isEmpty();
  }

  @Test
  void aDraftThatCouldNotBeSentStaysWhereItWas() throws Exception {
    append(MailboxName.INBOX, DRAFT + "refuse");
    SelectedMailbox inbox = inbox();
    assertUnsent(
        () -> mail.call(all -> all.messages().move(inbox, UidSet.of(1), OUTBOX)), "was not sent");
    assertUnsent(
        () -> mail.call(all -> all.messages().copy(inbox, UidSet.of(1), OUTBOX)), "was not sent");
    assertThat(stored(outbox())).isEmpty();
    assertThat(stored(PlainMail.maildir(home))).hasSize(1);
  }

  @Test
  void severalAtATimeAreNotSentUnlessThatIsAllowed() throws Exception {
    append(MailboxName.INBOX, DRAFT);
    append(MailboxName.INBOX, DRAFT);
    SelectedMailbox inbox = inbox();
    assertUnsent(
        () -> mail.call(all -> all.messages().copy(inbox, UidSet.ofRange(1, 2), OUTBOX)),
        "Only one message may be sent at a time");
    assertThat(sent()).isEmpty();
    mail.close();
    start("OUTBOX_MULTIPLE_SEND=1");
    mail.call(all -> all.messages().copy(inbox, UidSet.ofRange(1, 2), OUTBOX));
    assertThat(stored(outbox())).hasSize(2);
  }

  @Test
  void ofSeveralThoseThatWentAreCounted() throws Exception {
    mail.close();
    start("OUTBOX_MULTIPLE_SEND=1");
    append(MailboxName.INBOX, DRAFT);
    append(MailboxName.INBOX, DRAFT + "refuse");
    SelectedMailbox inbox = inbox();
    assertUnsent(
        () -> mail.call(all -> all.messages().copy(inbox, UidSet.ofRange(1, 2), OUTBOX)),
        "1 of 2 messages were sent and must not be sent again.");
    assertThat(stored(outbox())).isEmpty();
  }

  @Test
  void whatWasSentAndCannotBeStoredIsToldOfAsSent() throws Exception {
    Path cur = outbox().resolve("cur");
    Files.writeString(
        home.resolve("sendmail"),
        "#!/bin/sh\ncat > " + home.resolve("sent") + "; mv '" + cur + "' '" + cur + ".away'\n");
    assertUnsent(() -> append(OUTBOX, DRAFT), "The message WAS SENT; do not send it again.");
    assertThat(sent()).endsWith(STORED);
  }
}
