package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientCertificatesTest {

  @TempDir Path directory;

  private Certificates one;
  private Certificates two;

  @BeforeEach
  void make() throws Exception {
    one = Certificates.selfSigned(List.of("one.example.com"), Instant.now());
    two = Certificates.selfSigned(List.of("two.example.com"), Instant.now());
    one.writePem(directory.resolve("one.pem"));
    two.writePem(directory.resolve("two.pem"));
  }

  private static X509TrustManager trust(String authorities) throws Exception {
    return (X509TrustManager) ClientCertificates.of("PEER", authorities).trust()[0];
  }

  @Test
  void authoritiesAreInAFile() throws Exception {
    assertThat(trust(directory.resolve("one.pem").toString()).getAcceptedIssuers())
        .containsExactly(one.chain().getFirst());
  }

  @Test
  void authoritiesAreInADirectory() throws Exception {
    assertThat(trust(directory.toString()).getAcceptedIssuers())
        .containsExactlyInAnyOrder(one.chain().getFirst(), two.chain().getFirst());
  }

  @Test
  void whoAsksNobodyTrustsAsJavaDoes() throws Exception {
    ClientCertificates none = ClientCertificates.of("none", directory.toString());
    SSLParameters parameters = new SSLParameters();
    none.demandOf(parameters);

    assertThat(none).isEqualTo(ClientCertificates.NONE);
    assertThat(none.trust()).isNull();
    assertThat(parameters.getWantClientAuth()).isFalse();
    assertThat(parameters.getNeedClientAuth()).isFalse();
  }

  @Test
  void clientsAreAskedOrCompelled() {
    SSLParameters asked = new SSLParameters();
    ClientCertificates.of("PEER", "x").demandOf(asked);
    SSLParameters compelled = new SSLParameters();
    ClientCertificates.of("REQUIREPEER", "x").demandOf(compelled);

    assertThat(asked.getWantClientAuth()).isTrue();
    assertThat(compelled.getNeedClientAuth()).isTrue();
  }

  @Test
  void authoritiesThatAreNoneAreTold() throws Exception {
    Path empty = Files.writeString(directory.resolve("empty"), "nothing\n");

    assertThatThrownBy(() -> trust(empty.toString()))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("has no certificate");
    assertThatThrownBy(() -> trust(directory.resolve("missing").toString()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aServerThatCannotTellWhomToTrustDoesNotStart() {
    ClientCertificates missing =
        ClientCertificates.of("PEER", directory.resolve("missing").toString());

    assertThatThrownBy(() -> new ServerCertificate(directory.resolve("one.pem"), missing))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing");
  }
}
