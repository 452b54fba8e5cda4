package org.postrider.auth.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.auth.TemporaryFailureException;

/** PLAIN and LOGIN. */
class PasswordMechanismsTest {

  @TempDir Path home;

  private Site site;

  @BeforeEach
  void open() throws Exception {
    site = Site.in(home);
  }

  private SaslStep plain(String message) throws Exception {
    return Site.begin(site.open("PLAIN"), message);
  }

  @Test
  void plainIsOneMessage() throws Exception {
    assertThat(Site.accepted(plain("\0user\0pencil"))).isEqualTo("user");
  }

  @Test
  void plainAsksWhereNothingCame() throws Exception {
    SaslExchange exchange = site.open("PLAIN");

    assertThat(Site.challenge(exchange.begin(Optional.empty()))).isEmpty();
    assertThat(Site.accepted(Site.answer(exchange, "user\0user\0pencil"))).isEqualTo("user");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0user\0Pencil", "\0user\0", "\0nobody\0pencil", "\0\0pencil"})
  void refusesEverythingElseAlike(String message) throws Exception {
    assertThat(plain(message))
        .isInstanceOfSatisfying(
            SaslStep.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(SaslStep.Reason.CREDENTIALS);
              assertThat(refused.last()).isEmpty();
            });
  }

  @Test
  void nobodyActsForAnother() throws Exception {
    assertThat(plain("hashed\0user\0pencil"))
        .isInstanceOfSatisfying(
            SaslStep.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(SaslStep.Reason.AUTHORIZATION));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "user", "user\0pencil", "\0user\0pencil\0", "\0\0\0\0"})
  void whatIsNotPlainIsMalformed(String message) throws Exception {
    assertThat(plain(message)).isInstanceOf(SaslStep.Malformed.class);
  }

  @Test
  void textIsUtf8() throws Exception {
    byte[] latin1 = "\0user\0\u00E4".getBytes(StandardCharsets.ISO_8859_1);

    assertThat(site.open("PLAIN").answer(latin1)).isInstanceOf(SaslStep.Malformed.class);
    assertThat(site.open("LOGIN").answer(new byte[] {(byte) 0xC3}))
        .isInstanceOf(SaslStep.Malformed.class);
  }

  @Test
  void loginAsksForNameAndPassword() throws Exception {
    SaslExchange exchange = site.open("LOGIN");

    assertThat(Site.challenge(exchange.begin(Optional.empty()))).isEqualTo("Username:");
    assertThat(Site.challenge(Site.answer(exchange, "user"))).isEqualTo("Password:");
    assertThat(exchange.name()).isEqualTo("user");
    assertThat(Site.accepted(Site.answer(exchange, "pencil"))).isEqualTo("user");
  }

  @Test
  void loginTakesTheNameAtOnce() throws Exception {
    SaslExchange exchange = site.open("LOGIN");

    assertThat(Site.challenge(Site.begin(exchange, "user"))).isEqualTo("Password:");
    assertThat(Site.answer(exchange, "wrong")).isInstanceOf(SaslStep.Refused.class);
  }

  @Test
  void passwordsAreNotTakenWhereTheyCanBeReadAlong() {
    assertThatThrownBy(() -> site.open("PLAIN", Site.exposed()))
        .isInstanceOf(PrivacyRequiredException.class);
    assertThatThrownBy(() -> site.open("LOGIN", Site.exposed()))
        .isInstanceOf(PrivacyRequiredException.class);
    assertThat(site.mechanisms().announced(Site.exposed("PLAIN", "LOGIN"))).isEmpty();
  }

  @Test
  void aNameWithoutDomainGetsTheDefaultOne() throws Exception {
    SaslPeer peer = Site.withDomain(new DefaultDomain("@example.com", ""));
    SaslExchange exchange = site.open("PLAIN", peer);

    assertThat(Site.accepted(Site.begin(exchange, "user@example.com\0user\0pencil")))
        .isEqualTo("user@example.com");
    assertThat(exchange.name()).as("as it was typed").isEqualTo("user");
    assertThat(Site.begin(site.open("PLAIN", peer), "\0user@example.org\0pencil"))
        .isInstanceOf(SaslStep.Refused.class);
  }

  @Test
  void anySeparatorMakesADomain() {
    DefaultDomain domain = new DefaultDomain("@example.com", "%+@");

    assertThat(domain.complete("user")).isEqualTo("user@example.com");
    assertThat(domain.complete("user%example.org")).isEqualTo("user%example.org");
    assertThat(domain.complete("user+x")).isEqualTo("user+x");
    assertThat(domain.complete("")).isEmpty();
    assertThat(DefaultDomain.NONE.complete("user")).isEqualTo("user");
  }

  @Test
  void whatCannotBeToldIsNoRefusal() throws Exception {
    Site.write(home.resolve("etc/authdaemonrc"), "authmodulelist=\"authnothing\"\n");

    assertThatThrownBy(() -> plain("\0user\0pencil")).isInstanceOf(TemporaryFailureException.class);
  }

  @Test
  void thereIsNoOtherMechanism() throws Exception {
    assertThat(site.mechanisms().open("NTLM", Site.peer())).isEmpty();
  }
}
