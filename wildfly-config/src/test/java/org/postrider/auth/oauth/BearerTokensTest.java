package org.postrider.auth.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.auth.TemporaryFailureException;

class BearerTokensTest {

  private static final String SETTINGS =
      "issuer=https://login.example.com\naudience=imap\nkeys=keys.json\n";
  private static final String CLAIMS =
      "{\"iss\":\"https://login.example.com\",\"aud\":[\"web\",\"imap\"],\"exp\":1000100,"
          + "\"nbf\":999900,\"email\":\"fred@example.com\",\"preferred_username\":\"fred\","
          + "\"scope\":\"openid imap\"}";
  private static final Clock NOW = Clock.fixed(Instant.ofEpochSecond(1_000_000), ZoneOffset.UTC);

  @TempDir Path home;

  private TestIssuer issuer;
  private BearerTokens tokens;

  @BeforeEach
  void open() throws Exception {
    Files.createDirectories(home.resolve("etc"));
    issuer = new TestIssuer();
    tokens = new BearerTokens(home, NOW);
    write("keys.json", TestIssuer.allKeys());
  }

  @AfterEach
  void close() {
    tokens.close();
    issuer.close();
  }

  private void write(String name, String text) throws Exception {
    Path file = home.resolve("etc").resolve(name);
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  private void settings(String text) throws Exception {
    write("oauth.properties", text);
  }

  private static String rsa(String claims) throws Exception {
    return TestIssuer.token("{\"alg\":\"RS256\",\"kid\":\"rsa\"}", claims, TestIssuer.RSA);
  }

  private void assertRefused(String token, String reason) {
    assertThatThrownBy(() -> tokens.account(token))
        .isInstanceOf(TokenException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void withoutSettingsNoTokenIsTaken() throws Exception {
    assertThat(tokens.isPossible()).isFalse();
    settings(SETTINGS);
    assertThat(tokens.isPossible()).isTrue();
  }

  @Test
  void everyAlgorithmIsChecked() throws Exception {
    settings(SETTINGS);
    assertThat(tokens.account(rsa(CLAIMS))).isEqualTo("fred@example.com");
    assertThat(tokens.account(TestIssuer.token("{\"alg\":\"PS256\"}", CLAIMS, TestIssuer.RSA)))
        .isEqualTo("fred@example.com");
    assertThat(
            tokens.account(
                TestIssuer.token("{\"alg\":\"ES256\",\"kid\":\"ec\"}", CLAIMS, TestIssuer.EC)))
        .isEqualTo("fred@example.com");
    assertThat(
            tokens.account(
                TestIssuer.token("{\"alg\":\"EdDSA\",\"kid\":\"ed\"}", CLAIMS, TestIssuer.EDWARDS)))
        .isEqualTo("fred@example.com");
  }

  @ParameterizedTest
  @CsvSource({
    "none, RSA",
    "HS256, RSA",
    "RS512, RSA",
    "'', RSA",
  })
  void noOtherAlgorithmIs(String algorithm, String key) throws Exception {
    settings(SETTINGS);
    assertRefused(
        TestIssuer.token("{\"alg\":\"" + algorithm + "\"}", CLAIMS, TestIssuer.RSA), "algorithm");
    String unsigned = rsa(CLAIMS);
    assertRefused(unsigned.substring(0, unsigned.lastIndexOf('.') + 1), "no signed token");
  }

  @Test
  void aKeyIsForItsOwnAlgorithm() throws Exception {
    settings(SETTINGS);
    assertRefused(
        TestIssuer.token("{\"alg\":\"ES256\",\"kid\":\"rsa\"}", CLAIMS, TestIssuer.RSA),
        "none of the issuer's keys");
    assertRefused(
        TestIssuer.token("{\"alg\":\"RS256\",\"kid\":\"ec\"}", CLAIMS, TestIssuer.RSA),
        "none of the issuer's keys");
  }

  @Test
  void theSettingsMayTakeFewerAlgorithms() throws Exception {
    settings(SETTINGS + "algorithms=ES256\n");
    assertRefused(rsa(CLAIMS), "algorithm");
  }

  @Test
  void aSignatureOfSomebodyElseIsRefused() throws Exception {
    settings(SETTINGS);
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair other = generator.generateKeyPair();
    assertRefused(
        TestIssuer.token("{\"alg\":\"RS256\",\"kid\":\"rsa\"}", CLAIMS, other),
        "none of the issuer's keys");
    String token = rsa(CLAIMS);
    String forged =
        token.substring(0, token.indexOf('.') + 1)
            + Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(CLAIMS.replace("fred", "anna").getBytes(UTF_8))
            + token.substring(token.lastIndexOf('.'));
    assertRefused(forged, "none of the issuer's keys");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"iss\":\"https://login.example.com\" | \"iss\":\"https://evil.example\" | another issuer",
        "\"iss\":\"https://login.example.com\" | \"x\":1 | another issuer",
        "[\"web\",\"imap\"] | \"web\" | another audience",
        "[\"web\",\"imap\"] | [] | another audience",
        "1000100 | 999940 | not valid any more",
        "1000100 | \"soon\" | does not say until when",
        "\"exp\":1000100, | '' | does not say until when",
        "999900 | 1000061 | not valid yet",
        "\"email\" | \"mail\" | no claim email",
        "\"email\" | \"email_verified\":false,\"email\" | not verified"
      })
  void claimsThatDoNotHoldAreRefused(String claim, String instead, String reason) throws Exception {
    settings(SETTINGS);
    assertThat(CLAIMS).contains(claim);
    assertRefused(rsa(CLAIMS.replace(claim, instead == null ? "" : instead)), reason);
  }

  @Test
  void clocksMayBeALittleWrong() throws Exception {
    settings(SETTINGS);
    assertThat(tokens.account(rsa(CLAIMS.replace("1000100", "999941"))))
        .isEqualTo("fred@example.com");
    assertThat(tokens.account(rsa(CLAIMS.replace("999900", "1000060"))))
        .isEqualTo("fred@example.com");
  }

  @Test
  void anotherClaimMayNameTheAccount() throws Exception {
    settings(SETTINGS + "account=preferred_username\nscope=imap openid\n");
    assertThat(tokens.account(rsa(CLAIMS))).isEqualTo("fred");
    assertThat(tokens.scope()).isEqualTo("imap openid");
    assertThatThrownBy(() -> tokens.account(rsa(CLAIMS.replace(" imap\"", " images\""))))
        .isInstanceOfSatisfying(
            TokenException.class,
            refused -> assertThat(refused.status()).isEqualTo("insufficient_scope"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b.c", "a.b", "a.b.c.d", "e30.e30.e30", "e30.e30.", " "})
  void whatIsNoTokenIsRefused(String token) throws Exception {
    settings(SETTINGS);
    assertThatThrownBy(() -> tokens.account(token)).isInstanceOf(TokenException.class);
  }

  @Test
  void extensionsThatMustBeUnderstoodAreNot() throws Exception {
    settings(SETTINGS);
    assertRefused(
        TestIssuer.token("{\"alg\":\"RS256\",\"crit\":[\"b64\"]}", CLAIMS, TestIssuer.RSA),
        "must be understood");
  }

  @Test
  void keysAreFetchedOnceAndAgainForANewOne() throws Exception {
    settings(SETTINGS.replace("keys.json", issuer.address("/keys")));
    issuer.keys = "{\"keys\":[" + TestIssuer.key("old", TestIssuer.EC, "") + "]}";
    String token = TestIssuer.token("{\"alg\":\"ES256\",\"kid\":\"old\"}", CLAIMS, TestIssuer.EC);

    assertThat(tokens.account(token)).isEqualTo("fred@example.com");
    assertThat(tokens.account(token)).isEqualTo("fred@example.com");
    assertThat(issuer.asked).hasValue(1);
    issuer.keys = TestIssuer.allKeys();
    assertRefused(rsa(CLAIMS), "none of the issuer's keys");
    assertThat(issuer.asked).as("not twice in 30 seconds").hasValue(1);
  }

  @Test
  void keysThatAreNotToBeHadAreATemporaryFailure() throws Exception {
    settings(SETTINGS.replace("keys.json", issuer.address("/keys")));
    issuer.status = 503;
    assertThatThrownBy(() -> tokens.account(rsa(CLAIMS)))
        .isInstanceOf(TemporaryFailureException.class);
    write("keys.json", "{}");
    settings(SETTINGS);
    assertThatThrownBy(() -> tokens.account(rsa(CLAIMS)))
        .isInstanceOf(TemporaryFailureException.class);
  }

  @Test
  void anAnswerWithoutEndIsCut() throws Exception {
    settings(SETTINGS.replace("keys.json", issuer.address("/keys")));
    issuer.keys = " ".repeat(300_000) + TestIssuer.allKeys();
    assertThatThrownBy(() -> tokens.account(rsa(CLAIMS)))
        .isInstanceOf(TemporaryFailureException.class);
  }

  @Test
  void theIssuerMayBeAsked() throws Exception {
    settings(
        "introspection="
            + issuer.address("/introspect")
            + "\nclient=imap server\nclient-secret=s:x\naccount=username\n");
    assertRefused("opaque", "not active");
    issuer.introspected = "{\"active\":true,\"username\":\"fred\",\"exp\":1000030}";
    assertThat(tokens.account("opaque")).isEqualTo("fred");
    assertThat(tokens.account("opaque")).isEqualTo("fred");
    assertThat(issuer.asked).hasValue(2);
    assertThat(issuer.lastForm).isEqualTo("token=opaque&token_type_hint=access_token");
    assertThat(issuer.lastAuthorization)
        .isEqualTo(
            "Basic " + Base64.getEncoder().encodeToString("imap+server:s%3Ax".getBytes(UTF_8)));
    issuer.introspected = "{\"active\":true,\"username\":\"fred\",\"exp\":999000}";
    assertRefused("another", "not valid any more");
    issuer.introspected = "no JSON";
    assertThatThrownBy(() -> tokens.account("third")).isInstanceOf(TemporaryFailureException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'issuer=a\naudience=b\n', either keys or introspection",
    "'keys=k.json\naudience=b\n', issuer is not set",
    "'keys=k.json\nissuer=b\n', audience is not set",
    "'issuer=a\naudience=b\nkeys=http://example.com/keys\n', begins with https://",
    "'issuer=a\naudience=b\nkeys=k\nalgorithms=HS256\n', algorithms has HS256",
    "'issuer=a\naudience=b\nkeys=k\nskew-seconds=9999\n', skew-seconds is 9999",
    "'issuer=a\naudience=b\nkeys=k\naudiences=c\n', there is no setting audiences",
    "'introspection=https://a/b\n', client is not set"
  })
  void settingsThatCannotBeAreTold(String text, String reason) throws Exception {
    settings(text);
    assertThat(tokens.isPossible()).isFalse();
    assertThatThrownBy(() -> OAuthSettings.read(home.resolve("etc/oauth.properties")))
        .hasMessageContaining(reason);
  }

  @Test
  void aSecretIsForNobodyElse() throws Exception {
    settings("introspection=https://a/b\nclient=c\nclient-secret=s\n");
    Path file = home.resolve("etc/oauth.properties");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> OAuthSettings.read(file)).hasMessageContaining("chmod 600");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(OAuthSettings.read(file)).hasToString("OAuthSettings[]");
  }

  /** RFC 7515 appendix A.3. */
  @Test
  void theExampleOfRfc7515IsVerified() throws Exception {
    List<TokenKey> keys =
        TokenKey.parse(
            "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
                + "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}");
    SignedToken token =
        SignedToken.parse(
            "eyJhbGciOiJFUzI1NiJ9"
                + ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
                + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
                + ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSA"
                + "pmWQxfKTUJqPP3-Kg6NU1Q");
    assertThat(token.isSignedBy(keys)).isTrue();
    assertThat(token.claims().string("iss")).contains("joe");
  }

  /** RFC 8037 appendix A.4. */
  @Test
  void theExampleOfRfc8037IsVerified() throws Exception {
    List<TokenKey> keys =
        TokenKey.parse(
            "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}");
    assertThat(
            SignatureAlgorithm.EDDSA.verifies(
                keys.getFirst().key(),
                "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc".getBytes(UTF_8),
                Base64.getUrlDecoder()
                    .decode(
                        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g"
                            + "7sVvpAr_MuM0KAg")))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQAB\",\"y\":\"AQAB\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-521\",\"x\":\"AQAB\",\"y\":\"AQAB\"}",
        "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        "{\"kty\":\"oct\",\"k\":\"AQAB\"}",
        "{\"kty\":\"RSA\"}"
      })
  void keysThatProveNothingAreLeftOut(String key) throws Exception {
    assertThat(TokenKey.parse("{\"keys\":[" + key + "]}")).isEmpty();
  }
}
