package org.postrider.transcript;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.postrider.protocol.SearchKey;

/**
 * Dates of the store in memory: those in the header are in the plain form that its messages use.
 */
final class MemoryDates {

  private MemoryDates() {}

  static boolean matches(MemoryMessage message, SearchKey.Dated key) {
    Optional<LocalDate> date = key.sent() ? sent(message) : Optional.of(message.date.toLocalDate());
    return date.isPresent()
        && switch (key.comparison()) {
          case BEFORE -> date.get().isBefore(key.date());
          case ON -> date.get().equals(key.date());
          case SINCE -> !date.get().isBefore(key.date());
        };
  }

  private static Optional<LocalDate> sent(MemoryMessage message) {
    for (String field : message.fields()) {
      if (field.regionMatches(true, 0, "Date:", 0, 5)) {
        try {
          String date = field.substring(5).strip();
          return Optional.of(
              OffsetDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toLocalDate());
        } catch (DateTimeException e) {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }
}
