package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SaslPrepTest {

  /** RFC 4013 section 3. */
  @Test
  void theExamplesOfRfc4013ComeOutAsTheyShould() {
    assertThat(SaslPrep.prepare("I\u00ADX")).contains("IX");
    assertThat(SaslPrep.prepare("user")).contains("user");
    assertThat(SaslPrep.prepare("USER")).contains("USER");
    assertThat(SaslPrep.prepare("\u00AA")).contains("a");
    assertThat(SaslPrep.prepare("\u2168")).contains("IX");
    assertThat(SaslPrep.prepare("\u0007")).isEmpty();
    assertThat(SaslPrep.prepare("\u0627\u0031")).isEmpty();
  }

  @Test
  void spacesOfAllScriptsAreOne() {
    assertThat(SaslPrep.prepare("a\u00A0b\u3000c\u200Bd")).contains("a b c d");
  }

  @Test
  void bothWaysToTypeAnUmlautAreOne() {
    assertThat(SaslPrep.octets("M\u00FCnchen".toCharArray()))
        .isEqualTo(SaslPrep.octets("Mu\u0308nchen".toCharArray()));
  }

  @Test
  void rightToLeftIsTakenWhereItIsAlone() {
    assertThat(SaslPrep.prepare("\u05D0\u05D1")).contains("\u05D0\u05D1");
    assertThat(SaslPrep.prepare("\u05D01\u05D1")).contains("\u05D01\u05D1");
    assertThat(SaslPrep.prepare("\u05D0a\u05D1")).isEmpty();
  }

  @Test
  void aPasswordThatIsRefusedStaysAsItIs() {
    String control = "a\u0007\u00E4";
    assertThat(SaslPrep.octets(control.toCharArray())).isEqualTo(control.getBytes(UTF_8));
    assertThat(SaslPrep.octets(new char[0])).isEmpty();
  }

  @Test
  void privateAndImpossibleCharactersAreRefused() {
    assertThat(SaslPrep.prepare("\uE000")).isEmpty();
    assertThat(SaslPrep.prepare("\uFFFE")).isEmpty();
    assertThat(SaslPrep.prepare("\uD800x")).isEmpty();
    assertThat(SaslPrep.prepare("\u202E")).isEmpty();
    assertThat(SaslPrep.prepare(new String(Character.toChars(0xE0041)))).isEmpty();
  }
}
