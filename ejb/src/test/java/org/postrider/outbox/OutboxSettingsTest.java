package org.postrider.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postrider.connector.CourierSettings;
import org.postrider.protocol.MailboxName;

class OutboxSettingsTest {

  private static OutboxSettings read(Map<String, String> courier, Map<String, String> properties) {
    return OutboxSettings.read(new CourierSettings(courier), properties::get);
  }

  @Test
  void nothingIsSentWhereNobodyAskedForIt() {
    assertThat(read(Map.of(), Map.of()).mailbox()).isEmpty();
  }

  @Test
  void aCourierSiteSendsByItsProgram() {
    OutboxSettings settings =
        read(
            Map.of(
                "OUTBOX", ".Outbox", "SENDMAIL", "/usr/lib/sendmail", "OUTBOX_MULTIPLE_SEND", "1"),
            Map.of());
    assertThat(settings.mailbox()).contains(new MailboxName("INBOX.Outbox"));
    assertThat(settings.smtp()).isFalse();
    assertThat(settings.sendmail()).hasToString("/usr/lib/sendmail");
    assertThat(settings.several()).isTrue();
    assertThat(settings.header()).isEqualTo("X-IMAP-Sender");
  }

  @Test
  void withoutAProgramTheMailSessionSends() {
    assertThat(read(Map.of("OUTBOX", ".Outbox"), Map.of()).smtp()).isTrue();
    assertThat(read(Map.of("SENDMAIL", "/x"), Map.of("imap.outbox-transport", "smtp")).smtp())
        .isTrue();
  }

  @Test
  void anEmptyHeaderfromIsNone() {
    assertThat(read(Map.of("HEADERFROM", ""), Map.of()).header()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "OUTBOX, Outbox, OUTBOX is Outbox",
    "OUTBOX, ./etc, OUTBOX is ./etc",
    "SENDMAIL, sendmail -v, SENDMAIL is sendmail -v",
    "HEADERFROM, X Sender, HEADERFROM is X Sender"
  })
  void aSettingOfCouriersThatIsNoneIsNamed(String key, String value, String text) {
    assertThatThrownBy(() -> read(Map.of(key, value), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(text);
  }

  @ParameterizedTest
  @CsvSource({
    "imap.outbox-transport, uucp",
    "imap.outbox-seconds, 0",
    "imap.outbox-at-a-time, many",
    "imap.outbox-mail-session, ldap://somewhere/x"
  })
  void aPropertyThatIsNoneIsNamed(String name, String value) {
    assertThatThrownBy(() -> read(Map.of(), Map.of(name, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name + " is " + value);
  }
}
