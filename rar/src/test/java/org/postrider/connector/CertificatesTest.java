package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CertificatesTest {

  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  @TempDir Path directory;

  @Test
  void selfSignedCertificateNamesTheHostAndItsAddresses() throws Exception {
    X509Certificate own = selfSigned().chain().getFirst();

    own.verify(own.getPublicKey());
    assertThat(names(own))
        .containsExactly("mail.example", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(own.getSubjectX500Principal().getName()).isEqualTo("CN=mail.example");
    assertThat(own.getNotBefore()).isBefore(NOW);
    assertThat(own.getNotAfter()).isAfter(NOW.plus(Duration.ofDays(820)));
    assertThat(own.getBasicConstraints()).isEqualTo(-1);
    assertThat(own.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
  }

  @Test
  void hostNameTooLongForACommonNameIsStillAnAlternativeName() throws Exception {
    String host = "a".repeat(63) + ".example";
    X509Certificate own = Certificates.selfSigned(List.of(host), NOW).chain().getFirst();

    assertThat(names(own)).contains(host);
  }

  @Test
  void whatIsWrittenIsReadAgain() throws Exception {
    Path pem = directory.resolve("imapd.pem");
    Certificates written = selfSigned();

    written.writePem(pem);

    Certificates read = Certificates.read(pem);
    assertThat(read.chain()).isEqualTo(written.chain());
    assertThat(read.key().getEncoded()).isEqualTo(written.key().getEncoded());
    assertThat(read.isSelfSigned()).isTrue();
    assertThat(read.sslContext().getProtocol()).isEqualTo("TLS");
  }

  @Test
  void filesAreForTheOwnerAloneAndReplacedWhole() throws Exception {
    Path pem = directory.resolve("imapd.pem");
    Files.writeString(pem, "the old one");
    Files.setPosixFilePermissions(pem, PosixFilePermissions.fromString("rw-r--r--"));

    selfSigned().writePem(pem);

    assertThat(Files.getPosixFilePermissions(pem))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Files.readString(pem)).doesNotContain("old");
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(pem);
    }
  }

  @Test
  void pkcs12HoldsKeyAndChain() throws Exception {
    Path file = directory.resolve("console.p12");
    Certificates certificates = selfSigned();

    certificates.writePkcs12(file, "postrider".toCharArray());

    KeyStore store = KeyStore.getInstance(file.toFile(), "postrider".toCharArray());
    assertThat(store.getCertificateChain("postrider"))
        .containsExactlyElementsOf(certificates.chain());
    assertThat(store.getKey("postrider", "postrider".toCharArray())).isEqualTo(certificates.key());
  }

  @ParameterizedTest
  @CsvSource({
    "ec-chain-in-any-order.pem,    2, EC",
    "rsa-as-courier-writes-it.pem, 1, RSA",
    "ed25519.pem,                  1, EdDSA"
  })
  void readsWhatOpensslWrites(String name, int length, String algorithm) throws Exception {
    Certificates read = Certificates.read(resource(name));

    assertThat(read.key().getAlgorithm()).isEqualTo(algorithm);
    assertThat(read.chain()).hasSize(length);
    assertThat(read.chain().getFirst().getSubjectX500Principal().getName())
        .isEqualTo("CN=mail.example");
    assertThat(read.sslContext()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "key-of-another.pem, belongs to the private key",
    "encrypted-key.pem,  without a pass phrase"
  })
  void saysWhatIsWrongWithAFile(String name, String words) {
    assertThatThrownBy(() -> Certificates.read(resource(name)))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining(words)
        .hasMessageContaining(name);
  }

  @Test
  void saysWhatIsMissing() throws Exception {
    Path pem = directory.resolve("imapd.pem");
    Files.writeString(pem, "nothing to see\n");
    assertThatThrownBy(() -> Certificates.read(pem)).hasMessageContaining("no private key");

    selfSigned().writePem(pem);
    Files.writeString(pem, Files.readString(pem).replaceAll("(?s)^.*?(?=-----BEGIN PRIV)", ""));
    assertThatThrownBy(() -> Certificates.read(pem)).hasMessageContaining("no certificate");
  }

  @Test
  void damagedBlockIsAnErrorThatNamesTheFile() throws Exception {
    Path pem = directory.resolve("imapd.pem");
    selfSigned().writePem(pem);
    Files.writeString(
        pem,
        Files.readString(pem).replaceFirst("PRIVATE KEY-----\n....", "PRIVATE KEY-----\n????"));

    assertThatThrownBy(() -> Certificates.read(pem))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("imapd.pem");
  }

  private static List<Object> names(X509Certificate certificate) throws Exception {
    List<Object> names = new ArrayList<>();
    certificate.getSubjectAlternativeNames().forEach(name -> names.add(name.get(1)));
    return names;
  }

  private static Certificates selfSigned() throws Exception {
    return Certificates.selfSigned(List.of("mail.example", "localhost", "127.0.0.1", "::1"), NOW);
  }

  private static Path resource(String name) throws Exception {
    return Path.of(CertificatesTest.class.getResource("/certificates/" + name).toURI());
  }
}
