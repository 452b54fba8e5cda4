package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScramSecretTest {

  private static final Base64.Decoder BASE64 = Base64.getDecoder();

  /** RFC 5802 section 5: everything from the name to the client's last message. */
  private static final byte[] SHA1_MESSAGE =
      ("n=user,r=fyko+d2lbbFgONRv9qkxdawL,"
              + "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096,"
              + "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j")
          .getBytes(UTF_8);

  /** RFC 7677 section 3. */
  private static final byte[] SHA256_MESSAGE =
      ("n=user,r=rOprNGfwEbeRWgbNEkqO,"
              + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
              + "s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
              + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
          .getBytes(UTF_8);

  private static ScramSecret ofPencil(ScramHash hash, String salt) {
    return ScramSecret.of(hash, "pencil".toCharArray(), BASE64.decode(salt), 4096);
  }

  @Test
  void theExampleOfRfc5802IsProvedBothWays() {
    ScramSecret secret = ofPencil(ScramHash.SHA1, "QSXCR+Q6sek8bf92");

    assertThat(secret.fits(SHA1_MESSAGE, BASE64.decode("v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="))).isTrue();
    assertThat(secret.serverSignature(SHA1_MESSAGE))
        .isEqualTo(BASE64.decode("rmF9pqV8S7suAoZWja4dJRkFsKQ="));
  }

  @Test
  void theExampleOfRfc7677IsProvedBothWays() {
    ScramSecret secret = ofPencil(ScramHash.SHA256, "W22ZaJ0SNY7soEsUEjb6gQ==");

    assertThat(
            secret.fits(
                SHA256_MESSAGE, BASE64.decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=")))
        .isTrue();
    assertThat(secret.serverSignature(SHA256_MESSAGE))
        .isEqualTo(BASE64.decode("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
  }

  @Test
  void isWrittenAsOtherServersWriteIt() {
    // What PostgreSQL keeps of this password with this salt.
    assertThat(ofPencil(ScramHash.SHA256, "W22ZaJ0SNY7soEsUEjb6gQ==").format())
        .isEqualTo(
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"
                + "WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
                + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
  }

  @Test
  void aWrongProofFitsNot() {
    ScramSecret secret = ofPencil(ScramHash.SHA1, "QSXCR+Q6sek8bf92");

    assertThat(secret.fits(SHA1_MESSAGE, new byte[20])).isFalse();
    assertThat(secret.fits(SHA1_MESSAGE, new byte[0])).isFalse();
    assertThat(secret.fits(SHA1_MESSAGE, new byte[40])).isFalse();
    assertThat(secret.fits(SHA256_MESSAGE, BASE64.decode("v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=")))
        .isFalse();
  }

  @Test
  void saysNothingOfItsKeys() {
    assertThat(ScramSecret.of(ScramHash.SHA256, "pencil".toCharArray()))
        .hasToString("ScramSecret[SCRAM-SHA-256, 4096]");
  }

  @Property(tries = 20)
  void whatIsWrittenIsReadAgain(@ForAll ScramHash hash, @ForAll("passwords") String password) {
    ScramSecret secret = ScramSecret.of(hash, password.toCharArray());

    assertThat(ScramSecret.parse(secret.format()).orElseThrow().format())
        .isEqualTo(secret.format())
        .doesNotContain("|");
  }

  @Provide
  Arbitrary<String> passwords() {
    return Arbitraries.strings().withCharRange('\1', '\ud7ff').ofMaxLength(100);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "secret",
        "SCRAM-SHA-512$4096:QSXCR+Q6sek8bf92$QSXC:QSXC",
        "SCRAM-SHA-1$0:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE=",
        "SCRAM-SHA-1$99999999:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE=",
        "SCRAM-SHA-1$4096:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y=:D+CS",
        "SCRAM-SHA-1$4096:QSXCR+Q6sek8bf92$6dlG=YMOdZcOPutkcNY8U2g7vK9Y=:D+CSWLOshSulAsxiupA+qs2/fTE=",
        "SCRAM-SHA-1$4096:QSXCR+Q6sek8bf92$6dlGYMOdZcOPutkcNY8U2g7vK9Y="
      })
  void whatIsNoSecretIsNotRead(String text) {
    assertThat(ScramSecret.parse(text)).isEmpty();
  }
}
