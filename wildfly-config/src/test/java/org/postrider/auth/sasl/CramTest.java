package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.auth.CramContext;
import org.postrider.auth.CramHash;

class CramTest {

  @TempDir Path home;

  private Site site;

  @BeforeEach
  void open() throws Exception {
    site = Site.in(home);
  }

  private static String response(CramHash hash, String name, String password, String challenge) {
    byte[] digest =
        CramContext.of(hash, password.getBytes(UTF_8)).answer(challenge.getBytes(UTF_8));
    return name + " " + HexFormat.of().formatHex(digest);
  }

  private SaslStep run(CramHash hash, String name, String password) throws Exception {
    SaslExchange exchange = site.open(hash.mechanism(), Site.exposed());
    String challenge = Site.challenge(exchange.begin(Optional.empty()));
    SaslStep step = Site.answer(exchange, response(hash, name, password, challenge));
    assertThat(exchange.name()).isEqualTo(name);
    return step;
  }

  @ParameterizedTest
  @EnumSource
  void theRightAnswerIsAccepted(CramHash hash) throws Exception {
    assertThat(Site.accepted(run(hash, "user", "pencil"))).isEqualTo("user");
    assertThat(run(hash, "user", "Pencil")).isInstanceOf(SaslStep.Refused.class);
    assertThat(run(hash, "nobody", "pencil")).isInstanceOf(SaslStep.Refused.class);
    assertThat(run(hash, "hashed", "pencil")).isInstanceOf(SaslStep.Refused.class);
  }

  @Test
  void theChallengeIsCouriersAndNewEachTime() throws Exception {
    String challenge = Site.challenge(site.open("CRAM-MD5").begin(Optional.empty()));

    assertThat(challenge).matches("<[0-9A-F]{32}@mail\\.example\\.com>");
    assertThat(challenge)
        .isNotEqualTo(Site.challenge(site.open("CRAM-MD5").begin(Optional.empty())));
  }

  @Test
  void theServerBegins() throws Exception {
    assertThat(Site.begin(site.open("CRAM-MD5"), "")).isInstanceOf(SaslStep.Challenge.class);
    assertThat(Site.begin(site.open("CRAM-MD5"), "user x")).isInstanceOf(SaslStep.Malformed.class);
  }

  @Test
  void theDigestIsInEitherCaseBehindTheLastSpace() throws Exception {
    SaslExchange exchange = site.open("CRAM-SHA1");
    String challenge = Site.challenge(exchange.begin(Optional.empty()));
    String response = response(CramHash.SHA1, "USER", "pencil", challenge);

    assertThat(
            Site.accepted(
                Site.answer(exchange, "user" + response.substring(4).toUpperCase(Locale.ROOT))))
        .isEqualTo("user");
    assertThat(run(CramHash.SHA1, "Ann Lee", "pencil")).isInstanceOf(SaslStep.Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "user",
        "user ",
        "user b913a602c7eda7a495b4e6e7334d389",
        "user b913a602c7eda7a495b4e6e7334d38900",
        "user x913a602c7eda7a495b4e6e7334d3890"
      })
  void whatIsNoAnswerIsMalformed(String response) throws Exception {
    SaslExchange exchange = site.open("CRAM-MD5");
    exchange.begin(Optional.empty());

    assertThat(Site.answer(exchange, response)).isInstanceOf(SaslStep.Malformed.class);
  }

  @Test
  void isAnnouncedWhereItIsWanted() {
    assertThat(site.mechanisms().announced(Site.exposed("CRAM-MD5", "CRAM-SHA256", "PLAIN")))
        .containsExactly("CRAM-SHA256", "CRAM-MD5");
    assertThat(site.mechanisms().announced(Site.peer())).isEmpty();
  }

  @Test
  void isAnnouncedWhereAModuleMayHaveSecrets() throws Exception {
    Site.write(home.resolve("etc/authdaemonrc"), "authmodulelist=\"authpwd authpam\"\n");
    SaslPeer peer = Site.exposed("CRAM-MD5", "SCRAM-SHA-256");

    assertThat(site.mechanisms().announced(peer)).isEmpty();
    Site.write(home.resolve("etc/authdaemonrc"), "authmodulelist=\"authpam authuserdb\"\n");
    assertThat(site.mechanisms().announced(peer)).containsExactly("SCRAM-SHA-256", "CRAM-MD5");
  }
}
