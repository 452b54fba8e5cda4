package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CramContextTest {

  @ParameterizedTest
  @CsvSource({
    "MD5, cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56",
    "SHA1, 091e0f4c6cb5277ee2beb639a60d0831b5c8adcdaee172433df3e96ba4f00fb1b6a490c3929d2034",
    "SHA256,"
        + " 5a84072aab37d22275b139adf7a92564c7f674be98e77d991f6f689d29e05245"
        + "72804f31b042016804d3dea2f4e991a21b1c8906be161594b202fb74afc8ceb3"
  })
  void theContextsOfSecretAreThoseThatCourierMakes(CramHash hash, String expected) {
    CramContext context = CramContext.of(hash, "secret".getBytes(UTF_8));

    assertThat(context.format()).isEqualTo(expected);
    assertThat(CramContext.parse(hash, expected).orElseThrow().format()).isEqualTo(expected);
  }

  @Test
  void theExampleOfRfc2195IsAnswered() {
    CramContext context = CramContext.of(CramHash.MD5, "tanstaaftanstaaf".getBytes(UTF_8));
    byte[] challenge = "<1896.697170952@postoffice.reston.mci.net>".getBytes(UTF_8);

    assertThat(HexFormat.of().formatHex(context.answer(challenge)))
        .isEqualTo("b913a602c7eda7a495b4e6e7334d3890");
    assertThat(context.fits(challenge, context.answer(challenge))).isTrue();
    assertThat(context.fits(challenge, new byte[16])).isFalse();
  }

  @Property
  void anAnswerIsTheHmacOfTheChallenge(
      @ForAll CramHash hash,
      @ForAll @Size(min = 1, max = 200) byte[] password,
      @ForAll @Size(max = 300) byte[] challenge)
      throws Exception {
    byte[] expected = hmac(hash, password, challenge);

    assertThat(CramContext.of(hash, password).answer(challenge)).isEqualTo(expected);
  }

  private static byte[] hmac(CramHash hash, byte[] key, byte[] message) throws Exception {
    Mac mac = mac(hash);
    mac.init(new SecretKeySpec(key, "RAW"));
    return mac.doFinal(message);
  }

  private static Mac mac(CramHash hash) throws NoSuchAlgorithmException {
    return Mac.getInstance("Hmac" + hash.algorithm().replace("-", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "MD5, ''",
    "MD5, 00",
    "SHA1, xx1e0f4c6cb5277ee2beb639a60d0831b5c8adcdaee172433df3e96ba4f00fb1b6a490c3929d2034"
  })
  void whatIsNoContextIsNone(CramHash hash, String text) {
    assertThat(CramContext.parse(hash, text)).isEmpty();
  }
}
