package org.postrider.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.postrider.mail.Changes;
import org.postrider.mail.FlagChange;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.Flags;
import org.postrider.protocol.Rights;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/** A mailbox of the store in memory. Guarded by the store's lock. */
final class MemoryFolder {

  final long uidValidity;
  final NavigableMap<Long, MemoryMessage> messages = new TreeMap<>();
  final Map<AccessIdentifier, Rights> acl = MemoryAccess.initial();
  final List<Runnable> watchers = new CopyOnWriteArrayList<>();

  /** Messages that no session was told of. */
  private final NavigableSet<Long> recent = new TreeSet<>();

  /** Messages that are gone: UID, and the state at which they went. */
  private final NavigableMap<Long, Long> vanished = new TreeMap<>();

  /** Spelling of each keyword ever seen here. */
  private final NavigableSet<String> spellings = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

  long uidNext = 1;
  long modSeq = 1;
  private long keywordsChanged = 1;

  MemoryFolder(long uidValidity) {
    this.uidValidity = uidValidity;
  }

  /** Puts a message in; all that are put in by one command belong to the same state. */
  long add(MemoryMessage message) {
    long uid = uidNext++;
    message.flags = spelled(message.flags);
    messages.put(uid, message);
    recent.add(uid);
    return uid;
  }

  void remove(long uid) {
    messages.remove(uid);
    recent.remove(uid);
    vanished.put(uid, modSeq);
  }

  /** Ends a change: whoever watches is told. */
  void changed() {
    watchers.forEach(Runnable::run);
  }

  /** The flags with each keyword as it was first spelled here. */
  Flags spelled(Flags flags) {
    if (flags.keywords().isEmpty()) {
      return flags;
    }
    SortedSet<String> before = keywords();
    List<String> spelled = new ArrayList<>();
    for (String keyword : flags.keywords()) {
      String known = spellings.floor(keyword);
      if (known == null || !known.equalsIgnoreCase(keyword)) {
        spellings.add(keyword);
        known = keyword;
      }
      if (!before.contains(keyword)) {
        keywordsChanged = modSeq;
      }
      spelled.add(known);
    }
    return flags.withKeywords(spelled);
  }

  /** Keywords that messages have. */
  SortedSet<String> keywords() {
    SortedSet<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    messages.values().forEach(message -> keywords.addAll(message.flags.keywords()));
    return keywords;
  }

  Changes changes(long since, boolean readOnly, Rights rights) {
    UidSet.Builder gone = new UidSet.Builder();
    vanished.forEach(
        (uid, state) -> {
          if (state > since) {
            gone.add(uid);
          }
        });
    UidSet.Builder arrived = new UidSet.Builder();
    List<FlagChange> flags = new ArrayList<>();
    messages.forEach(
        (uid, message) -> {
          if (message.arrived > since) {
            arrived.add(uid);
          } else if (message.changed > since) {
            flags.add(new FlagChange(uid, message.flags, message.changed));
          }
        });
    UidSet news = arrived.build();
    Optional<SortedSet<String>> keywords =
        keywordsChanged > since ? Optional.of(keywords()) : Optional.empty();
    return new Changes(
        modSeq, gone.build(), news, recentAmong(news, readOnly), flags, keywords, rights);
  }

  /** Those of the UIDs that nobody was told of; unless read-only, they are told of now. */
  UidSet recentAmong(UidSet uids, boolean readOnly) {
    UidSet.Builder found = new UidSet.Builder();
    recent.stream().filter(uids::contains).forEach(found::add);
    UidSet set = found.build();
    if (!readOnly) {
      recent.removeIf(set::contains);
    }
    return set;
  }

  int recentCount() {
    return recent.size();
  }

  UidSet uids() {
    UidSet.Builder uids = new UidSet.Builder();
    messages.keySet().forEach(uids::add);
    return uids.build();
  }

  /** Lowest UID without {@code \Seen}; 0 where there is none. */
  long firstUnseen() {
    return messages.entrySet().stream()
        .filter(entry -> !entry.getValue().flags.has(SystemFlag.SEEN))
        .mapToLong(entry -> entry.getKey())
        .findFirst()
        .orElse(0);
  }
}
