package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordHashTest {

  /** As courier-authlib 0.71.4 accepts and makes them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{MD5}Xr4ilOzQ4PCOq3aQ0qbuaQ==",
        "{MD5RAW}5ebe2294ecd0e0f08eab7690d2a6ee69",
        "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
        "{SHA256}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=",
        "{SSHA}kLTUxCXAks50cTljBY6MKEQ1FDFpW8pA",
        "abNANd1rDfiNc",
        "QfWeAj6HQmIy2",
        "{CRYPT}abNANd1rDfiNc",
      })
  void acceptsWhatCourierMakes(String stored) {
    assertThat(PasswordHash.verify(stored, "secret".toCharArray())).isTrue();
    assertThat(PasswordHash.verify(stored, "Secret".toCharArray())).isFalse();
    assertThat(PasswordHash.verify(stored, "secre".toCharArray())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"secret", "{PLAIN}secret", "{CLEAR}secret", "{CLEARTEXT}secret", "{}secret"})
  void clearTextIsNoStoredPassword(String stored) {
    assertThat(PasswordHash.verify(stored, "secret".toCharArray())).isFalse();
    assertThat(PasswordHash.defect(stored)).isPresent();
  }

  /** Made by libxcrypt 4.4 and OpenSSL 3.0. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "secret $1$saltsalt$9xy1btjgzLYfb7hivXtC//",
        "secret $5$saltstring$C3o4O1TC6aRHF4FI.QSZMXtHbaj2gSXr4sUc/3NcUi.",
        "secret $5$rounds=10000$saltstringsaltst$nRVJUfBu7b60x4u50TScFun8GLsggmlJvebgklaft49",
        "secret"
            + " $6$saltstring$AIsRs/Ee56G/tC8MEHhvReZTfx8u3rXXMl6eYrjCG9ibix19DxoMBLogdTET5Ukw9Sf7eZTITsuk0Ry5qulYz.",
        "secret"
            + " $6$rounds=1000$roundstoolow$MeVKYy05sBtwGM.4HIUVk8vIjgUjXpV/ChMGL89KNa8RRMfB0rp0ws3ty/zRJWlLgOA0UIXn1/MRF91HJw7.V1",
        "secret $2b$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
        "secret $2a$04$....................../dCAsp4PpJoDgv6BeaLP6BKrXlBV1oi",
        "secret $2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
        "secret abNANd1rDfiNc",
        "pässwörd€ $1$saltsalt$5IcLPxa8BhI7obA7Ueerw1",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            + " $1$saltsalt$AomvFEJYtItwDZI8JetzY0",
        "ÿþ $1$saltsalt$5v0SnZMzGFVYYQzykUnbE1",
        "pässwörd€ $5$saltstring$ENKeXLJyiYNDCaJsj5U86/Q2h.Dc9nlyviRn6t.0kyD",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            + " $5$saltstring$Oa4FAe3j12NEBjTMwR61FXUth0v2z1HlRVgHK3bteq/",
        "ÿþ $5$saltstring$rO1dGoJQDK6xOh2JwwbA03EqOchIlqGwJjDlkDDbzZ.",
        "pässwörd€"
            + " $6$saltstring$PkXHWm5phY/nuG6Nj7ZfLmEl02xs8W48iMlBxPZcW575N10F57lsVC7uyCPCKKHZIDyOCSIWJhjp9uA3L43ub0",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            + " $6$saltstring$MTEOJx1zhJ5109YzqYzCaFk55JWZM1QJeKTBu63saMo0UwwWLpCB56lyhLVgvClgMHXn3tBaHXoSTCac4QqUv0",
        "ÿþ $6$saltstring$Yxxvfxg.cOPrTEkdWWRpyVvbra3r89c8EXWHzl7OPMFSsmvm6q0ZZx9WTjiiLfOlCLu0YKW9RNQHd8Wu1rejQ/",
        "pässwörd€ $2b$05$abcdefghijklmnopqrstuufb0xBZesbzLgkcQv6N0hvKkXeOJ1uSy",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            + " $2b$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q",
        "ÿþ $2b$05$abcdefghijklmnopqrstuuv5CY4jm8fEfIbg13k9sdCjzXTmahCvu",
        "pässwörd€ $2a$04$......................deYh76EPxIJv88AtChkkuC.X8AvFanm",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            + " $2a$04$......................SZFhVdUK5wGKY4lx/QrgUMHG0XsWjbi",
        "ÿþ $2a$04$......................504jZj.ZPNgIZuhfN6SB7bdJzx1QxFm",
        "pässwörd€ $2y$05$abcdefghijklmnopqrstuufb0xBZesbzLgkcQv6N0hvKkXeOJ1uSy",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            + " $2y$05$abcdefghijklmnopqrstuujf8SX2ahXLwp9w/B.Y5XdysS6yR576q",
        "ÿþ $2y$05$abcdefghijklmnopqrstuuv5CY4jm8fEfIbg13k9sdCjzXTmahCvu",
        "pässwörd€ abzp3RXJm5gNA",
        "ÿþ ab51hN3BBl/AU",
        "correct-horse $1$abcdefgh$0R51htEHYeaUpjuspI6w91",
        "correct-horse $5$s$6/S2cIyJQomgiOAeiicRs002DJ3NqnFR5rLK0562xW/",
        "correct-horse"
            + " $6$abcdefghijklmnop$nmNyAaH/6gBRHJoLPwH1/AtpW5kLUN.F9idLxlyXJao/QMkkQWfPO87.ci./j.XYEWTw7OiynLl88jj3T2bDX1",
      })
  void acceptsWhatOtherProgramsMake(String password, String stored) {
    assertThat(PasswordHash.defect(stored)).isEmpty();
    assertThat(PasswordHash.verify(stored, password.toCharArray())).isTrue();
    assertThat(PasswordHash.verify("{crypt}" + stored, password.toCharArray())).isTrue();
    assertThat(PasswordHash.verify(stored, ("y" + password).toCharArray())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{SSHA}uJDd0BIdJ9Z7yDCZNWdgYeb33+cBAgME",
        "{SSHA}tCNGqyJLk/uvKpCa4vga5GB2gWoxMjM0NTY3OA==",
        "{SSHA256}pBFKVQdg8aaZi2INYzmnxxLtStvyMgIOC7TahNLLqCIBAgME",
        "{SSHA512}MKbQg3rPvz03V+1S0+/jlDdn0B0IiGGxl7kZMimdo1IHHWN6DtzxJMCchsX5U1lrRY7apW/oopOgERexYda1nAECAwQ=",
        "{SHA512}vSsar3708Jvp9Szi2NWZZ02Bqp1qRCFpbcTZPdBhnWgs5WtNZKnvCXdhztmeD2cmW192CF5bDufKRpayrW/isg==",
      })
  void acceptsDigestsAndTheirKindInEitherCase(String stored) {
    int end = stored.indexOf('}');
    String small = stored.substring(0, end).toLowerCase(Locale.ROOT) + stored.substring(end);
    assertThat(PasswordHash.verify(stored, "secret".toCharArray())).isTrue();
    assertThat(PasswordHash.verify(small, "secret".toCharArray())).isTrue();
    assertThat(PasswordHash.verify(stored, "secret ".toCharArray())).isFalse();
  }

  @Test
  void desReadsEightCharactersOfThePassword() {
    assertThat(PasswordHash.verify("abzDJoqKYZJww", "xxxxxxxx".toCharArray())).isTrue();
    assertThat(PasswordHash.verify("abzDJoqKYZJww", "xxxxxxxxy".toCharArray())).isTrue();
    assertThat(PasswordHash.verify("abzDJoqKYZJww", "xxxxxxx".toCharArray())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$6$rounds=1000001$salt$" + SHA512_TAIL,
        "$6$rounds=999999999$salt$" + SHA512_TAIL,
        "$6$rounds=9999999999$salt$" + SHA512_TAIL,
        "$6$rounds=10$salt$" + SHA512_TAIL,
        "$2b$16$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
        "$2b$31$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
        "$2b$03$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a",
      })
  void refusesHashesThatAskForAbsurdWork(String stored) {
    assertThat(PasswordHash.defect(stored))
        .hasValueSatisfying(
            reason -> assertThat(reason).contains("are allowed").doesNotContain("salt$"));
    assertThat(PasswordHash.verify(stored, "secret".toCharArray())).isFalse();
  }

  static final String SHA512_TAIL =
      "AIsRs/Ee56G/tC8MEHhvReZTfx8u3rXXMl6eYrjCG9ibix19DxoMBLogdTET5Ukw9Sf7eZTITsuk0Ry5qulYz.";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "!",
        "x",
        "!!",
        "$",
        "$$",
        "$1$",
        "$1$$",
        "$6$salt$short",
        "$y$j9T$abcdefgh$IUWJt2doU4Kf6E",
        "{SHA}",
        "{SHA}!!!!",
        "{SSHA}",
        "{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
        "{MD5RAW}zz",
        "{CRYPT}",
        "{CRYPT}{SHA}x",
        "$apr1$abc$51YrpNiEtKAQp4coykJmu."
      })
  void saysThatAStoredPasswordCannotBeUsed(String stored) {
    assertThat(PasswordHash.defect(stored)).isPresent();
    assertThat(PasswordHash.verify(stored, "secret".toCharArray())).isFalse();
  }

  @Test
  void refusesThePasswordsThatAreNone() {
    String emptyDigest = "{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk="; // of no octets at all
    assertThat(PasswordHash.verify(emptyDigest, new char[0])).isFalse();
    String secret = "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=";
    assertThat(PasswordHash.verify(secret, "secret\0".toCharArray())).isFalse();
    assertThat(PasswordHash.verify("abNANd1rDfiNc", "secret\0x".toCharArray())).isFalse();
    assertThat(PasswordHash.verify(secret, "\ud800".toCharArray())).isFalse();
    assertThat(PasswordHash.verify(secret, "x".repeat(100_000).toCharArray())).isFalse();
    assertThat(PasswordHash.verify(secret, "€".repeat(200).toCharArray())).isFalse();
  }

  @Test
  void leavesTheCallersPasswordAsItIs() {
    char[] password = "secret".toCharArray();
    PasswordHash.verify("$1$saltsalt$9xy1btjgzLYfb7hivXtC//", password);
    assertThat(PasswordHash.create(password)).startsWith("$6$");
    assertThat(password).containsExactly("secret".toCharArray());
  }

  @Test
  void nobodyHasNoPassword() {
    assertThat(PasswordHash.defect(PasswordHash.NOBODY)).isEmpty();
    assertThat(PasswordHash.verify(PasswordHash.NOBODY, "secret".toCharArray())).isFalse();
  }

  @Test
  void saysWhyItMakesNoHash() {
    assertThatThrownBy(() -> PasswordHash.create(new char[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 to 512 octets");
    assertThatThrownBy(() -> PasswordHash.create("a\0b".toCharArray())).hasMessageContaining("NUL");
  }

  @Property(tries = 10)
  void verifiesWhatItMadeAndNothingElse(
      @ForAll("passwords") String password, @ForAll("passwords") String other) {
    String made = PasswordHash.create(password.toCharArray());
    assertThat(made).matches("\\$6\\$[./0-9A-Za-z]{16}\\$[./0-9A-Za-z]{86}");
    assertThat(PasswordHash.verify(made, password.toCharArray())).isTrue();
    assertThat(PasswordHash.verify(made, other.toCharArray())).isEqualTo(password.equals(other));
    assertThat(PasswordHash.create(password.toCharArray())).isNotEqualTo(made);
  }

  @Provide
  Arbitrary<String> passwords() {
    return Arbitraries.strings()
        .ofMinLength(1)
        .ofMaxLength(40)
        .all()
        .excludeChars('\0')
        .filter(
            text ->
                text.chars().noneMatch(character -> character >= 0xD800 && character <= 0xDFFF));
  }

  @Property
  void rejectsGarbageQuietly(@ForAll("nearlyHashes") String stored, @ForAll String password) {
    PasswordHash.defect(stored);
    assertThat(PasswordHash.verify(stored, password.toCharArray())).isFalse();
  }

  @Provide
  Arbitrary<String> nearlyHashes() {
    Arbitrary<String> prefix =
        Arbitraries.of(
            "",
            "$1$",
            "$5$",
            "$6$",
            "$6$rounds=",
            "$6$rounds=5000$",
            "$2b$05$",
            "$2y$",
            "{SHA}",
            "{SSHA}",
            "{md5}",
            "{MD5RAW}",
            "{CRYPT}",
            "{CRYPT}$1$",
            "{",
            "ab");
    Arbitrary<String> rest =
        Arbitraries.strings()
            .withCharRange('.', '9')
            .alpha()
            .withChars('$', '=', '{', '}', '+')
            .ofMaxLength(100);
    return prefix.flatMap(start -> rest.map(end -> start + end));
  }

  @FuzzTest
  void anyStoredPasswordGetsAnAnswer(FuzzedDataProvider data) {
    String stored = data.consumeString(200);
    boolean defective = PasswordHash.defect(stored).isPresent();
    boolean accepted = PasswordHash.verify(stored, data.consumeRemainingAsString().toCharArray());
    assertThat(defective && accepted).isFalse();
  }

  /** Made by libxcrypt 4.4.33. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "secret $y$j75$abcdefgh$uMUXG79B2cFpoAYyDccUnsaH/aGTyBYMlnQidzyag01",
        "secret $y$j9T$abcdefghABCDEFGH$ElNVLi6DUnbClY3nU7ui/UB9vhCqk6V6RLXanVtHYA3",
        "grüße $y$j75$abcdefgh$qI8oywYZF2yaTa4XOPI825Sse8iZLpd11ZPOFlva3oA",
      })
  void yescryptIsCheckedByTheSystemsLibrary(String password, String stored) {
    assertThat(PasswordHash.defect(stored)).isEmpty();
    assertThat(PasswordHash.verify(stored, password.toCharArray())).isTrue();
    assertThat(PasswordHash.verify(stored, "Secret".toCharArray())).isFalse();
  }

  /** Made by the crypt(3) of Debian 12, whose every kind Courier takes. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "$gy$j75$abcdefgh$L1znn2YTJ3AjCH6S3VobYacQJftJ82Zt2AH1bB9y/98",
        "$7$4U..../....abcdefgh$HQaQwp7cESTO5YIRR9y93Fl1ID5GGyDTp.B0KskDag/",
        "_J9..abcdKLJfqMnvMpw",
        "$sha1$1000$abcdefgh$gUmhj2AhsKFblYOii4ZZi2edrOyH",
        "$md5$abcdefgh$$xA/JHtsZ1Xsna7D8wABq8.",
        "$md5,rounds=10$abcdefgh$$/9IwT9m3NX6vEtAjMEzSX.",
        "$3$$c8a10455f0ecd6d20468abd5503862ce",
        "abhv/ZnAzL36kf1JKIpQiJZU",
        "$1$$ahKJMcm9bqZvDAL8Tl/0S/",
        "$5$$/F23yYC8KxDe1GE2LAkjKAQxFwRdVyhxtoHtG0rBO3/",
        "$6$$PTK1C9J8Rbsl1bfFACQPDwUsGDbwg7swg.N.Q1YjoiYXUNF1rnLSGZ8dT/4QMRMJLUtBmOn0f1Y1Nkle8wmir.",
        "{CRYPT}_J9..abcdKLJfqMnvMpw"
      })
  void otherKindsOfTheSystemsLibraryAreCheckedByIt(String stored) {
    assertThat(PasswordHash.defect(stored)).isEmpty();
    assertThat(PasswordHash.verify(stored, "secret12345".toCharArray())).isTrue();
    assertThat(PasswordHash.verify(stored, "Secret12345".toCharArray())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$7$HU..../....abcdefgh$uMUXG79B2cFpoAYyDccUnsaH/aGTyBYMlnQidzyag01",
        "$7$CU....zzzzzabcdefgh$uMUXG79B2cFpoAYyDccUnsaH/aGTyBYMlnQidzyag01",
        "$7$zzzzzzzzzzzabcdefgh$uMUXG79B2cFpoAYyDccUnsaH/aGTyBYMlnQidzyag01",
        "_zzzzabcdKLJfqMnvMpw",
        "$sha1$1048577$abcdefgh$gUmhj2AhsKFblYOii4ZZi2edrOyH",
        "$md5,rounds=9999999999$abcdefgh$$/9IwT9m3NX6vEtAjMEzSX."
      })
  void whatCostsTooMuchIsRefusedByEachKind(String stored) {
    assertThat(PasswordHash.defect(stored))
        .hasValueSatisfying(defect -> assertThat(defect).contains("asks for"));
    assertThat(PasswordHash.verify(stored, "secret12345".toCharArray())).isFalse();
  }

  @Test
  void yescryptThatAsksForMuchMemoryIsRefused() {
    String digest = "uMUXG79B2cFpoAYyDccUnsaH/aGTyBYMlnQidzyag01";
    assertThat(PasswordHash.defect("$y$jCT$abcdefgh$" + digest)).isEmpty();
    assertThat(PasswordHash.defect("$y$jDT$abcdefgh$" + digest))
        .hasValueSatisfying(defect -> assertThat(defect).contains("more than 128 MiB"));
    assertThat(PasswordHash.defect("$y$jzz$abcdefgh$" + digest)).isPresent();
  }
}
