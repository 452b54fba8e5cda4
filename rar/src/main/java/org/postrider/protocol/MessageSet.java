package org.postrider.protocol;

import java.util.List;

/**
 * The messages that a command names: sequence numbers as this client knows them, or UIDs.
 *
 * @param ranges in the client's order, unsorted, possibly overlapping; empty only where {@code
 *     saved}
 * @param uids true after the prefix {@code UID}
 * @param saved true for {@code $}: the messages that a search kept
 * @rfc 3501 9, 5182 3 ({@code sequence-set})
 */
public record MessageSet(List<Range> ranges, boolean uids, boolean saved) {

  public MessageSet {
    ranges = List.copyOf(ranges);
    if (ranges.isEmpty() != saved) {
      throw new IllegalArgumentException("a sequence set names messages, or those that were kept");
    }
  }

  public MessageSet(List<Range> ranges, boolean uids) {
    this(ranges, uids, false);
  }

  /** {@code $} */
  public static MessageSet saved(boolean uids) {
    return new MessageSet(List.of(), uids, true);
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
