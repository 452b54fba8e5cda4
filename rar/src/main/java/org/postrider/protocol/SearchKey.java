package org.postrider.protocol;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/**
 * What SEARCH looks for. Texts are decoded; they match case-insensitively and as substrings.
 *
 * @rfc 3501 6.4.4
 */
public sealed interface SearchKey {

  /** All messages. */
  record All() implements SearchKey {}

  /**
   * Messages by number or UID, as the client wrote them; the session turns them into {@link Uids}.
   */
  record Messages(MessageSet set) implements SearchKey {}

  /** Messages by UID. */
  record Uids(UidSet uids) implements SearchKey {}

  /**
   * Messages that have the flag. {@code \Recent} is the session's knowledge: it becomes {@link
   * Uids} there.
   */
  record Flagged(SystemFlag flag) implements SearchKey {}

  record Keyword(String keyword) implements SearchKey {}

  /** Negation. */
  record Not(SearchKey key) implements SearchKey {}

  record Or(SearchKey left, SearchKey right) implements SearchKey {}

  /** All of them; also a parenthesised list. */
  record And(List<SearchKey> keys) implements SearchKey {
    public And {
      keys = List.copyOf(keys);
    }
  }

  /**
   * A header field holds the text.
   *
   * @param field any case
   * @param text empty: the field is there at all
   */
  record Header(String field, String text) implements SearchKey {}

  /** The text is in the body's text parts. */
  record Body(String text) implements SearchKey {}

  /** The text is in the header or in the body. */
  record Text(String text) implements SearchKey {}

  /**
   * @param octets size on the wire is above it
   */
  record Larger(long octets) implements SearchKey {}

  /**
   * @param octets size on the wire is below it
   */
  record Smaller(long octets) implements SearchKey {}

  /**
   * The internal date, compared to the second.
   *
   * @param older true: not after the limit; false: not before it
   * @rfc 5032 2
   */
  record Arrived(boolean older, Instant limit) implements SearchKey {

    /** Whether a message of this internal date is meant. */
    public boolean includes(Instant date) {
      long second = date.getEpochSecond();
      return older ? second <= limit.getEpochSecond() : second >= limit.getEpochSecond();
    }
  }

  /**
   * A date of the message, compared without time and zone.
   *
   * @param sent true for the Date field (SENTSINCE and its kin), false for the internal date
   */
  record Dated(boolean sent, Comparison comparison, LocalDate date) implements SearchKey {
    public enum Comparison {
      BEFORE,
      ON,
      SINCE
    }
  }
}
