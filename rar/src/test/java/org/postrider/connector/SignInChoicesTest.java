package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.mail.SignInSettings;

class SignInChoicesTest {

  @TempDir Path home;

  private SignInSettings read(String imapd, Map<String, String> properties) throws IOException {
    Files.createDirectories(home.resolve("etc"));
    Files.writeString(home.resolve("etc/imapd"), imapd);
    return Settings.read(home, name -> Optional.ofNullable(properties.get(name))).policy().signIn();
  }

  @Test
  void courierAnnouncesCramByItsCapabilities() throws IOException {
    SignInSettings settings =
        read(
            """
            IMAP_CAPABILITY="IMAP4rev1 UIDPLUS AUTH=CRAM-MD5 AUTH=CRAM-SHA1 IDLE"
            IMAP_CAPABILITY_TLS="$IMAP_CAPABILITY AUTH=PLAIN auth=scram-sha-256"
            """,
            Map.of());

    assertThat(settings.mechanisms())
        .containsAll(SignInSettings.MECHANISMS)
        .contains("CRAM-MD5", "CRAM-SHA1")
        .doesNotContain("SCRAM-SHA-256", "IDLE");
    assertThat(settings.mechanismsUnderTls()).contains("CRAM-MD5", "CRAM-SHA1", "SCRAM-SHA-256");
  }

  @Test
  void couriersOwnFileAnnouncesNoChallenges() throws IOException {
    SignInSettings settings =
        read(
            """
            IMAP_CAPABILITY="IMAP4rev1 UIDPLUS IDLE"
            IMAP_CAPABILITY_ORIG="IMAP4rev1 AUTH=CRAM-MD5 IDLE"
            IMAP_CAPABILITY_TLS="$IMAP_CAPABILITY AUTH=PLAIN"
            """,
            Map.of());

    assertThat(settings.mechanisms()).isEqualTo(SignInSettings.MECHANISMS);
    assertThat(settings.mechanismsUnderTls()).isEqualTo(SignInSettings.MECHANISMS);
  }

  @Test
  void thePropertyIsTheWholeList() throws IOException {
    SignInSettings settings =
        read(
            "IMAP_CAPABILITY=\"IMAP4rev1 AUTH=CRAM-MD5\"\n",
            Map.of("imap.sasl-mechanisms", "scram-sha-256-plus, SCRAM-SHA-256"));

    assertThat(settings.mechanisms())
        .containsExactlyInAnyOrder("SCRAM-SHA-256-PLUS", "SCRAM-SHA-256")
        .isEqualTo(settings.mechanismsUnderTls());
  }

  @Test
  void domainsAndServicesAreCouriers() throws IOException {
    SignInSettings settings =
        read(
            """
            DEFDOMAIN="@example.com"
            DOMAINSEP="@%"
            AUTHSERVICE143=imap
            AUTHSERVICE993=imaps
            TLS_EXTERNAL=emailaddress
            """,
            Map.of("imap.host-name", "mail.example.com"));

    assertThat(settings.domain()).isEqualTo("@example.com");
    assertThat(settings.separators()).isEqualTo("@%");
    assertThat(settings.service(993)).isEqualTo("imaps");
    assertThat(settings.service(143)).isEqualTo("imap");
    assertThat(settings.service(1143)).isEqualTo("imap");
    assertThat(settings.certificateField()).isEqualTo("emailaddress");
    assertThat(settings.host()).isEqualTo("mail.example.com");
  }

  @Test
  void whatIsNoSettingIsToldInOneSentence() {
    assertThatThrownBy(() -> read("", Map.of("imap.sasl-mechanisms", "PLAIN;LOGIN")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("imap.sasl-mechanisms has PLAIN;LOGIN");
    assertThatThrownBy(() -> read("", Map.of("imap.host-name", "my host")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("imap.host-name is my host");
    assertThatThrownBy(() -> read("AUTHSERVICE143=My_Imap\n", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("AUTHSERVICE143 is My_Imap");
    assertThatThrownBy(() -> read("TLS_VERIFYPEER=MAYBE\n", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NONE, PEER, REQUIREPEER");
    assertThatThrownBy(() -> read("TLS_VERIFYPEER=PEER\n", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("TLS_TRUSTCERTS");
  }
}
