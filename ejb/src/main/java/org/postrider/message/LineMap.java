package org.postrider.message;

import java.util.Arrays;

/**
 * Where lines begin in the file and on the wire, about every 64 KB: a piece out of the middle of a
 * large message is found without going over all that is before it. 16 octets for each 64 KB.
 */
final class LineMap {

  static final int STEP = 64 * 1024;

  static final LineMap EMPTY = new LineMap(new long[0], 0);

  /** offset in the file, offset on the wire, and so on; ascending. */
  private final long[] pairs;

  private final int length;

  private LineMap(long[] pairs, int length) {
    this.pairs = pairs;
    this.length = length;
  }

  /**
   * The last known beginning of a line within a region that is not behind an octet.
   *
   * @param skip octets on the wire from the beginning of the region
   * @return {offset in the file, octets on the wire from the beginning of the region}
   */
  long[] before(Region region, long skip) {
    int low = 0;
    int high = length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (pairs[2 * middle + 1] <= region.wireOffset() + skip
          && pairs[2 * middle] <= region.end()) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    if (high < 0 || pairs[2 * high] < region.offset()) {
      return new long[] {region.offset(), 0};
    }
    return new long[] {pairs[2 * high], pairs[2 * high + 1] - region.wireOffset()};
  }

  /** Collects pairs while the message goes by. */
  static final class Builder {
    private long[] pairs = new long[0];
    private int length;

    /** Offset in the file from which on the next beginning of a line is to be told. */
    long next = STEP;

    void add(long offset, long wire) {
      if (length == pairs.length) {
        pairs = Arrays.copyOf(pairs, Math.max(16, length * 2));
      }
      pairs[length++] = offset;
      pairs[length++] = wire;
      next = offset + STEP;
    }

    LineMap build() {
      return length == 0 ? EMPTY : new LineMap(Arrays.copyOf(pairs, length), length);
    }
  }
}
