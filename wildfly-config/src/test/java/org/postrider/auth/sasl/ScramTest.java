package org.postrider.auth.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.auth.ScramHash;
import org.postrider.auth.ScramSecret;

class ScramTest {

  private static final byte[] UNBOUND = {};

  @TempDir Path home;

  private Site site;

  @BeforeEach
  void open() throws Exception {
    site = Site.in(home);
  }

  private static String last(SaslStep step) {
    return new String(
        step instanceof SaslStep.Refused refused
            ? refused.last()
            : ((SaslStep.Accepted) step).last(),
        UTF_8);
  }

  private SaslStep run(String mechanism, ScramClient client) throws Exception {
    SaslExchange exchange = site.open(mechanism, Site.exposed());
    String serverFirst = Site.challenge(Site.begin(exchange, client.first()));
    SaslStep step = Site.answer(exchange, client.last(serverFirst, UNBOUND));
    if (step instanceof SaslStep.Accepted) {
      assertThat(last(step)).isEqualTo(client.expected(serverFirst, UNBOUND));
    }
    return step;
  }

  private void keep(ScramHash hash, String salt) throws Exception {
    ScramSecret secret =
        ScramSecret.of(hash, "pencil".toCharArray(), Base64.getDecoder().decode(salt), 4096);
    Site.write(
        home.resolve("etc/userdb"),
        "user\tuid=1|gid=1|home=/u|" + hash.field() + "pw=" + secret.format() + "\n");
  }

  @Test
  void theExampleOfRfc5802() throws Exception {
    keep(ScramHash.SHA1, "QSXCR+Q6sek8bf92");
    SaslExchange exchange =
        Scram.withNonce(ScramHash.SHA1, site.mechanisms(), Site.peer(), "3rfcNHYJY1ZVvWVs7j");

    assertThat(Site.challenge(Site.begin(exchange, "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL")))
        .isEqualTo("r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096");
    assertThat(
            last(
                Site.answer(
                    exchange,
                    "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,"
                        + "p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")))
        .isEqualTo("v=rmF9pqV8S7suAoZWja4dJRkFsKQ=");
  }

  @Test
  void theExampleOfRfc7677() throws Exception {
    keep(ScramHash.SHA256, "W22ZaJ0SNY7soEsUEjb6gQ==");
    SaslExchange exchange =
        Scram.withNonce(
            ScramHash.SHA256, site.mechanisms(), Site.peer(), "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");

    assertThat(Site.challenge(Site.begin(exchange, "n,,n=user,r=rOprNGfwEbeRWgbNEkqO")))
        .isEqualTo(
            "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    assertThat(
            last(
                Site.answer(
                    exchange,
                    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
                        + "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")))
        .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
  }

  @ParameterizedTest
  @CsvSource({"SCRAM-SHA-1, SHA1", "SCRAM-SHA-256, SHA256"})
  void bothSidesProveThemselves(String mechanism, String hash) throws Exception {
    ScramClient client = new ScramClient(hash, "n,,", "user", "pencil", "abc");

    assertThat(Site.accepted(run(mechanism, client))).isEqualTo("user");
  }

  @ParameterizedTest
  @CsvSource({"user, Pencil", "nobody, pencil", "hashed, pencil"})
  void aWrongPasswordAndAnUnknownNameReadTheSame(String name, String password) throws Exception {
    SaslStep step = run("SCRAM-SHA-256", new ScramClient("SHA256", "n,,", name, password, "abc"));

    assertThat(step).isInstanceOf(SaslStep.Refused.class);
    assertThat(last(step)).isEqualTo("e=invalid-proof");
  }

  @Test
  void anUnknownNameHasASaltThatStays() throws Exception {
    ScramClient client = new ScramClient("SHA256", "n,,", "nobody", "pencil", "abc");
    String first = Site.challenge(Site.begin(site.open("SCRAM-SHA-256"), client.first()));
    Site restarted = new Site(home, new SaslMechanisms(home, site.mechanisms().chain()));
    String again = Site.challenge(Site.begin(restarted.open("SCRAM-SHA-256"), client.first()));
    ScramClient other = new ScramClient("SHA256", "n,,", "nobody2", "pencil", "abc");
    String another = Site.challenge(Site.begin(site.open("SCRAM-SHA-256"), other.first()));

    assertThat(ScramClient.attributes(first).get("s"))
        .isEqualTo(ScramClient.attributes(again).get("s"))
        .isNotEqualTo(ScramClient.attributes(another).get("s"))
        .hasSize(24);
    assertThat(ScramClient.attributes(first).get("r"))
        .startsWith("abc")
        .isNotEqualTo(ScramClient.attributes(again).get("r"));
  }

  @Test
  void anAuthorizationIdentityIsTheNameOrNothing() throws Exception {
    assertThat(run("SCRAM-SHA-1", new ScramClient("SHA1", "n,a=user,", "user", "pencil", "abc")))
        .isInstanceOf(SaslStep.Accepted.class);
    assertThat(run("SCRAM-SHA-1", new ScramClient("SHA1", "n,a=ann,", "user", "pencil", "abc")))
        .isInstanceOfSatisfying(
            SaslStep.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(SaslStep.Reason.AUTHORIZATION));
  }

  @Test
  void theNonceIsOfThisExchange() throws Exception {
    ScramClient client = new ScramClient("SHA1", "n,,", "user", "pencil", "abc");
    String other = Site.challenge(Site.begin(site.open("SCRAM-SHA-1"), client.first()));
    SaslExchange exchange = site.open("SCRAM-SHA-1");
    Site.begin(exchange, client.first());

    assertThat(last(Site.answer(exchange, client.last(other, UNBOUND)))).isEqualTo("e=other-error");
  }

  @Test
  void theHeaderIsRepeated() throws Exception {
    SaslExchange exchange = site.open("SCRAM-SHA-1");
    ScramClient sent = new ScramClient("SHA1", "y,,", "user", "pencil", "abc");
    ScramClient meant = new ScramClient("SHA1", "n,,", "user", "pencil", "abc");
    String serverFirst = Site.challenge(Site.begin(exchange, sent.first()));

    assertThat(last(Site.answer(exchange, meant.last(serverFirst, UNBOUND))))
        .isEqualTo("e=channel-bindings-dont-match");
  }

  @Test
  void aChannelIsNotBoundWithoutPlus() throws Exception {
    assertThat(last(Site.begin(site.open("SCRAM-SHA-1"), "p=tls-server-end-point,,n=user,r=fyko")))
        .isEqualTo("e=other-error");
    assertThat(site.mechanisms().open("SCRAM-SHA-1-PLUS", Site.peer())).isEmpty();
  }

  @Test
  void namesAreSpelledAndPrepared() throws Exception {
    SaslExchange exchange = site.open("SCRAM-SHA-1");
    Site.begin(exchange, "n,,n=a=2Cb=3D\u2168,r=x");
    assertThat(exchange.name()).isEqualTo("a,b=IX");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "n",
        "n,",
        "n,,",
        "n,,n=user",
        "n,,n=,r=abc",
        "n,,r=abc,n=user",
        "n,,n=us=er,r=abc",
        "n,,n=user,r=",
        "n,,n=user,r=a b",
        "n,,m=x,n=user,r=abc",
        "n,,n=user,r=abc,m=x",
        "n,,n=user,r=abc,",
        "n,x=user,n=user,r=abc",
        "x,,n=user,r=abc",
        "p=,,n=user,r=abc",
        "p=tls unique,,n=user,r=abc"
      })
  void whatIsNoFirstMessageIsMalformed(String message) throws Exception {
    assertThat(Site.begin(site.open("SCRAM-SHA-1"), message))
        .isInstanceOf(SaslStep.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c=biws",
        "c=biws,r=x",
        "c=biws,r=x,p=!",
        "c=!,r=x,p=AAAA",
        "r=x,c=biws,p=AAAA",
        "c=biws,r=x,p=AAAA,z=1",
        "c=biws,r=x,m=1,p=AAAA"
      })
  void whatIsNoLastMessageIsMalformed(String message) throws Exception {
    SaslExchange exchange = site.open("SCRAM-SHA-1");
    Site.begin(exchange, "n,,n=user,r=abc,x=extension");

    assertThat(Site.answer(exchange, message)).isInstanceOf(SaslStep.Malformed.class);
  }

  @Test
  void theClientBegins() throws Exception {
    assertThat(Site.challenge(site.open("SCRAM-SHA-1").begin(Optional.empty()))).isEmpty();
  }
}
