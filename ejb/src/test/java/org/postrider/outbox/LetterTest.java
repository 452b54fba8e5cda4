package org.postrider.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterTest {

  @TempDir Path directory;

  private String sent(String text) throws IOException {
    return SpooledFile.sent(directory, text, "", Set.of("Bcc", "X-IMAP-Sender"));
  }

  @Test
  void aFieldThatIsOmittedGoesWithAllItsLines() throws Exception {
    assertThat(
            sent(
                "To: bob@example.com\nBCC : carol@example.com,\n\tdan@example.com\nSubject: hello\n"
                    + " there\nbcc:\n\nBcc: is part of the text\n"))
        .isEqualTo("To: bob@example.com\nSubject: hello\n there\n\nBcc: is part of the text\n");
  }

  @Test
  void whatASenderWroteLikeTheServersOwnLineIsNotSent() throws Exception {
    assertThat(
            SpooledFile.sent(
                directory,
                "x-imap-sender: eve@example.com\nTo: bob@example.com\n\nhello\n",
                "X-IMAP-Sender: anna@example.com\n",
                Set.of("X-IMAP-Sender")))
        .isEqualTo("X-IMAP-Sender: anna@example.com\nTo: bob@example.com\n\nhello\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "no header at all",
        "To: x",
        "To",
        "no field\nTo: x\n\nBcc: y",
        "\n\n\nBcc: z\n",
        "To: x\r\n\r\nBcc: z\r\n",
        "a\tb:c\n\n",
        " folded before anything\nTo: x\n\n"
      })
  void everythingElseIsSentAsItIs(String text) throws Exception {
    assertThat(sent(text)).isEqualTo(text);
  }

  @Test
  void fieldsLongerThanEveryBufferAreKeptOrOmittedWhole() throws Exception {
    String many = "x".repeat(100_000);
    assertThat(sent("Bcc: " + many + "\nA: " + many + "\n" + many + ":\n\n" + many))
        .isEqualTo("A: " + many + "\n" + many + ":\n\n" + many);
  }
}
