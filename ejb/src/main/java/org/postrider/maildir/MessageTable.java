package org.postrider.maildir;

import java.util.Arrays;
import java.util.BitSet;
import org.postrider.protocol.Flags;
import org.postrider.protocol.UidSet;

/**
 * The messages of a folder in flat arrays, ascending by UID; a message is meant by its index, which
 * expunging shifts. Not safe for threads: {@link Folder} holds its lock.
 */
final class MessageTable {

  /** A wire size or a date that nobody has asked for yet. */
  static final long UNKNOWN = -1;

  private int size;
  private long[] uids = new long[16];
  private String[] bases = new String[16];
  private String[] infos = new String[16];
  private Flags[] flags = new Flags[16];
  private long[] modSeqs = new long[16];
  private long[] wireSizes = new long[16];
  private long[] dates = new long[16];

  int size() {
    return size;
  }

  long uid(int i) {
    return uids[i];
  }

  String base(int i) {
    return bases[i];
  }

  String info(int i) {
    return infos[i];
  }

  Flags flags(int i) {
    return flags[i];
  }

  long modSeq(int i) {
    return modSeqs[i];
  }

  long wireSize(int i) {
    return wireSizes[i];
  }

  /** Internal date in seconds since 1970, or {@link #UNKNOWN}. */
  long date(int i) {
    return dates[i];
  }

  /** Adds a message whose UID is above all others. */
  void add(long uid, String base, String info, Flags state, long modSeq, long wireSize, long date) {
    if (size > 0 && uid <= uids[size - 1]) {
      throw new IllegalStateException("UID " + uid + " after " + uids[size - 1]);
    }
    if (size == uids.length) {
      int room = size * 2;
      uids = Arrays.copyOf(uids, room);
      bases = Arrays.copyOf(bases, room);
      infos = Arrays.copyOf(infos, room);
      flags = Arrays.copyOf(flags, room);
      modSeqs = Arrays.copyOf(modSeqs, room);
      wireSizes = Arrays.copyOf(wireSizes, room);
      dates = Arrays.copyOf(dates, room);
    }
    uids[size] = uid;
    bases[size] = base;
    infos[size] = info;
    flags[size] = state;
    modSeqs[size] = modSeq;
    wireSizes[size] = wireSize;
    dates[size] = date;
    size++;
  }

  void setInfo(int i, String info) {
    infos[i] = info;
  }

  void setFlags(int i, Flags state, long modSeq) {
    flags[i] = state;
    modSeqs[i] = modSeq;
  }

  void setWireSize(int i, long octets) {
    wireSizes[i] = octets;
  }

  void setDate(int i, long seconds) {
    dates[i] = seconds;
  }

  /** Removes all messages whose index is in the set; the others close up. */
  void remove(BitSet gone) {
    int kept = Math.max(0, gone.nextSetBit(0));
    if (gone.isEmpty()) {
      return;
    }
    for (int i = kept; i < size; i++) {
      if (!gone.get(i)) {
        uids[kept] = uids[i];
        bases[kept] = bases[i];
        infos[kept] = infos[i];
        flags[kept] = flags[i];
        modSeqs[kept] = modSeqs[i];
        wireSizes[kept] = wireSizes[i];
        dates[kept] = dates[i];
        kept++;
      }
    }
    Arrays.fill(bases, kept, size, null);
    Arrays.fill(infos, kept, size, null);
    Arrays.fill(flags, kept, size, null);
    size = kept;
  }

  /** The index of a UID; negative where no message has it. */
  int indexOf(long uid) {
    return Arrays.binarySearch(uids, 0, size, uid);
  }

  /** The index of the first message with this UID or a higher one; the size where there is none. */
  int lowerBound(long uid) {
    int i = indexOf(uid);
    return i >= 0 ? i : -i - 1;
  }

  /**
   * The indexes of those messages that the set names, ascending; costs what it finds, however wide
   * the set's ranges.
   */
  int[] select(UidSet set) {
    int[] found = new int[Math.min(size, 64)];
    int count = 0;
    for (int range = 0; range < set.ranges(); range++) {
      long last = set.last(range);
      for (int i = lowerBound(set.first(range)); i < size && uids[i] <= last; i++) {
        if (count == found.length) {
          found = Arrays.copyOf(found, Math.min(size, count * 2));
        }
        found[count++] = i;
      }
    }
    return Arrays.copyOf(found, count);
  }

  long[] uids() {
    return Arrays.copyOf(uids, size);
  }

  /** The UIDs of the messages whose index is in the set. */
  UidSet uids(BitSet indexes) {
    UidSet.Builder set = new UidSet.Builder();
    for (int i = indexes.nextSetBit(0); i >= 0; i = indexes.nextSetBit(i + 1)) {
      set.add(uids[i]);
    }
    return set.build();
  }
}
