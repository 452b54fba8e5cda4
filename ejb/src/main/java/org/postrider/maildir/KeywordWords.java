package org.postrider.maildir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postrider.protocol.Flags;

/**
 * The keywords of one folder: which are in use, and how each is spelled. Messages with equal flags
 * share one object. Not safe for threads: {@link Folder} holds its lock.
 */
final class KeywordWords {

  /** Most keywords that clients may make in one folder. */
  static final int MOST = 500;

  private static final int MOST_SETS = 10_000;

  private final TreeMap<String, String> spellings = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Map<Flags, Flags> interned = new HashMap<>();
  private SortedSet<String> inUse = Collections.emptySortedSet();
  private long since;

  /** Those that any message has. */
  SortedSet<String> inUse() {
    return inUse;
  }

  /** The state since which there is one more. */
  long since() {
    return since;
  }

  /** Finds out which are in use. */
  void count(MessageTable messages, long modSeq) {
    SortedSet<String> now = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    SortedSet<String> last = Collections.emptySortedSet();
    for (int i = 0; i < messages.size(); i++) {
      SortedSet<String> keywords = messages.flags(i).keywords();
      if (!keywords.isEmpty() && !keywords.equals(last)) {
        now.addAll(keywords);
        last = keywords;
      }
    }
    if (!inUse.containsAll(now)) {
      since = modSeq;
    }
    inUse = Collections.unmodifiableSortedSet(now);
  }

  /**
   * The flags, spelled as in this folder, for a client that sets them.
   *
   * @throws MaildirException CANNOT for a word that is no keyword, LIMIT where there are too many
   */
  Flags checked(Flags flags) throws MaildirException {
    for (String word : flags.keywords()) {
      if (!Keywords.isKeyword(word)) {
        throw new MaildirException(
            MaildirException.Reason.CANNOT,
            "This can't be a keyword, or is too long for one: " + printable(word));
      }
      if (!inUse.contains(word) && inUse.size() >= MOST) {
        throw new MaildirException(
            MaildirException.Reason.LIMIT,
            "This mailbox has "
                + MOST
                + " keywords, which is the most; this message was not changed.");
      }
    }
    return spell(flags);
  }

  /** The flags with keywords spelled as they were first seen here. */
  Flags spell(Flags flags) {
    if (flags.keywords().isEmpty()) {
      return flags;
    }
    if (spellings.size() > 10 * MOST) {
      spellings.keySet().retainAll(inUse);
    }
    List<String> words = new ArrayList<>();
    for (String word : flags.keywords()) {
      words.add(spellings.computeIfAbsent(word, w -> w));
    }
    return interned(flags.withKeywords(words));
  }

  Flags interned(Flags flags) {
    if (flags.keywords().isEmpty()) {
      return flags;
    }
    if (interned.size() > MOST_SETS) {
      interned.clear();
    }
    return interned.computeIfAbsent(flags, f -> f);
  }

  private static String printable(String word) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(word.length(), 40); i++) {
      char c = word.charAt(i);
      text.append(c > ' ' && c <= '~' ? c : '?');
    }
    return text.toString();
  }
}
