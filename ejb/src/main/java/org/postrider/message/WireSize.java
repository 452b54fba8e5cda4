package org.postrider.message;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * How many octets a file is on the wire, where each line ends in CRLF: one more for every line feed
 * that has no carriage return before it.
 *
 * @rfc 3501 2.3.4
 */
public final class WireSize {

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LOWS = 0x7F7F_7F7F_7F7F_7F7FL;
  private static final long LINE_FEEDS = 0x0A0A_0A0A_0A0A_0A0AL;
  private static final long RETURNS = 0x0D0D_0D0D_0D0D_0D0DL;

  private WireSize() {}

  /** Counts the whole file, eight octets at a time. */
  public static long of(FileChannel file) throws IOException {
    return of(file::read);
  }

  static long of(OctetSource source) throws IOException {
    try (OctetReader in = new OctetReader(source)) {
      long size = 0;
      boolean afterReturn = false;
      while (!in.atEnd()) {
        size += in.end - in.position + bareLineFeeds(in.octets, in.position, in.end, afterReturn);
        afterReturn = in.octets[in.end - 1] == '\r';
        in.position = in.end;
      }
      return size;
    }
  }

  /**
   * Line feeds without a carriage return before them.
   *
   * @param afterReturn true where the octet before the first one is a carriage return
   */
  static int bareLineFeeds(byte[] octets, int from, int to, boolean afterReturn) {
    int bare = 0;
    long carry = afterReturn ? 0x80 : 0;
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long word = (long) WORD.get(octets, at);
      long lineFeeds = equal(word, LINE_FEEDS);
      long returns = equal(word, RETURNS);
      bare += Long.bitCount(lineFeeds & ~((returns << 8) | carry));
      carry = returns >>> 56;
    }
    boolean previous = carry != 0;
    for (; at < to; at++) {
      if (octets[at] == '\n' && !previous) {
        bare++;
      }
      previous = octets[at] == '\r';
    }
    return bare;
  }

  /** The highest bit of each octet that equals the pattern's. */
  private static long equal(long word, long pattern) {
    long differences = word ^ pattern;
    return ~(((differences & LOWS) + LOWS) | differences | LOWS);
  }
}
