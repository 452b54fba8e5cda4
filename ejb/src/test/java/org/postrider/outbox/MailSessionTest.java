package org.postrider.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.Session;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import javax.naming.NameNotFoundException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.maildir.Owner;

class MailSessionTest {

  private static final String TEXT =
      "To: bob@example.com\n"
          + "Bcc: carol@example.com\n"
          + "Subject: hello\n\n"
          + ".\n"
          + "..\n"
          + "a lone \r"
          + " stays a line\n";

  @TempDir Path directory;

  private SmtpSink sink;
  private Duration timeLimit = Duration.ofSeconds(30);
  private String address = "anna@example.com";

  @BeforeEach
  void start() throws IOException {
    sink = new SmtpSink();
  }

  @AfterEach
  void stop() throws IOException {
    sink.close();
  }

  private void send(String text) throws IOException {
    send(text, this::session);
  }

  private void send(String text, MailSession.Source source) throws IOException {
    try (FileChannel file = SpooledFile.of(directory, text)) {
      new MailSession(source, "java:jboss/mail/Test", timeLimit, "mail.example.com")
          .send(
              new Letter(file, "X-IMAP-Sender: " + address + "\n", Set.of("X-IMAP-Sender")),
              new Sender("anna", address, directory, new Owner(0, 0)));
    }
  }

  private Session session() {
    Properties properties = new Properties();
    properties.put("mail.smtp.host", "127.0.0.1");
    properties.put("mail.smtp.port", Integer.toString(sink.port()));
    return Session.getInstance(properties);
  }

  private static void assertUnsent(ThrowingCallable call, String... words) {
    assertThatThrownBy(call).isInstanceOf(UnsentException.class).hasMessageContainingAll(words);
  }

  @Test
  void theEnvelopeNamesEverybodyAndTheMessageNobodyOfBcc() throws Exception {
    send(TEXT);
    assertThat(sink.envelopes())
        .containsExactly(
            "MAIL FROM:<anna@example.com>",
            "RCPT TO:<bob@example.com>",
            "RCPT TO:<carol@example.com>");
    assertThat(sink.messages())
        .containsExactly(
            "X-IMAP-Sender: anna@example.com\nTo: bob@example.com\nSubject: hello\n\n..\n...\n"
                + "a lone \n stays a line\n");
  }

  @Test
  void aSenderWithoutADomainGetsThatOfTheServer() throws Exception {
    address = "anna";
    send(TEXT);
    assertThat(sink.envelopes()).first().isEqualTo("MAIL FROM:<anna@mail.example.com>");
  }

  @Test
  void oneRefusedRecipientIsAReasonToSendToNobody() {
    sink.answer("RCPT TO:<carol", "550 5.1.1 there is no \u0007carol here");
    assertUnsent(
        () -> send(TEXT), "was not sent; the mail server said: 550 5.1.1 there is no carol here");
    assertThat(sink.messages()).isEmpty();
  }

  @Test
  void aMessageThatTheServerDoesNotLikeIsNotSent() {
    sink.answer(".", "554 5.7.1 it looks like spam");
    assertUnsent(
        () -> send(TEXT), "was not sent; the mail server said: 554 5.7.1 it looks like spam");
  }

  @Test
  void aServerThatGoesAfterTheMessageLeavesItUncertain() {
    sink.answer(".", SmtpSink.HANG_UP);
    assertUnsent(() -> send(TEXT), "whether it was sent is not certain");
  }

  @Test
  void aServerThatSaysNothingIsNotWaitedForForEver() {
    timeLimit = Duration.ofMillis(300);
    sink.answer("MAIL", SmtpSink.SILENCE);
    assertUnsent(() -> send(TEXT), "Nothing was sent.");
  }

  @Test
  void aServerThatIsNotThereIsToldOf() throws Exception {
    sink.close();
    assertUnsent(() -> send(TEXT), "The mail server can't be talked to", "Nothing was sent.");
  }

  @Test
  void aSessionThatIsNotThereIsForTheAdministrator() {
    assertUnsent(
        () ->
            send(
                TEXT,
                () -> {
                  throw new NameNotFoundException("no");
                }),
        "tell its administrator");
  }

  @Test
  void aLargeMessageGoesThroughOneBuffer() throws Exception {
    send(TEXT + "0123456789abcdef\n".repeat(500_000));
    assertThat(sink.messages().getFirst().length()).isGreaterThan(8_000_000);
  }
}
