package org.postrider.search;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The identifiers in a Message-ID, References or In-Reply-To field, as 64 bits each ({@link
 * KeyedHash}). Spelled with or without quotes they are the same; case matters. What is no
 * identifier, {@code <local@domain>}, is passed over. Linear in the length of the field.
 *
 * @rfc 5256 3
 * @rfc 5322 3.6.4
 */
final class MessageIds {

  private final String text;
  private final StringBuilder id = new StringBuilder();
  private int at;

  /** From here on no quote ends any more. */
  private int openQuoteFrom = Integer.MAX_VALUE;

  private MessageIds(String text) {
    this.text = text;
  }

  /** The first identifier; 0 where there is none. */
  static long first(String field) {
    return new MessageIds(field).next();
  }

  /**
   * All identifiers in their order.
   *
   * @param most where there are more, only so many of the last ones
   */
  static long[] all(String field, int most) {
    MessageIds ids = new MessageIds(field);
    long[] found = new long[8];
    int count = 0;
    for (long id = ids.next(); id != 0; id = ids.next()) {
      if (count == found.length) {
        found = Arrays.copyOf(found, count * 2);
      }
      found[count++] = id;
    }
    return Arrays.copyOfRange(found, Math.max(0, count - most), count);
  }

  private long next() {
    while (true) {
      at = text.indexOf('<', at);
      if (at < 0) {
        at = text.length();
        return 0;
      }
      at++;
      if (isRead()) {
        return KeyedHash.of(id.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** Reads to the closing bracket. False where this is no identifier; another may begin here. */
  private boolean isRead() {
    id.setLength(0);
    int sign = -1;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '<') {
        return false;
      }
      at++;
      if (c == '>') {
        return sign > 0 && sign < id.length() - 1;
      }
      int quoteEnd = c == '"' ? quoteEnd(at) : -1;
      if (quoteEnd >= 0) {
        unquote(at, quoteEnd);
        at = quoteEnd + 1;
      } else if (c > ' ') {
        if (c == '@' && sign < 0) {
          sign = id.length();
        }
        id.append(c);
      }
    }
    return false;
  }

  private int quoteEnd(int from) {
    if (from >= openQuoteFrom) {
      return -1;
    }
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '"') {
        return i;
      }
    }
    openQuoteFrom = from;
    return -1;
  }

  private void unquote(int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == '\\' && i + 1 < to) {
        i++;
      }
      id.append(text.charAt(i));
    }
  }
}
