package org.postrider.tool.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.ScramSecret;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;

class PasswordToolsTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"", "-md5", "-sha512", "-bcrypt"})
  void whatUserdbpwMakesSignsIn(String option) {
    Ended ended =
        option.isEmpty()
            ? CourierTools.ours("secret\n", "userdbpw")
            : CourierTools.ours("secret\n", "userdbpw", option);

    String hash = ended.out().strip();
    assertThat(ended).isEqualTo(new Ended(0, hash + "\n", ""));
    assertThat(PasswordHash.verify(hash, "secret".toCharArray())).isTrue();
    assertThat(PasswordHash.verify(hash, "Secret".toCharArray())).isFalse();
    assertThat(CourierTools.ours("secret\n", "userdbpw", "-md5").out()).isNotEqualTo(ended.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-md5"})
  void whatCouriersMakesIsOfTheSameForm(String option) throws Exception {
    String[] command =
        option.isEmpty() ? new String[] {"userdbpw"} : new String[] {"userdbpw", option};

    String theirs = CourierTools.couriers(directory, "secret\n", command).out();
    String ours = CourierTools.ours("secret\n", command).out();

    assertThat(ours.replaceAll("[./0-9A-Za-z]", "x"))
        .isEqualTo(theirs.replaceAll("[./0-9A-Za-z]", "x"));
    assertThat(PasswordHash.verify(theirs.strip(), "secret".toCharArray())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-foo", "-md5x", "md5", "-hmac-sha512", "-md5 extra"})
  void wrongArgumentsOfUserdbpwAreToldInCouriersWords(String arguments) throws Exception {
    String[] command = ("userdbpw " + arguments).split(" ");

    Ended theirs = CourierTools.couriers(directory, "secret\n", command);

    assertThat(CourierTools.ours("secret\n", command))
        .isEqualTo(new Ended(theirs.exit(), "", theirs.err().replace("/usr/sbin/", "")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-hmac-md5", "-hmac-sha1", "-hmac-sha256"})
  void contextsAreCouriersToTheLetter(String option) throws Exception {
    for (String password : List.of("secret", "gr\u00FC\u00DFe", "k".repeat(64), "l".repeat(65))) {
      assertThat(CourierTools.ours(password + "\n", "userdbpw", option))
          .isEqualTo(CourierTools.couriers(directory, password + "\n", "userdbpw", option));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-scram-sha-1", "-scram-sha-256"})
  void secretsOfScramAreInTheFormOfRfc5803(String option) {
    String line = CourierTools.ours("secret\n", "userdbpw", option).out().strip();

    ScramSecret secret = ScramSecret.parse(line).orElseThrow();
    assertThat(
            ScramSecret.of(
                    secret.hash(), "secret".toCharArray(), secret.salt(), secret.iterations())
                .format())
        .isEqualTo(line)
        .startsWith(option.substring(1).toUpperCase(Locale.ROOT) + "$4096:");
    assertThat(CourierTools.ours("secret\n", "userdbpw", option).out()).isNotEqualTo(line + "\n");
  }

  @Test
  void scramTakesOnlyUtf8() {
    assertThat(
            CourierTools.ours(Map.of(), new byte[] {(byte) 0xFC, '\n'}, "userdbpw", "-scram-sha-1"))
        .isEqualTo(new Ended(1, "", "userdbpw: For SCRAM a password must be UTF-8.\n"));
  }

  @Test
  void withoutALineThereIsNoPassword() throws Exception {
    assertThat(CourierTools.ours("", "userdbpw"))
        .isEqualTo(CourierTools.couriers(directory, "", "userdbpw"));
    assertThat(CourierTools.ours("", "authpasswd"))
        .isEqualTo(CourierTools.couriers(directory, "", "authpasswd"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "513"})
  void aPasswordThatNobodyCouldSignInWithIsRefused(String length) {
    String password = length.isEmpty() ? "nul\0inside" : "a".repeat(Integer.parseInt(length));

    Ended ended = CourierTools.ours(password + "\n", "userdbpw", "-md5");

    assertThat(ended.exit()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).isEqualTo("userdbpw: A password has 1 to 512 octets and no NUL.\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"md5", "MD5", "md5raw", "sha", "sha256", "sha512"})
  void kindsWithoutSaltAreCouriersToTheLetter(String type) throws Exception {
    assertThat(CourierTools.ours("secret\n", "authpasswd", type))
        .isEqualTo(CourierTools.couriers(directory, "secret\n", "authpasswd", type));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ssha", "crypt", "anything"})
  void everyOtherKindIsSsha(String type) throws Exception {
    Ended ours = CourierTools.ours("secret\n", "authpasswd", type);
    Ended theirs = CourierTools.couriers(directory, "secret\n", "authpasswd", type);

    assertThat(ours.out()).startsWith("{SSHA}").hasSameSizeAs(theirs.out());
    assertThat(PasswordHash.verify(ours.out().strip(), "secret".toCharArray())).isTrue();
  }
}
