package org.postrider.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MailboxPatternTest {

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.strings().withChars('a', 'b', '.', '*', '%').ofMaxLength(9);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().withChars('a', 'b', '.').ofMaxLength(9);
  }

  /** RFC 3501 section 6.3.8, word by word. */
  private static boolean matches(String pattern, String name) {
    if (pattern.isEmpty()) {
      return name.isEmpty();
    }
    char first = pattern.charAt(0);
    if (first == '*' || first == '%') {
      for (int taken = 0; taken <= name.length(); taken++) {
        if (matches(pattern.substring(1), name.substring(taken))) {
          return true;
        }
        if (taken < name.length() && first == '%' && name.charAt(taken) == '.') {
          return false;
        }
      }
      return false;
    }
    return !name.isEmpty()
        && name.charAt(0) == first
        && matches(pattern.substring(1), name.substring(1));
  }

  @Property(tries = 5000)
  void itMatchesAsTheRfcSays(@ForAll("patterns") String pattern, @ForAll("names") String name) {
    assertThat(MailboxPattern.of("", pattern).matches(name)).isEqualTo(matches(pattern, name));
  }

  @FuzzTest
  void fuzzedPatternsMatchAsTheRfcSays(FuzzedDataProvider data) {
    String pattern = data.consumeAsciiString(10);
    String name = data.consumeAsciiString(12);
    String folded = MailboxName.foldInbox(pattern);
    assertThat(MailboxPattern.of("", pattern).matches(name)).isEqualTo(matches(folded, name));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "'', *, INBOX.a.b, true",
        "'', %, INBOX, true",
        "'', %, INBOX.a, false",
        "'', INBOX.%, INBOX.a, true",
        "'', INBOX.%, INBOX.a.b, false",
        "'', inbox, INBOX, true",
        "'', inbox.*, INBOX.a, true",
        "'', inboxes, INBOXes, false",
        "INBOX., %, INBOX.a, true",
        "INBOX, %, INBOX.a, true",
        "INBOX, .%, INBOX.a, true",
        "INBOX., %.b, INBOX.a.b, true",
        "INBOX.a, *, INBOX.a.b.c, true",
        "INBOX.a, *, INBOX.ab, false",
        "'', '', '', true",
      })
  void referenceAndPatternAreJoined(
      String reference, String pattern, String name, boolean matches) {
    assertThat(MailboxPattern.of(reference, pattern).matches(name)).isEqualTo(matches);
  }

  @Test
  void manyWildcardsCostNoMoreThanTheirNumber() {
    String pattern = "*a".repeat(2000) + "b";
    String name = "a".repeat(260);
    Assertions.assertTimeout(
        Duration.ofSeconds(10),
        () -> assertThat(MailboxPattern.of("", pattern).matches(name)).isFalse());
  }
}
