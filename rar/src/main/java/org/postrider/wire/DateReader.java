package org.postrider.wire;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/**
 * Reads dates of commands.
 *
 * @rfc 3501 9 ({@code date}, {@code date-time})
 */
final class DateReader {

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  private final CommandReader in;

  DateReader(CommandReader in) {
    this.in = in;
  }

  LocalDate date() throws SyntaxException, IOException {
    boolean quoted = in.skip('"');
    LocalDate date = dayMonthYear();
    if (quoted) {
      in.expect('"');
    }
    return date;
  }

  OffsetDateTime dateTime() throws SyntaxException, IOException {
    in.expect('"');
    in.skip(' ');
    LocalDate date = dayMonthYear();
    in.sp();
    int hour = in.digits(2);
    in.expect(':');
    int minute = in.digits(2);
    in.expect(':');
    int second = Math.min(in.digits(2), 59); // a leap second has no place in java.time
    in.sp();
    int sign = in.skip('-') ? -1 : 1;
    if (sign > 0) {
      in.expect('+');
    }
    int zone = in.digits(4);
    in.expect('"');
    try {
      ZoneOffset offset = ZoneOffset.ofTotalSeconds(sign * (zone / 100 * 60 + zone % 100) * 60);
      return OffsetDateTime.of(date, LocalTime.of(hour, minute, second), offset);
    } catch (DateTimeException e) {
      throw new SyntaxException("There is no such date and time.");
    }
  }

  /** {@code date-day "-" date-month "-" date-year} */
  private LocalDate dayMonthYear() throws SyntaxException, IOException {
    int day = (int) Math.min(in.number(), 99);
    in.expect('-');
    int month = MONTHS.indexOf(in.letters(3).toLowerCase(Locale.ROOT)) + 1;
    if (month == 0) {
      throw in.expected("a month such as Feb");
    }
    in.expect('-');
    try {
      return LocalDate.of(in.digits(4), month, day);
    } catch (DateTimeException e) {
      throw new SyntaxException("There is no such date.");
    }
  }
}
