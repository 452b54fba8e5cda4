package org.postrider.maildir;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.postrider.protocol.UidSet;

/**
 * What a folder has to remember so that "what happened since?" can be answered: which UID was the
 * next at each state, and which messages went when. Small; it outlives the folder's table when that
 * is given up to save memory.
 *
 * <p>Not safe for threads: {@link Folder} holds its lock.
 */
final class FolderHistory {

  /** Removals remembered one by one; for older states everything that is not there now is named. */
  private static final int MOST_REMOVALS = 1_000;

  /** Arrivals remembered; older than any session can be behind. */
  private static final int MOST_ARRIVALS = 20_000;

  private final long uidValidity;
  private long[] states = new long[8];
  private long[] nexts = new long[8];
  private int count;
  private final Deque<Removal> removals = new ArrayDeque<>();
  private long removalsSince;
  private long modSeq;

  private record Removal(long modSeq, UidSet uids) {}

  FolderHistory(long uidValidity, long modSeq, long uidNext) {
    this.uidValidity = uidValidity;
    this.modSeq = modSeq;
    this.removalsSince = modSeq;
    arrived(modSeq, uidNext);
  }

  long uidValidity() {
    return uidValidity;
  }

  /** The last state told of. */
  long modSeq() {
    return modSeq;
  }

  /** From this state on, the next UID is another. */
  void arrived(long state, long uidNext) {
    modSeq = Math.max(modSeq, state);
    if (count > 0 && nexts[count - 1] == uidNext) {
      return;
    }
    if (count > 0 && states[count - 1] == state) {
      nexts[count - 1] = uidNext;
      return;
    }
    if (count == MOST_ARRIVALS) {
      int half = count / 2;
      System.arraycopy(states, half, states, 0, count - half);
      System.arraycopy(nexts, half, nexts, 0, count - half);
      count -= half;
    }
    if (count == states.length) {
      states = Arrays.copyOf(states, count * 2);
      nexts = Arrays.copyOf(nexts, count * 2);
    }
    states[count] = state;
    nexts[count++] = uidNext;
  }

  void removed(long state, UidSet uids) {
    if (uids.isEmpty()) {
      return;
    }
    modSeq = Math.max(modSeq, state);
    removals.addLast(new Removal(state, uids));
    if (removals.size() > MOST_REMOVALS) {
      removalsSince = removals.removeFirst().modSeq();
    }
  }

  /** From this state on, removals before it are not known one by one. */
  void forgetRemovals(long state) {
    modSeq = Math.max(modSeq, state);
    removals.clear();
    removalsSince = state;
  }

  void changed(long state) {
    modSeq = Math.max(modSeq, state);
  }

  /** The next UID as it was at a state; -1 where that is too long ago to know. */
  long uidNextAt(long state) {
    int i = Arrays.binarySearch(states, 0, count, state);
    int at = i >= 0 ? i : -i - 2;
    return at < 0 ? -1 : nexts[at];
  }

  /**
   * The UIDs below {@code uidNext} that went since a state. Names more than went where the state is
   * older than what is remembered.
   */
  UidSet vanishedSince(long state, long uidNext, MessageTable now) {
    UidSet.Builder gone = new UidSet.Builder();
    if (state >= removalsSince) {
      for (var newest = removals.descendingIterator(); newest.hasNext(); ) {
        Removal removal = newest.next();
        if (removal.modSeq() <= state) {
          break;
        }
        for (int range = 0; range < removal.uids().ranges(); range++) {
          long first = removal.uids().first(range);
          long last = Math.min(removal.uids().last(range), uidNext - 1);
          if (first <= last) {
            gone.add(first, last);
          }
        }
      }
      return gone.build();
    }
    long from = 1;
    for (int i = 0; i < now.size() && now.uid(i) < uidNext; i++) {
      if (now.uid(i) > from) {
        gone.add(from, now.uid(i) - 1);
      }
      from = now.uid(i) + 1;
    }
    if (from < uidNext) {
      gone.add(from, uidNext - 1);
    }
    return gone.build();
  }
}
