package org.postrider.console;

import jakarta.enterprise.context.RequestScoped;
import jakarta.faces.context.FacesContext;
import jakarta.inject.Named;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import java.util.ResourceBundle;

/**
 * Texts, numbers and times in the language of the reader. Texts are those of {@code
 * words.properties}; one with arguments is a {@link MessageFormat}. Times are of the server's zone,
 * which they name.
 */
@Named("say")
@RequestScoped
public class Words {

  private static final String BUNDLE = "org.postrider.console.words";

  private final Locale locale;
  private final Clock clock;
  private final ResourceBundle bundle;

  /** In the language of the page that is being written. */
  public Words() {
    this(FacesContext.getCurrentInstance().getViewRoot().getLocale(), Clock.systemDefaultZone());
  }

  Words(Locale locale, Clock clock) {
    this.locale = locale;
    this.clock = clock;
    this.bundle =
        ResourceBundle.getBundle(
            BUNDLE,
            locale,
            Words.class.getClassLoader(),
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES));
  }

  /** A text without arguments. */
  public String text(String key) {
    return bundle.getString(key);
  }

  /** The text for a value such as a state: {@code kind.value}, or the value itself. */
  public String named(String kind, String value) {
    String key = kind + "." + value.replace(' ', '_');
    return bundle.containsKey(key) ? bundle.getString(key) : value;
  }

  /** A value as part of an address. */
  public String inAddress(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /** A text with arguments, such as {@code {0} of {1}}. */
  public String with(String key, Object... arguments) {
    return new MessageFormat(bundle.getString(key), locale).format(arguments);
  }

  /** A number, grouped as the reader is used to. */
  public String number(long number) {
    return String.format(locale, "%,d", number);
  }

  /** As {@link #duration(Duration)}. */
  public String span(long seconds) {
    return duration(Duration.ofSeconds(seconds));
  }

  /** The moment so many seconds ago, with its zone. */
  public String ago(long seconds) {
    return moment(clock.instant().minusSeconds(seconds));
  }

  /** A length of time in the two largest units at most, rounded down: {@code 4 d 3 h}. */
  public String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 60) {
      return with("seconds", seconds);
    }
    if (seconds < 3_600) {
      return with("minutes", seconds / 60);
    }
    if (seconds < 86_400) {
      return with("hours", seconds / 3_600, seconds / 60 % 60);
    }
    return with("days", seconds / 86_400, seconds / 3_600 % 24);
  }

  /** A day, such as {@code 24 Nov 2027}. */
  public String day(Instant moment) {
    return DateTimeFormatter.ofLocalizedDate(FormatStyle.MEDIUM)
        .withLocale(locale)
        .withZone(clock.getZone())
        .format(moment);
  }

  /** A moment with its zone. */
  public String moment(Instant moment) {
    return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.MEDIUM)
            .withLocale(locale)
            .withZone(clock.getZone())
            .format(moment)
        + " "
        + zone(clock.getZone(), moment);
  }

  /** A time of the day. */
  public String time(Instant moment) {
    return DateTimeFormatter.ofPattern("HH:mm:ss", locale).withZone(clock.getZone()).format(moment)
        + " "
        + zone(clock.getZone(), moment);
  }

  /** Whole days from now to then, rounded down; negative if it is past. */
  public long daysUntil(Instant moment) {
    return Math.floorDiv(Duration.between(clock.instant(), moment).toSeconds(), 86_400L);
  }

  private String zone(ZoneId zone, Instant moment) {
    return DateTimeFormatter.ofPattern("zzz", locale).withZone(zone).format(moment);
  }
}
