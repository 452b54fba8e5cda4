package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.auth.oauth.TestIssuer;

class OAuthBearerTest {

  /** RFC 7628 section 4.1. */
  private static final String EXAMPLE =
      "n,a=user@example.com,\1host=server.example.com\1port=143\1"
          + "auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\1\1";

  @TempDir Path home;

  private Site site() throws Exception {
    Site site = Site.in(home);
    Site.write(home.resolve("etc/keys.json"), TestIssuer.allKeys());
    Site.write(
        home.resolve("etc/oauth.properties"),
        "issuer=https://login.example.com\naudience=imap\nkeys=keys.json\nscope=imap\n"
            + "discovery=https://login.example.com/.well-known/openid-configuration\n");
    return site;
  }

  private static String token(String email) throws Exception {
    return TestIssuer.token(
        "{\"alg\":\"RS256\",\"kid\":\"rsa\"}",
        "{\"iss\":\"https://login.example.com\",\"aud\":\"imap\",\"scope\":\"imap\",\"exp\":"
            + Instant.now().plusSeconds(60).getEpochSecond()
            + ",\"email\":\""
            + email
            + "\"}",
        TestIssuer.RSA);
  }

  private static String last(SaslStep step) {
    return new String(((SaslStep.Refused) step).last(), UTF_8);
  }

  @Test
  void theExampleOfRfc7628IsRead() {
    OAuthMessage message = OAuthMessage.ofBearer(EXAMPLE.getBytes(UTF_8)).orElseThrow();

    assertThat(message.authorization()).isEqualTo("user@example.com");
    assertThat(message.token()).isEqualTo("vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==");
    assertThat(message).hasToString("OAuthMessage[user@example.com]");
  }

  @Test
  void aTokenSignsIn() throws Exception {
    Site site = site();
    String token = token("user@example.com");

    assertThat(
            Site.accepted(
                Site.begin(
                    site.open("OAUTHBEARER"),
                    "n,a=user@example.com,\1auth=Bearer " + token + "\1\1")))
        .isEqualTo("user@example.com");
    assertThat(
            Site.accepted(
                Site.begin(site.open("OAUTHBEARER"), "n,,\1auth=bearer " + token + "\1\1")))
        .isEqualTo("user@example.com");
    assertThat(
            Site.accepted(
                Site.begin(
                    site.open("XOAUTH2"), "user=user@example.com\1auth=Bearer " + token + "\1\1")))
        .isEqualTo("user@example.com");
  }

  @Test
  void aTokenOfSomebodyElseDoesNot() throws Exception {
    SaslExchange exchange = site().open("XOAUTH2");
    SaslStep step =
        Site.begin(exchange, "user=hashed\1auth=Bearer " + token("user@example.com") + "\1\1");

    assertThat(step)
        .isInstanceOfSatisfying(
            SaslStep.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(SaslStep.Reason.AUTHORIZATION));
    assertThat(exchange.name()).isEqualTo("hashed");
  }

  @Test
  void aTokenWithoutAccountDoesNot() throws Exception {
    assertThat(
            Site.begin(
                site().open("OAUTHBEARER"),
                "n,,\1auth=Bearer " + token("nobody@example.com") + "\1\1"))
        .isInstanceOfSatisfying(
            SaslStep.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(SaslStep.Reason.TOKEN));
  }

  @Test
  void aRefusalTellsWhereToGetABetterOne() throws Exception {
    Site site = site();

    assertThat(last(Site.begin(site.open("OAUTHBEARER"), EXAMPLE)))
        .isEqualTo(
            "{\"status\":\"invalid_token\",\"schemes\":\"bearer\",\"scope\":\"imap\","
                + "\"openid-configuration\":"
                + "\"https://login.example.com/.well-known/openid-configuration\"}");
    assertThat(last(Site.begin(site.open("XOAUTH2"), "user=user\1auth=Bearer x\1\1")))
        .isEqualTo("{\"status\":\"400\",\"schemes\":\"bearer\",\"scope\":\"imap\"}");
  }

  @Test
  void tokensAreNotTakenWhereTheyCanBeReadAlong() throws Exception {
    Site site = site();

    assertThatThrownBy(() -> site.open("XOAUTH2", Site.exposed()))
        .isInstanceOf(PrivacyRequiredException.class);
    assertThat(site.mechanisms().announced(Site.exposed("OAUTHBEARER"))).isEmpty();
  }

  @Test
  void withoutIssuerThereIsNoSuchMechanism() throws Exception {
    assertThat(Site.in(home).mechanisms().open("OAUTHBEARER", Site.peer())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n,,",
        "n,,\1",
        "n,,\1\1",
        "n,,\1auth=Bearer x\1",
        "n,,\1auth=Basic x\1\1",
        "n,,\1auth=Bearer \1\1",
        "n,,\1auth=Bearer a b\1\1",
        "n,,\1auth=Bearer x\1auth=Bearer y\1\1",
        "n,,\1auth\1\1",
        "p=tls-exporter,,\1auth=Bearer x\1\1",
        "x,,\1auth=Bearer x\1\1",
        "n,b=user,\1auth=Bearer x\1\1",
        "auth=Bearer x\1\1"
      })
  void whatIsNoMessageIsMalformed(String message) throws Exception {
    Site site = site();
    assertThat(Site.begin(site.open("OAUTHBEARER"), message))
        .isInstanceOf(SaslStep.Malformed.class);
    assertThat(Site.begin(site.open("XOAUTH2"), message)).isInstanceOf(SaslStep.Malformed.class);
  }

  @Test
  void theClientBegins() throws Exception {
    assertThat(Site.challenge(site().open("OAUTHBEARER").begin(Optional.empty()))).isEmpty();
  }

  @FuzzTest
  void anyOctetsAreAMessageOrNot(byte[] message) {
    OAuthMessage.ofBearer(message).ifPresent(read -> assertThat(read.token()).isNotEmpty());
    OAuthMessage.ofXoauth2(message).ifPresent(read -> assertThat(read.token()).isNotEmpty());
  }

  @Property
  void anyTextAfterABeginningIsAMessageOrNot(@ForAll String text) {
    anyOctetsAreAMessageOrNot(("n,," + text + "\1\1").getBytes(UTF_8));
    anyOctetsAreAMessageOrNot(("n,,\1auth=Bearer " + text + "\1\1").getBytes(UTF_8));
    anyOctetsAreAMessageOrNot(("user=" + text + "\1auth=Bearer x\1\1").getBytes(UTF_8));
  }
}
