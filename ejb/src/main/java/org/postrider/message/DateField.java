package org.postrider.message;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the Date field, in its own form and in those that programs have put there: without a
 * weekday or zone, with names of zones, two-digit years, dashes, {@code Apr 1, 2003}, the C
 * library's {@code Tue Apr 1 10:00:00 2003}, and ISO 8601.
 *
 * @rfc 5322 3.3
 * @rfc 5322 4.3
 */
public final class DateField {

  /** What is behind this many characters is not looked at. */
  private static final int MAX_LENGTH = 256;

  private static final int MAX_YEAR = 9999;

  private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

  private static final Map<String, Integer> ZONES =
      Map.of(
          "est", -5, "edt", -4, "cst", -6, "cdt", -5, "mst", -7, "mdt", -6, "pst", -8, "pdt", -7);

  private final String text;
  private int at;
  private int day;
  private int month;
  private int year = -1;
  private LocalTime time;
  private ZoneOffset zone;

  private DateField(String text) {
    this.text = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) : text;
  }

  /**
   * @return empty where there is no day, month and year in it; midnight where there is no time, UTC
   *     where there is no zone
   */
  public static Optional<OffsetDateTime> parse(String text) {
    return text == null ? Optional.empty() : new DateField(text).run();
  }

  private Optional<OffsetDateTime> run() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c >= '0' && c <= '9') {
        number();
      } else if (isLetter(c)) {
        word();
      } else if ((c == '+' || c == '-') && isZone()) {
        at++;
        offset(c == '-' ? -1 : 1);
      } else if (c == '(') {
        comment();
      } else {
        at++;
      }
    }
    if (year < 0 || year > MAX_YEAR) {
      return Optional.empty();
    }
    try {
      LocalDate date = LocalDate.of(year, month, day);
      LocalTime atTime = time == null ? LocalTime.MIDNIGHT : time;
      ZoneOffset atZone = zone == null ? ZoneOffset.UTC : zone;
      return Optional.of(OffsetDateTime.of(date, atTime, atZone));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private void comment() {
    int depth = 0;
    do {
      char c = text.charAt(at++);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    } while (depth > 0 && at < text.length());
  }

  /** Digits from here on; what does not fit is as good as any number that is no date. */
  private int digits() {
    int value = 0;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      value = Math.min(value * 10 + text.charAt(at) - '0', 99_999_999);
      at++;
    }
    return value;
  }

  private boolean here(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private boolean digitHere() {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  /** A sign between words ({@code Apr-2003}) is no zone. */
  private boolean isZone() {
    char before = at == 0 ? ' ' : text.charAt(at - 1);
    char after = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
    return time != null && zone == null && !isLetter(before) && after >= '0' && after <= '9';
  }

  private void number() {
    int start = at;
    int value = digits();
    int length = at - start;
    if (time == null && length <= 2 && here(':')) {
      time(value);
    } else if (year < 0 && day == 0 && month == 0 && length == 4 && here('-')) {
      isoDate(value);
    } else if (day == 0 && length <= 2 && value <= 31) {
      day = value;
    } else if (year < 0) {
      year = length > 3 ? value : value < 50 && length < 3 ? 2000 + value : 1900 + value;
    }
  }

  private void isoDate(int value) {
    year = value;
    at++;
    if (digitHere()) {
      month = digits();
      if (here('-')) {
        at++;
        day = digitHere() ? digits() : 0;
      }
    }
  }

  private void time(int hour) {
    at++;
    int minute = digitHere() ? digits() : 0;
    int second = 0;
    if (here(':')) {
      at++;
      second = digitHere() ? digits() : 0;
    }
    if (here('.')) {
      at++;
      digits();
    }
    boolean valid = hour < 24 && minute < 60 && second <= 60;
    // A leap second is told as the one before it.
    time = valid ? LocalTime.of(hour, minute, Math.min(second, 59)) : LocalTime.MIDNIGHT;
  }

  private void offset(int sign) {
    int start = at;
    int value = digits();
    if (at - start <= 2 && here(':')) {
      at++;
      value = value * 100 + (digitHere() ? digits() : 0);
    }
    int minutes = value / 100 * 60 + value % 100;
    zone = minutes <= 18 * 60 ? ZoneOffset.ofTotalSeconds(sign * minutes * 60) : ZoneOffset.UTC;
  }

  private void word() {
    int start = at;
    while (at < text.length() && isLetter(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at).toLowerCase(Locale.ROOT);
    int index = word.length() < 3 ? -1 : MONTHS.indexOf(word.substring(0, 3));
    if (month == 0 && index >= 0 && index % 3 == 0) {
      month = index / 3 + 1;
    } else if (time != null && zone == null && ZONES.containsKey(word)) {
      zone = ZoneOffset.ofHours(ZONES.get(word));
    } else if (time != null && word.equals("pm") && time.getHour() < 12) {
      time = time.plusHours(12);
    }
  }
}
