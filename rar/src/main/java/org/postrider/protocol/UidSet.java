package org.postrider.protocol;

import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * UIDs in ascending order, held as ranges: a set of 100,000 neighbours costs two numbers.
 * Immutable.
 *
 * @rfc 4315 3 ({@code uid-set})
 */
public final class UidSet {

  /** Largest UID: unsigned 32 bits. */
  public static final long MAX_UID = 0xFFFF_FFFFL;

  public static final UidSet EMPTY = new UidSet(new long[0]);

  /** first, last, first, last, ... both inclusive; ascending, never touching each other. */
  private final long[] bounds;

  private UidSet(long[] bounds) {
    this.bounds = bounds;
  }

  /** The one UID. */
  public static UidSet of(long uid) {
    return ofRange(uid, uid);
  }

  /** All UIDs from {@code first} to {@code last}, both inclusive. */
  public static UidSet ofRange(long first, long last) {
    return new Builder().add(first, last).build();
  }

  /** True where the UID is in the set; logarithmic in the number of ranges. */
  public boolean contains(long uid) {
    int low = 0;
    int high = bounds.length / 2 - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (uid < bounds[2 * middle]) {
        high = middle - 1;
      } else if (uid > bounds[2 * middle + 1]) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  public boolean isEmpty() {
    return bounds.length == 0;
  }

  /** How many UIDs are in it. */
  public long size() {
    long size = 0;
    for (int i = 0; i < bounds.length; i += 2) {
      size += bounds[i + 1] - bounds[i] + 1;
    }
    return size;
  }

  /** How many ranges it takes to write it down. */
  public int ranges() {
    return bounds.length / 2;
  }

  /** First UID of range {@code i}, counted from 0. */
  public long first(int i) {
    return bounds[2 * i];
  }

  /** Last UID of range {@code i}, counted from 0; inclusive. */
  public long last(int i) {
    return bounds[2 * i + 1];
  }

  /** The UIDs of both. */
  public UidSet union(UidSet other) {
    Builder both = new Builder();
    for (UidSet set : new UidSet[] {this, other}) {
      for (int i = 0; i < set.ranges(); i++) {
        both.add(set.first(i), set.last(i));
      }
    }
    return both.build();
  }

  /** The UIDs that are in both. */
  public UidSet intersection(UidSet other) {
    Builder common = new Builder();
    int theirs = 0;
    for (int i = 0; i < ranges(); i++) {
      while (theirs < other.ranges() && other.last(theirs) < first(i)) {
        theirs++;
      }
      for (int j = theirs; j < other.ranges() && other.first(j) <= last(i); j++) {
        common.add(Math.max(first(i), other.first(j)), Math.min(last(i), other.last(j)));
      }
    }
    return common.build();
  }

  /**
   * Calls back for each UID, ascending. Only for sets known to hold existing messages: a range may
   * be 2^32 long.
   */
  public void forEach(LongConsumer consumer) {
    for (int i = 0; i < bounds.length; i += 2) {
      for (long uid = bounds[i]; uid <= bounds[i + 1]; uid++) {
        consumer.accept(uid);
      }
    }
  }

  /** All UIDs as an array, ascending; as {@link #forEach}, only for sets of existing messages. */
  public long[] toArray() {
    long[] uids = new long[Math.toIntExact(size())];
    int[] at = {0};
    forEach(uid -> uids[at[0]++] = uid);
    return uids;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UidSet set && Arrays.equals(bounds, set.bounds);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bounds);
  }

  /** As on the wire: {@code 4,8:11}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bounds.length; i += 2) {
      if (i > 0) {
        text.append(',');
      }
      text.append(bounds[i]);
      if (bounds[i + 1] != bounds[i]) {
        text.append(':').append(bounds[i + 1]);
      }
    }
    return text.toString();
  }

  /** Collects UIDs in any order; ascending ones at constant cost each. */
  public static final class Builder {

    private long[] bounds = new long[16];
    private int length;
    private boolean unsorted;

    public Builder add(long uid) {
      return add(uid, uid);
    }

    /** Adds a range; {@code first} may not be above {@code last}. */
    public Builder add(long first, long last) {
      if (first < 1 || last > MAX_UID || first > last) {
        throw new IllegalArgumentException(
            "a UID range is within 1 and 4294967295: " + first + ":" + last);
      }
      if (length > 0 && first == bounds[length - 1] + 1) {
        bounds[length - 1] = last;
        return this;
      }
      if (length > 0 && first <= bounds[length - 1]) {
        unsorted = true;
      }
      if (length == bounds.length) {
        bounds = Arrays.copyOf(bounds, length * 2);
      }
      bounds[length++] = first;
      bounds[length++] = last;
      return this;
    }

    public UidSet build() {
      if (length == 0) {
        return EMPTY;
      }
      return new UidSet(unsorted ? sortedAndMerged() : Arrays.copyOf(bounds, length));
    }

    private long[] sortedAndMerged() {
      long[][] pairs = new long[length / 2][];
      for (int i = 0; i < pairs.length; i++) {
        pairs[i] = new long[] {bounds[2 * i], bounds[2 * i + 1]};
      }
      Arrays.sort(pairs, (a, b) -> Long.compare(a[0], b[0]));
      long[] merged = new long[length];
      int at = 0;
      for (long[] pair : pairs) {
        if (at > 0 && pair[0] <= merged[at - 1] + 1) {
          merged[at - 1] = Math.max(merged[at - 1], pair[1]);
        } else {
          merged[at++] = pair[0];
          merged[at++] = pair[1];
        }
      }
      return Arrays.copyOf(merged, at);
    }
  }
}
