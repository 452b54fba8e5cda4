package org.postrider.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.connector.Certificates;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;

class MkimapdcertToolTest {

  @TempDir Path home;
  private Path pem;

  @BeforeEach
  void dataDirectory() throws IOException {
    Files.createDirectory(home.resolve("etc"));
    Files.createDirectory(home.resolve("tls"));
    pem = home.resolve("tls/imapd.pem");
  }

  private Ended run(String... arguments) {
    String[] command = new String[arguments.length + 1];
    command[0] = "mkimapdcert";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return CourierTools.ours(Map.of("POSTRIDER_HOME", home.toString()), "", command);
  }

  private List<String> names() throws Exception {
    return Certificates.read(pem).chain().getFirst().getSubjectAlternativeNames().stream()
        .map(it -> it.get(1).toString())
        .toList();
  }

  @Test
  void theFileIsForItsOwnerAloneAndBelongsToTheOwnerOfItsDirectory() throws Exception {
    assertThat(run().exit()).isZero();

    assertThat(Files.getPosixFilePermissions(pem))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.getOwner(pem)).isEqualTo(Files.getOwner(pem.getParent()));
    assertThat(names()).contains("localhost", "127.0.0.1");
  }

  @Test
  void whatIsThereIsNotOverwrittenWhichIsSaidInCouriersWords() throws Exception {
    String other = home.resolve("other").toString();
    Files.writeString(Path.of(other + ".pem"), "precious");

    Ended theirs = CourierTools.program(home, "/usr/sbin/mkimapdcert", "courier-imap", other);

    assertThat(run(other)).isEqualTo(theirs).isEqualTo(new Ended(1, theirs.out(), ""));
    assertThat(Path.of(other + ".pem")).hasContent("precious");
  }

  @Test
  void namesComeFromATemplateForGnutls() throws Exception {
    Files.writeString(
        home.resolve("etc/imapd.cnf"),
        """
        organization = "Courier Mail Server"
        cn = "mail.example.org"
        # dns_name = "not.this.one"
        dns_name = "imap.example.org"
        ip_address = "192.0.2.7"
        expiration_days = 365
        """);

    assertThat(run().out()).contains("mail.example.org, imap.example.org, 192.0.2.7");

    assertThat(names()).containsExactly("mail.example.org", "imap.example.org", "192.0.2.7");
  }

  @Test
  void namesComeFromAFileForOpenssl() throws Exception {
    Files.writeString(
        home.resolve("etc/imapd.cnf"),
        """
        [ req ]
        distinguished_name = req_dn
        [ req_dn ]
        O=Courier Mail Server
        CN=mail.example.org
        [ v3 ]
        subjectAltName=DNS:imap.example.org, IP:2001:db8::7
        """);

    assertThat(run().exit()).isZero();

    assertThat(names())
        .containsExactly("mail.example.org", "imap.example.org", "2001:db8:0:0:0:0:0:7");
  }

  @Test
  void aNameThatIsNoneIsSaid() throws Exception {
    Files.writeString(home.resolve("etc/imapd.cnf"), "cn = \"two words\"\n");

    Ended ended = run();

    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.err()).contains("imapd.cnf", "two words");
    assertThat(pem).doesNotExist();
  }

  @Test
  void aSelfSignedOneIsRenewed() throws Exception {
    run();
    byte[] before = Files.readAllBytes(pem);
    assertThat(run().exit()).isEqualTo(1);

    assertThat(run("--renew").exit()).isZero();

    assertThat(Files.readAllBytes(pem)).isNotEqualTo(before);
  }

  @Test
  void whatTlsCertfileNamesIsMade() throws Exception {
    pem = home.resolve("elsewhere.pem");
    Files.writeString(home.resolve("etc/imapd-ssl"), "TLS_CERTFILE=" + pem + "\n");

    assertThat(run().exit()).isZero();

    assertThat(names()).contains("localhost");
  }
}
