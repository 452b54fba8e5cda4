package org.postrider.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipientsTest {

  @TempDir Path directory;

  private Recipients of(String header) throws IOException {
    try (FileChannel file = SpooledFile.of(directory, header + "\n\nTo: text@example.com\n")) {
      return Recipients.of(file);
    }
  }

  @Test
  void everybodyInToCcAndBccGetsItOnce() throws Exception {
    assertThat(
            of("To: Bob <bob@example.com>, friends: carol@example.com, dan@example.com;\n"
                    + "Cc: (old) bob@example.com\nBcc: \"e v e\"@example.com,\n fay@[192.0.2.1]")
                .addresses())
        .containsExactly(
            "bob@example.com",
            "carol@example.com",
            "dan@example.com",
            "\"eve\"@example.com".replace("eve", "e v e"),
            "fay@[192.0.2.1]");
  }

  @Test
  void aMessageThatIsSentOnGoesToTheNewRecipientsAlone() throws Exception {
    assertThat(of("To: bob@example.com\nResent-To: carol@example.com").addresses())
        .containsExactly("carol@example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "To: bob",
        "To: Bob Smith",
        "To: bob@exam ple.com>",
        "To: bob@-@example.com",
        "To: bob@example..com",
        "To: =?utf-8?q?bob@example.com?= , x",
        "Cc: undisclosed-recipients:;",
        "Subject: for nobody"
      })
  void whatIsNoAddressIsRefusedWithASentence(String header) {
    assertThatThrownBy(() -> of(header))
        .isInstanceOf(UnsentException.class)
        .hasMessageEndingWith("Nothing was sent.");
  }

  @Test
  void noFoldedLineOfTheHeaderBecomesACommandOfSmtp() throws Exception {
    assertThat(of("To: <bob\n DATA\r\n @example.com\u0000>").addresses())
        .containsExactly("bobDATA@example.com");
  }

  @Test
  void moreThanAThousandAreTooMany() {
    StringBuilder to = new StringBuilder("To: ");
    for (int i = 0; i < 1_001; i++) {
      to.append("u").append(i).append("@example.com,\n ");
    }
    assertThatThrownBy(() -> of(to + "x@example.com"))
        .isInstanceOf(UnsentException.class)
        .hasMessageContaining("more than 1000 addresses");
  }

  @Test
  void namesInOtherAlphabetsAskForSmtputf8() throws Exception {
    assertThat(of("To: g\u00fcnter@example.com").international()).isTrue();
    assertThat(of("To: gunter@example.com").international()).isFalse();
  }
}
