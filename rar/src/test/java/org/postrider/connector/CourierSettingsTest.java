package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CourierSettingsTest {

  @TempDir Path etc;

  @Test
  void readsWhatCouriersOwnFileHolds() throws IOException {
    CourierSettings settings =
        read(
            """
            ##VERSION: $Id: imapd.dist.in 2013-11-21 $
            ##NAME: ADDRESS:0
            ADDRESS=0

            PORT=143
            # AUTHSERVICE143=imap
            MAXDAEMONS=40
            MAXPERIP=20
            IMAP_CAPABILITY="IMAP4rev1 UIDPLUS"
            IMAP_CAPABILITY_TLS="$IMAP_CAPABILITY AUTH=PLAIN"
            IMAP_EMPTYTRASH=Trash:7
            IMAPDSTART=YES
            """);
    assertThat(settings.get("PORT")).contains("143");
    assertThat(settings.get("IMAP_CAPABILITY_TLS")).contains("IMAP4rev1 UIDPLUS AUTH=PLAIN");
    assertThat(settings.flag("IMAPDSTART")).contains(true);
    assertThat(settings.get("AUTHSERVICE143")).isEmpty();
  }

  @Test
  void aCommentInLatin1IsPassedOver() throws IOException {
    Path file = etc.resolve("imapd");
    Files.write(file, "# f\u00fcr Kunden\nPORT=143\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(CourierSettings.read(file).get("PORT")).contains("143");
  }

  @Test
  void understandsQuotesVariablesAndBackslashes() throws IOException {
    CourierSettings settings =
        read(
            "A='$x \"y\"'\n"
                + "B=\"a \\\"b\\\" ${A}\"\n"
                + "C=one two\n"
                + "D=x;E=y\n"
                + "F=\"\"\n"
                + "G=a$\n"
                + "1X=no\n"
                + "if [ -f x ]; then\n");
    assertThat(settings.get("A")).contains("$x \"y\"");
    assertThat(settings.get("B")).contains("a \"b\" $x \"y\"");
    assertThat(settings.get("C")).contains("one");
    assertThat(settings.get("D")).contains("x");
    assertThat(settings.get("F")).isEmpty();
    assertThat(settings.get("G")).contains("a$");
    assertThat(settings.get("1X")).isEmpty();
  }

  @Test
  void aFileThatIsNotThereSaysNothing() throws IOException {
    assertThat(CourierSettings.read(etc.resolve("imapd")).get("PORT")).isEmpty();
  }

  @Test
  void portsMayCarryAnAddress() {
    List<InetSocketAddress> addresses =
        Settings.addresses("PORT", "143, 127.0.0.2.1143", "127.0.0.1");
    assertThat(addresses)
        .extracting(InetSocketAddress::toString)
        .containsExactly("/127.0.0.1:143", "/127.0.0.2:1143");
  }

  @Test
  void aPortThatIsNoneIsToldInOneSentence() {
    for (String port : List.of("0", "65536", "imap", "", "-1")) {
      assertThatThrownBy(() -> Settings.addresses("imap.port", port, "0"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("imap.port is " + port + "; a port is a number from 1 to 65535.");
    }
  }

  @Test
  void aPropertyWinsOverCouriersFilesAndTheseOverTheDefaults() throws IOException {
    Files.createDirectories(etc.resolve("etc"));
    Files.writeString(etc.resolve("etc/imapd"), "ADDRESS=127.0.0.1\nPORT=2143\nMAXPERIP=4\n");
    Files.writeString(
        etc.resolve("etc/imapd-ssl"), "SSLPORT=2993\nIMAPDSTARTTLS=NO\nIMAP_TLS_REQUIRED=1\n");
    ImapResourceAdapter adapter = new ImapResourceAdapter();
    adapter.setHome(etc.toString());
    adapter.setImapsPort("3993");
    adapter.setCommandOctets("16384");
    adapter.setLiteralOctetsBeforeSignIn("512");
    Settings settings = adapter.settings();
    assertThat(settings.imap()).extracting(InetSocketAddress::getPort).containsExactly(2143);
    assertThat(settings.imaps()).extracting(InetSocketAddress::getPort).containsExactly(3993);
    assertThat(settings.connectionsPerAddress()).isEqualTo(4);
    assertThat(settings.connections()).isEqualTo(20_000);
    assertThat(settings.startTls()).isFalse();
    assertThat(settings.policy().signedIn().commandOctets()).isEqualTo(16384);
    assertThat(settings.policy().beforeSignIn().literalOctets()).isEqualTo(512);
    assertThat(settings.policy().beforeSignIn().commandOctets()).isEqualTo(8192);
    assertThat(settings.policy().plaintextSignInOnLoopback()).isFalse();
  }

  private CourierSettings read(String text) throws IOException {
    Path file = etc.resolve("imapd");
    Files.writeString(file, text);
    return CourierSettings.read(file);
  }
}
