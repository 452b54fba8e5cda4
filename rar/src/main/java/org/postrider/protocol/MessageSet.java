package org.postrider.protocol;

import java.util.List;

/**
 * The messages that a command names: sequence numbers as this client knows them, or UIDs.
 *
 * @param ranges in the client's order, unsorted, possibly overlapping; never empty
 * @param uids true after the prefix {@code UID}
 * @rfc 3501 9 ({@code sequence-set})
 */
public record MessageSet(List<Range> ranges, boolean uids) {

  public MessageSet {
    ranges = List.copyOf(ranges);
    if (ranges.isEmpty()) {
      throw new IllegalArgumentException("a sequence set names at least one message");
    }
  }

  /**
   * Two numbers, in either order; a single one is a range of itself.
   *
   * @param first 1 to 4294967295, or {@link #STAR}
   * @param last 1 to 4294967295, or {@link #STAR}
   */
  public record Range(long first, long last) {

    /** The last message there is, {@code *}. */
    public static final long STAR = 0;

    public Range {
      if (first < 0 || last < 0 || first > UidSet.MAX_UID || last > UidSet.MAX_UID) {
        throw new IllegalArgumentException("message numbers are 1 to 4294967295");
      }
    }

    /** The lower end, where {@code *} stands for {@code largest}. */
    public long low(long largest) {
      return Math.min(resolved(first, largest), resolved(last, largest));
    }

    /** The upper end, where {@code *} stands for {@code largest}. */
    public long high(long largest) {
      return Math.max(resolved(first, largest), resolved(last, largest));
    }

    private static long resolved(long number, long largest) {
      return number == STAR ? largest : number;
    }
  }
}
