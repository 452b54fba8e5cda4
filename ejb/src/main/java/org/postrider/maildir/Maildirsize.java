package org.postrider.maildir;

import java.nio.charset.StandardCharsets;

/**
 * What is in the file {@code maildirsize} of an account's Maildir, the Maildir++ quota:
 *
 * <pre>
 * 10000S,10C\n                     limits: octets S, messages C; either may be missing
 *            0            0\n      what there was when the file was made
 *         3013            1\n      what came since: octets, messages
 *        -3013           -1\n      what went
 * </pre>
 *
 * <p>Lines are {@code %12s %12s\n}, 26 octets. Whatever line begins with two decimal numbers counts
 * when read, other lines do not; a last line needs no LF. The file is absent where there is no
 * quota, and where line 1 names no limit there is none either. Courier, maildrop and Dovecot read
 * and write it.
 *
 * @param total of all lines
 * @param lines that count
 * @param full true where the file has {@link #MOST_OCTETS} octets or more, of which the rest is not
 *     read
 */
record Maildirsize(QuotaLimits limits, QuotaAmount total, int lines, boolean full) {

  static final String FILE = "maildirsize";

  /** A file of this many octets is not summed up any more, but made anew. */
  static final int MOST_OCTETS = 5120;

  /**
   * Reads the beginning of the file.
   *
   * @param octets at most {@link #MOST_OCTETS}
   */
  static Maildirsize parse(byte[] octets) {
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    int end = lineEnd(text, 0);
    QuotaLimits limits = QuotaLimits.parse(text.substring(0, end) + "\n");
    QuotaAmount total = QuotaAmount.NONE;
    int lines = 0;
    for (int at = end + 1; at < text.length(); at = end + 1) {
      end = lineEnd(text, at);
      LineNumbers numbers = new LineNumbers(text, at, end);
      QuotaAmount amount = numbers.read();
      if (amount != null) {
        total = total.plus(amount);
        lines++;
      }
    }
    return new Maildirsize(limits, total, lines, octets.length >= MOST_OCTETS);
  }

  private static int lineEnd(String text, int from) {
    int end = text.indexOf('\n', from);
    return end < 0 ? text.length() : end;
  }

  /** Two numbers at the beginning of a line. */
  private static final class LineNumbers {
    private final String text;
    private final int end;
    private int at;

    LineNumbers(String text, int from, int end) {
      this.text = text;
      this.at = from;
      this.end = end;
    }

    /** Null where the line has none. */
    QuotaAmount read() {
      int start = at;
      long octets = number();
      if (at == start) {
        return null;
      }
      start = at;
      long messages = number();
      return at == start ? null : new QuotaAmount(octets, messages);
    }

    /** The next number; {@code at} stays where there is none. */
    private long number() {
      int i = at;
      while (i < end && isBlank(text.charAt(i))) {
        i++;
      }
      boolean negative = i < end && text.charAt(i) == '-';
      i += negative ? 1 : 0;
      long number = 0;
      boolean digits = false;
      while (i < end && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
        number = QuotaLimits.digit(number, text.charAt(i));
        digits = true;
        i++;
      }
      if (digits) {
        at = i;
      }
      return negative ? -number : number;
    }

    private static boolean isBlank(char c) {
      return c == ' ' || (c >= '\t' && c <= '\r');
    }
  }

  /** A whole file. */
  static byte[] format(QuotaLimits limits, Iterable<QuotaAmount> lines) {
    StringBuilder text = new StringBuilder(limits.toString()).append('\n');
    for (QuotaAmount amount : lines) {
      text.append(line(amount));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** One line. */
  static String line(QuotaAmount amount) {
    return "%12d %12d\n".formatted(amount.octets(), amount.messages());
  }

  /** True where the sum says nothing: the Maildir has to be counted. */
  boolean isToBeCounted() {
    return full || total.isNegative();
  }
}
