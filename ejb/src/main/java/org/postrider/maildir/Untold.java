package org.postrider.maildir;

import org.postrider.protocol.UidSet;

/**
 * Messages that no session was told of yet: {@code \Recent} for the first one that is. In memory
 * only, as with every server that keeps Maildirs. Not safe for threads: {@link Folder} holds its
 * lock.
 *
 * @rfc 3501 2.3.2
 */
final class Untold {

  private UidSet uids = UidSet.EMPTY;

  void add(long first, long last) {
    UidSet.Builder all = new UidSet.Builder();
    for (int range = 0; range < uids.ranges(); range++) {
      all.add(uids.first(range), uids.last(range));
    }
    uids = all.add(first, last).build();
  }

  /** Those that are there, from a UID on. */
  UidSet from(long first, MessageTable messages) {
    UidSet.Builder there = new UidSet.Builder();
    for (int i : messages.select(uids)) {
      if (messages.uid(i) >= first) {
        there.add(messages.uid(i));
      }
    }
    return there.build();
  }

  /** Some session was told of all of them. */
  void clear() {
    uids = UidSet.EMPTY;
  }
}
