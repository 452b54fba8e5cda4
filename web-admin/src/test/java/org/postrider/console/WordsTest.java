package org.postrider.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.MessageFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  private static final Clock NOON =
      Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);

  private final Words english = new Words(Locale.ENGLISH, NOON);
  private final Words german = new Words(Locale.GERMAN, NOON);

  @ParameterizedTest
  @CsvSource({
    "-5, 0 s",
    "0, 0 s",
    "59, 59 s",
    "60, 1 min",
    "3599, 59 min",
    "3600, 1 h 0 min",
    "7500, 2 h 5 min",
    "86400, 1 d 0 h",
    "356400, 4 d 3 h",
  })
  void aSpanHasItsTwoLargestUnits(long seconds, String text) {
    assertThat(english.span(seconds)).isEqualTo(text);
  }

  @Test
  void numbersAreGroupedAsTheReaderIsUsedTo() {
    assertThat(english.number(1_234_567)).isEqualTo("1,234,567");
    assertThat(german.number(1_234_567)).isEqualTo("1.234.567");
  }

  @Test
  void oneAndManyHaveTheirOwnWords() {
    assertThat(english.with("figure.days", 1)).isEqualTo("1 day");
    assertThat(english.with("figure.days", 90)).isEqualTo("90 days");
    assertThat(german.with("figure.days", 1)).isEqualTo("1 Tag");
    assertThat(english.with("figure.days", -40)).isEqualTo("ended");
  }

  @Test
  void daysUntilAPastMomentAreNegative() {
    assertThat(english.daysUntil(NOON.instant().plus(Duration.ofHours(47)))).isEqualTo(1);
    assertThat(english.daysUntil(NOON.instant().minusSeconds(1))).isEqualTo(-1);
  }

  @Test
  void aTimeNamesItsZone() {
    Words berlin = new Words(Locale.ENGLISH, NOON.withZone(ZoneId.of("Europe/Berlin")));
    assertThat(berlin.time(NOON.instant())).isEqualTo("13:00:00 CET");
  }

  @Test
  void aStateWithoutWordsIsShownAsItIs() {
    assertThat(english.named("state", "signed in")).isEqualTo("signed in");
    assertThat(german.named("state", "signed in")).isEqualTo("angemeldet");
    assertThat(german.named("state", "brand new")).isEqualTo("brand new");
  }

  @Test
  void bothLanguagesHaveTheSameTextsWithTheSameArguments() throws Exception {
    Properties inEnglish = Pages.words("words.properties");
    Properties inGerman = Pages.words("words_de.properties");
    assertThat(inGerman.keySet()).isEqualTo(inEnglish.keySet());
    for (String key : inEnglish.stringPropertyNames()) {
      MessageFormat one = new MessageFormat(inEnglish.getProperty(key), Locale.ENGLISH);
      MessageFormat other = new MessageFormat(inGerman.getProperty(key), Locale.GERMAN);
      assertThat(other.getFormatsByArgumentIndex())
          .as(key)
          .hasSameSizeAs(one.getFormatsByArgumentIndex());
      assertThat(inEnglish.getProperty(key) + inGerman.getProperty(key))
          .as("a straight apostrophe is lost in a MessageFormat: %s", key)
          .doesNotContain("'");
    }
  }
}
