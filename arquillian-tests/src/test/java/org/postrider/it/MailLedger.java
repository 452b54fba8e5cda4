package org.postrider.it;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What servers and delivery agents have acknowledged, by whoever asked them: each message by its
 * Message-ID. Safe for threads.
 */
final class MailLedger {

  /** A message where it was told to be. */
  record Place(String id, String mailbox, long uid) {}

  private final Map<String, Integer> there = new TreeMap<>();
  private final Set<String> mayBeGone = new HashSet<>();
  private final Set<String> moved = new HashSet<>();
  private final Map<String, Place> numbered = new HashMap<>();
  private final Map<String, Long> validities = new HashMap<>();
  private final List<String> contradictions = new ArrayList<>();

  /** It was delivered, appended or copied, once more. */
  synchronized void came(String id) {
    there.merge(id, 1, Integer::sum);
  }

  /** A server told its UID. */
  synchronized void numbered(String id, String mailbox, long validity, long uid) {
    Long before = validities.putIfAbsent(mailbox, validity);
    if (before != null && before != validity) {
      contradictions.add(mailbox + " had UIDVALIDITY " + before + " and then " + validity);
    }
    Place former = numbered.put(mailbox + " " + uid, new Place(id, mailbox, uid));
    if (former != null) {
      contradictions.add(mailbox + " " + uid + " was given to " + former.id() + " and to " + id);
    }
  }

  /** Somebody is about to take it from where it is; it stays in the account. */
  synchronized void moves(Place message) {
    moved.add(message.mailbox() + " " + message.uid());
  }

  /** Somebody is about to remove one of it. */
  synchronized void goes(String id) {
    mayBeGone.add(id);
  }

  /** What is wrong with the messages that are there. */
  synchronized List<String> compare(Map<String, Integer> found, Map<String, String> idsByPlace) {
    List<String> wrong = new ArrayList<>(contradictions);
    there.forEach(
        (id, count) -> {
          int now = found.getOrDefault(id, 0);
          if (now > count || (now < count && !mayBeGone.contains(id))) {
            wrong.add(id + " was acknowledged " + count + " times and is there " + now + " times");
          }
        });
    Set<String> strangers = new TreeSet<>(found.keySet());
    strangers.removeAll(there.keySet());
    strangers.forEach(id -> wrong.add(id + " is there and was never acknowledged"));
    numbered.forEach(
        (place, message) -> {
          String id = idsByPlace.get(place);
          boolean mayBe = mayBeGone.contains(message.id()) || moved.contains(place);
          if (id == null ? !mayBe : !id.equals(message.id())) {
            wrong.add(place + " was told to be " + message.id() + " and is " + id);
          }
        });
    return wrong;
  }

  synchronized int acknowledged() {
    return there.values().stream().mapToInt(Integer::intValue).sum();
  }
}
