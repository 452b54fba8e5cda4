package org.postrider.message;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;

/**
 * Reads a region front to back through one buffer of {@value #CAPACITY} octets. Used by one thread;
 * closed, it gives its buffer back for the next message.
 *
 * <p>Its users work on the buffer itself: {@code octets[position]} to {@code octets[end - 1]} are
 * there to be read, and the two octets before {@code position} are what came before (zero at the
 * beginning), so that a line end can be told by looking back.
 */
final class OctetReader implements AutoCloseable {

  static final int CAPACITY = 64 * 1024;

  private static final int HISTORY = 2;

  private static final ArrayBlockingQueue<byte[]> FREE = new ArrayBlockingQueue<>(32);

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;
  private static final long LINE_FEEDS = ONES * '\n';

  final byte[] octets;
  int position = HISTORY;
  int end = HISTORY;

  private final OctetSource source;
  private final long limit;

  /** Offset in the source of {@code octets[0]}. */
  private long base;

  private boolean ended;
  private boolean closed;

  /** Reads from the first octet to the last. */
  OctetReader(OctetSource source) {
    this(source, 0, Long.MAX_VALUE);
  }

  /** Reads a region; it may reach beyond the end of the source. */
  OctetReader(OctetSource source, long offset, long length) {
    this.source = source;
    this.limit = length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length;
    this.base = offset - HISTORY;
    byte[] recycled = FREE.poll();
    this.octets = recycled == null ? new byte[CAPACITY] : recycled;
    octets[0] = 0;
    octets[1] = 0;
  }

  /** Offset in the source of the next octet. */
  long offset() {
    return base + position;
  }

  /** Offset in the source of an octet in the buffer. */
  long offsetOf(int index) {
    return base + index;
  }

  /** True where no octet is left to be read. */
  boolean atEnd() throws IOException {
    return position == end && !more();
  }

  /** Sees to it that so many octets are in the buffer, or all that are left. */
  void lookAhead(int count) throws IOException {
    while (end - position < count && more()) {
      // each turn reads some
    }
  }

  /**
   * Reads more octets behind those in the buffer, which moves them to its front: indexes other than
   * {@code position} are void afterwards.
   *
   * @return false where there are none
   */
  boolean more() throws IOException {
    if (ended) {
      return false;
    }
    if (position > HISTORY) {
      int from = position - HISTORY;
      System.arraycopy(octets, from, octets, 0, end - from);
      base += from;
      end -= from;
      position = HISTORY;
    }
    int room = (int) Math.min(octets.length - end, limit - (base + end));
    int count = room == 0 ? -1 : source.read(ByteBuffer.wrap(octets, end, room), base + end);
    if (count <= 0) {
      ended = true;
      return false;
    }
    end += count;
    return true;
  }

  /**
   * Index of the next line feed in the buffer.
   *
   * @return -1 where there is none before {@code end}
   */
  int indexOfLineFeed(int from) {
    int at = from;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      long differences = (long) WORD.get(octets, at) ^ LINE_FEEDS;
      long zeros = (differences - ONES) & ~differences & HIGHS;
      if (zeros != 0) {
        return at + (Long.numberOfTrailingZeros(zeros) >>> 3);
      }
    }
    for (; at < end; at++) {
      if (octets[at] == '\n') {
        return at;
      }
    }
    return -1;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      FREE.offer(octets);
    }
  }
}
