package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.MessageDigest;
import javax.net.ssl.ExtendedSSLSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.auth.sasl.TlsPair.Identity;

/** What a TLS connection proves: SCRAM's -PLUS forms, and EXTERNAL. */
class OverTlsTest {

  @TempDir Path home;

  private Site site;
  private Identity authority;
  private Identity server;

  @BeforeEach
  void open() throws Exception {
    site = Site.in(home);
    authority = Identity.authority();
    server = authority.issue("CN=mail.example.com", null, 100);
  }

  private TlsPair shake(Identity client, String protocol) throws Exception {
    return TlsPair.shake(authority, server, client, protocol);
  }

  private TlsPair shake(String subject, String mail) throws Exception {
    return shake(authority.issue(subject, mail, 100), "TLSv1.3");
  }

  private SaslStep run(String mechanism, SaslPeer peer, ScramClient client, byte[] binding)
      throws Exception {
    SaslExchange exchange = site.open(mechanism, peer);
    SaslStep step = Site.begin(exchange, client.first());
    return step instanceof SaslStep.Challenge
        ? Site.answer(exchange, client.last(Site.challenge(step), binding))
        : step;
  }

  private static ScramClient client(String hash, String header) {
    return new ScramClient(hash, header, "user", "pencil", "abc");
  }

  @ParameterizedTest
  @CsvSource({
    "SCRAM-SHA-256-PLUS, SHA256, TLSv1.3",
    "SCRAM-SHA-1-PLUS, SHA1, TLSv1.3",
    "SCRAM-SHA-256-PLUS, SHA256, TLSv1.2"
  })
  void bindsToTheExporter(String mechanism, String hash, String protocol) throws Exception {
    try (TlsPair pair = shake(authority.issue("CN=x", null, 1), protocol)) {
      byte[] exported =
          ((ExtendedSSLSession) pair.clientSession())
              .exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
      SaslPeer peer = Site.overTls(pair.serverSession(), "");
      ScramClient client = client(hash, "p=tls-exporter,,");

      assertThat(Site.accepted(run(mechanism, peer, client, exported))).isEqualTo("user");
      exported[0]++;
      assertThat(((SaslStep.Refused) run(mechanism, peer, client, exported)).last())
          .isEqualTo("e=channel-bindings-dont-match".getBytes(UTF_8));
    }
  }

  @Test
  void bindsToTheServersCertificate() throws Exception {
    try (TlsPair pair = shake("CN=x", null)) {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(server.certificate().getEncoded());
      SaslPeer peer = Site.overTls(pair.serverSession(), "");
      ScramClient client = client("SHA256", "p=tls-server-end-point,,");

      assertThat(Site.accepted(run("SCRAM-SHA-256-PLUS", peer, client, hash))).isEqualTo("user");
      assertThat(run("SCRAM-SHA-256-PLUS", peer, client, new byte[32]))
          .isInstanceOf(SaslStep.Refused.class);
    }
  }

  @Test
  void aBindingThatIsNotKnownIsRefused() throws Exception {
    try (TlsPair pair = shake("CN=x", null)) {
      SaslPeer peer = Site.overTls(pair.serverSession(), "");

      assertThat(
              ((SaslStep.Refused)
                      run("SCRAM-SHA-1-PLUS", peer, client("SHA1", "p=tls-unique,,"), new byte[12]))
                  .last())
          .isEqualTo("e=unsupported-channel-binding-type".getBytes(UTF_8));
      assertThat(
              ((SaslStep.Refused) run("SCRAM-SHA-1-PLUS", peer, client("SHA1", "n,,"), new byte[0]))
                  .last())
          .isEqualTo("e=channel-binding-not-supported".getBytes(UTF_8));
    }
  }

  @Test
  void whoWasToldOfPlusAndThinksOtherwiseIsBeingDeceived() throws Exception {
    try (TlsPair pair = shake("CN=x", null)) {
      SaslPeer told = Site.overTls(pair.serverSession(), "", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1");
      SaslPeer notTold = Site.overTls(pair.serverSession(), "", "SCRAM-SHA-1");
      ScramClient client = client("SHA1", "y,,");

      assertThat(site.mechanisms().announced(told))
          .containsExactly("SCRAM-SHA-1-PLUS", "SCRAM-SHA-1");
      assertThat(((SaslStep.Refused) run("SCRAM-SHA-1", told, client, new byte[0])).last())
          .isEqualTo("e=server-does-support-channel-binding".getBytes(UTF_8));
      assertThat(run("SCRAM-SHA-1", notTold, client, new byte[0]))
          .isInstanceOf(SaslStep.Accepted.class);
    }
  }

  private SaslStep external(TlsPair pair, String field, String response) throws Exception {
    return Site.begin(site.open("EXTERNAL", Site.overTls(pair.serverSession(), field)), response);
  }

  @ParameterizedTest
  @ValueSource(strings = {"emailaddress", "emailAddress", "email", "E"})
  void theCertificateSaysWhoItIs(String field) throws Exception {
    try (TlsPair pair = shake("CN=Fred,E=user@example.com", null)) {
      assertThat(Site.accepted(external(pair, field, ""))).isEqualTo("user@example.com");
      assertThat(Site.accepted(external(pair, field, "user@example.com")))
          .isEqualTo("user@example.com");
      assertThat(external(pair, field, "user"))
          .isInstanceOfSatisfying(
              SaslStep.Refused.class,
              refused -> assertThat(refused.reason()).isEqualTo(SaslStep.Reason.AUTHORIZATION));
    }
  }

  @ParameterizedTest
  @CsvSource({"CN, 'CN=user'", "commonName, 'CN=user,O=Example'", "uid, 'UID=user,CN=Fred'"})
  void anyPartOfTheSubjectServes(String field, String subject) throws Exception {
    try (TlsPair pair = shake(subject, "somebody@example.org")) {
      assertThat(Site.accepted(external(pair, field, ""))).isEqualTo("user");
    }
  }

  @Test
  void anAlternativeNameServesAsMailAddress() throws Exception {
    try (TlsPair pair = shake("CN=Fred", "user@example.com")) {
      SaslPeer peer = Site.overTls(pair.serverSession(), "emailaddress", "EXTERNAL", "PLAIN");

      assertThat(site.mechanisms().announced(peer)).containsExactly("EXTERNAL", "PLAIN");
      assertThat(Site.accepted(external(pair, "emailaddress", ""))).isEqualTo("user@example.com");
    }
  }

  @ParameterizedTest
  @CsvSource({"CN, 'O=Example'", "CN, 'CN=user,CN=hashed'", "'', 'CN=user'", "SN, 'CN=user'"})
  void withoutOneClearNameThereIsNoExternal(String field, String subject) throws Exception {
    try (TlsPair pair = shake(subject, null)) {
      SaslPeer peer = Site.overTls(pair.serverSession(), field, "EXTERNAL");

      assertThat(site.mechanisms().announced(peer)).isEmpty();
      assertThat(site.mechanisms().open("EXTERNAL", peer)).isEmpty();
    }
  }

  @Test
  void aNameWithoutAccountIsRefused() throws Exception {
    try (TlsPair pair = shake("CN=nobody", null)) {
      assertThat(external(pair, "cn", "")).isInstanceOf(SaslStep.Refused.class);
    }
  }

  @Test
  void withoutCertificateThereIsNoExternal() throws Exception {
    // A client does not show what the server's authorities have not signed.
    Identity stranger = Identity.authority("CN=Elsewhere").issue("CN=user", null, 10);
    try (TlsPair pair = TlsPair.shake(authority, server, stranger, "TLSv1.3")) {
      SaslPeer peer = Site.overTls(pair.serverSession(), "cn", "EXTERNAL");
      assertThat(site.mechanisms().announced(peer)).isEmpty();
    }
  }
}
