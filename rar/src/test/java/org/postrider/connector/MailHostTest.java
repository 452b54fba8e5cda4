package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailHostTest {

  @ParameterizedTest
  @CsvSource({
    "mail2.example.com, mail2.example.com, 143",
    "mail2:1143, mail2, 1143",
    "192.0.2.1:993, 192.0.2.1, 993",
    "2001:db8::1, 2001:db8::1, 143",
    "[2001:db8::1], 2001:db8::1, 143",
    "[2001:db8::1]:1143, 2001:db8::1, 1143",
    "::ffff:192.0.2.1, ::ffff:192.0.2.1, 143"
  })
  void aServerIsNamedWithItsPortOrWithout(String text, String host, int port) {
    assertThat(MailHost.parse(text, 143)).isEqualTo(new MailHost(host, port));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "mail2:0",
        "mail2:65536",
        "mail2:",
        "-x",
        "mail2/imap",
        "[::1]x",
        "a\u0000b"
      })
  void whatIsNoServerIsRefused(String text) {
    assertThatThrownBy(() -> MailHost.parse(text, 143))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("mail2.example.com");
  }
}
