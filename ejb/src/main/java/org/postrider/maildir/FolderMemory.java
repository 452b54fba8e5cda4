package org.postrider.maildir;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.postrider.protocol.Flags;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * What is known of a folder, and what sessions are told of it. Knows no disk ({@link FolderSync}
 * does) and no locks: {@link Folder} holds its own around every call.
 *
 * <p>Each change belongs to a state, a number that only grows: it begins at the clock, in
 * microseconds, so that it goes on growing when the folder is forgotten and read again.
 */
final class FolderMemory {

  private MessageTable messages = new MessageTable();
  private final AtomicReference<FolderHistory> history;
  private final Untold untold = new Untold();
  private final KeywordWords words = new KeywordWords();
  private long uidValidity;
  private long uidNext = 1;
  private long modSeq;
  private int waiting;
  private boolean loaded;

  /**
   * @param history what is left of the folder from a time when it was known before; holds null
   *     where there was none
   */
  FolderMemory(AtomicReference<FolderHistory> history) {
    this.history = history;
  }

  MessageTable messages() {
    return messages;
  }

  KeywordWords words() {
    return words;
  }

  /** 0 where nothing is known. */
  long uidValidity() {
    return uidValidity;
  }

  long uidNext() {
    return uidNext;
  }

  /** True where the folder was read once. */
  boolean isLoaded() {
    return loaded;
  }

  // ---- what sessions are told

  StoredMessage message(int i) {
    return new StoredMessage(
        messages.uid(i),
        messages.flags(i),
        messages.modSeq(i),
        messages.base(i),
        messages.info(i),
        messages.wireSize(i),
        messages.date(i));
  }

  List<MessageState> states(UidSet uids) {
    List<MessageState> states = new ArrayList<>();
    for (int i : messages.select(uids)) {
      states.add(new MessageState(messages.uid(i), messages.flags(i), messages.modSeq(i)));
    }
    return states;
  }

  FolderState state(boolean readOnly, boolean writable) {
    long firstUnseen = 0;
    for (int i = 0; i < messages.size() && firstUnseen == 0; i++) {
      firstUnseen = messages.flags(i).has(SystemFlag.SEEN) ? 0 : messages.uid(i);
    }
    UidSet recent = untold.from(1, messages);
    if (!readOnly) {
      untold.clear();
    }
    return new FolderState(
        uidValidity,
        uidNext,
        modSeq,
        messages.uids(),
        recent,
        firstUnseen,
        words.inUse(),
        writable);
  }

  FolderChanges changes(long since, boolean readOnly) throws MaildirException {
    if (since == modSeq) {
      return FolderChanges.none(modSeq);
    }
    long next = since > modSeq ? -1 : history.get().uidNextAt(since);
    if (next < 0) {
      throw new MaildirException(
          MaildirException.Reason.CLOSED,
          "Too much happened in this mailbox meanwhile; select it again.");
    }
    int old = messages.lowerBound(next);
    UidSet.Builder arrived = new UidSet.Builder();
    for (int i = old; i < messages.size(); i++) {
      arrived.add(messages.uid(i));
    }
    UidSet recent = untold.from(next, messages);
    if (!readOnly) {
      untold.clear();
    }
    List<MessageState> changed = new ArrayList<>();
    for (int i = 0; i < old; i++) {
      if (messages.modSeq(i) > since) {
        changed.add(new MessageState(messages.uid(i), messages.flags(i), messages.modSeq(i)));
      }
    }
    return new FolderChanges(
        modSeq,
        history.get().vanishedSince(since, next, messages),
        arrived.build(),
        recent,
        changed,
        words.since() > since ? Optional.of(words.inUse()) : Optional.empty());
  }

  FolderCounts counts() {
    long unseen = waiting;
    long deleted = 0;
    for (int i = 0; i < messages.size(); i++) {
      unseen += messages.flags(i).has(SystemFlag.SEEN) ? 0 : 1;
      deleted += messages.flags(i).has(SystemFlag.DELETED) ? 1 : 0;
    }
    return new FolderCounts(
        (long) messages.size() + waiting,
        untold.from(1, messages).size() + waiting,
        Math.min(UidSet.MAX_UID, uidNext + waiting),
        uidValidity,
        unseen,
        deleted);
  }

  // ---- what is found out

  /** How many messages lie in {@code new}. */
  int waiting() {
    return waiting;
  }

  void setWaiting(int count) {
    waiting = count;
  }

  /** The state that the next change makes. */
  long nextState() {
    if (modSeq != 0) {
      return modSeq + 1;
    }
    long clock = System.currentTimeMillis() * 1000;
    FolderHistory former = history.get();
    return former == null ? clock : Math.max(clock, former.modSeq() + 1);
  }

  /** There is another numbering, and no message that has a number of it. */
  void number(long validity, long next) {
    uidValidity = validity;
    uidNext = next;
    messages = new MessageTable();
    untold.clear();
  }

  /** The same messages and UIDs, under another UIDVALIDITY. */
  void renew(long validity) {
    uidValidity = validity;
  }

  /** UIDs below this one may have been used. */
  void raiseNext(long next) {
    uidNext = Math.max(uidNext, next);
  }

  /** True where so many messages could be numbered. */
  boolean hasRoom(int more) {
    return uidNext + more <= UidSet.MAX_UID + 1;
  }

  /** Adds a message that has a number, above all others. */
  void add(long uid, String base, String info, long state) {
    messages.add(
        uid,
        base,
        info,
        MessageFileName.flags(info),
        state,
        MessageTable.UNKNOWN,
        MessageTable.UNKNOWN);
    raiseNext(uid + 1);
    modSeq = state;
  }

  /** Adds a message of our own, with the next number. */
  long add(Incoming message, String info, long state) {
    long uid = uidNext++;
    messages.add(
        uid,
        message.base(),
        info,
        words.spell(message.flags()),
        state,
        message.wireSize(),
        message.date());
    return uid;
  }

  /** The last messages were not numbered after all; their numbers stay used up. */
  void takeBack(int known, long state) {
    BitSet unnumbered = new BitSet();
    unnumbered.set(known, messages.size());
    messages.remove(unnumbered);
    modSeq = state;
  }

  /** No session was told of these. */
  void arrived(long first, long last) {
    untold.add(first, last);
  }

  /** The message's flags, where they are others. */
  void flags(int i, Flags flags, long state) {
    if (!flags.equals(messages.flags(i))) {
      messages.setFlags(i, words.interned(flags), state);
      modSeq = state;
    }
  }

  /** Messages are gone. */
  void removed(BitSet indexes, long state) {
    if (!indexes.isEmpty()) {
      modSeq = state;
      if (history.get() != null) {
        history.get().removed(state, messages.uids(indexes));
      }
      messages.remove(indexes);
    }
  }

  /** Everything is found out that was there to be found: from now on the state is this one. */
  void settle(long state) {
    FolderHistory former = history.get();
    if (!loaded || former == null || former.uidValidity() != uidValidity) {
      loaded = true;
      modSeq = state;
      if (former == null || former.uidValidity() != uidValidity) {
        history.set(new FolderHistory(uidValidity, state, uidNext));
      } else {
        former.forgetRemovals(state);
      }
    }
    if (history.get().uidNextAt(Long.MAX_VALUE) != uidNext) {
      modSeq = state;
      history.get().arrived(state, uidNext);
    }
    history.get().changed(modSeq);
    words.count(messages, modSeq);
  }
}
