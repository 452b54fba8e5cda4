package org.postrider.transcript;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postrider.protocol.MessageThreads;
import org.postrider.protocol.ThreadAlgorithm;

/**
 * Threads, taken step by step from RFC 5256 section 3 with no thought of time or depth: the store
 * in memory has them from here, and the real ones are compared with them.
 */
public final class NaiveThreads {

  /**
   * A message that was found.
   *
   * @param sent seconds
   * @param arrived seconds
   * @param subject base subject, in a form in which equal ones are equal
   * @param id empty where it has none
   */
  public record Message(
      long uid,
      long sent,
      long arrived,
      String subject,
      boolean reply,
      String id,
      List<String> references) {}

  /** A message, or in its place one that is missing. */
  private static final class Node {
    final Message message;
    Node parent;
    List<Node> children = new ArrayList<>();

    Node(Message message) {
      this.message = message;
    }

    boolean isMissing() {
      return message == null;
    }

    /** The message itself or, where it is missing, the first child: steps 4 to 6. */
    Message first() {
      return isMissing() ? children.getFirst().message : message;
    }

    boolean isBelow(Node other) {
      return this == other || (parent != null && parent.isBelow(other));
    }

    void attachTo(Node newParent) {
      detach();
      parent = newParent;
      newParent.children.add(this);
    }

    void detach() {
      if (parent != null) {
        parent.children.remove(this);
        parent = null;
      }
    }

    void sortChildren() {
      children.forEach(Node::sortChildren);
      children.sort(Comparator.comparing(Node::first, BY_DATE));
    }

    long latest() {
      long latest = isMissing() ? Long.MIN_VALUE : message.arrived();
      for (Node child : children) {
        latest = Math.max(latest, child.latest());
      }
      return latest;
    }
  }

  private static final Comparator<Message> BY_DATE =
      Comparator.comparingLong(Message::sent).thenComparingLong(Message::uid);

  private final List<Long> told = new ArrayList<>();
  private final List<Integer> depths = new ArrayList<>();

  private NaiveThreads() {}

  /**
   * @param messages ascending by UID
   */
  public static MessageThreads of(ThreadAlgorithm algorithm, List<Message> messages) {
    List<Node> roots =
        algorithm == ThreadAlgorithm.ORDEREDSUBJECT
            ? bySubject(messages)
            : byReferences(messages, algorithm == ThreadAlgorithm.REFERENCES);
    NaiveThreads threads = new NaiveThreads();
    roots.forEach(root -> threads.tell(root, 0));
    return new MessageThreads(
        threads.told.stream().mapToLong(Long::longValue).toArray(),
        threads.depths.stream().mapToInt(Integer::intValue).toArray());
  }

  private void tell(Node node, int depth) {
    told.add(node.isMissing() ? MessageThreads.MISSING : node.message.uid());
    depths.add(depth);
    node.children.forEach(child -> tell(child, depth + 1));
  }

  private static List<Node> bySubject(List<Message> messages) {
    Map<String, Node> threads = new LinkedHashMap<>();
    messages.stream()
        .sorted(BY_DATE)
        .forEach(
            message -> {
              Node first = threads.get(message.subject());
              if (first == null) {
                threads.put(message.subject(), new Node(message));
              } else {
                new Node(message).attachTo(first);
              }
            });
    return new ArrayList<>(threads.values());
  }

  private static List<Node> byReferences(List<Message> messages, boolean bySubject) {
    List<Node> all = linked(messages); // step 1
    Node root = new Node(null);
    for (Node node : all) {
      if (node.parent == null) {
        node.attachTo(root); // step 2
      }
    }
    prune(root, true); // step 3
    root.sortChildren();
    if (bySubject) {
      root.children.sort(Comparator.comparing(Node::first, BY_DATE)); // step 4
      merge(root); // step 5
      root.sortChildren(); // step 6
    } else {
      root.children.sort(Comparator.comparingLong(Node::latest));
    }
    return root.children;
  }

  private static List<Node> linked(List<Message> messages) {
    List<Node> all = new ArrayList<>();
    Map<String, Node> byId = new HashMap<>();
    for (Message message : messages) {
      Node node = new Node(message);
      all.add(node);
      if (!message.id().isEmpty()) {
        byId.putIfAbsent(message.id(), node);
      }
    }
    for (Node node : List.copyOf(all)) {
      Node before = null;
      for (String id : node.message.references()) {
        Node referred =
            byId.computeIfAbsent(
                id,
                key -> {
                  Node missing = new Node(null);
                  all.add(missing);
                  return missing;
                });
        if (before != null && referred.parent == null && !before.isBelow(referred)) {
          referred.attachTo(before);
        }
        before = referred;
      }
      node.detach();
      if (before != null && !before.isBelow(node)) {
        node.attachTo(before);
      }
    }
    return all;
  }

  private static void prune(Node node, boolean isRoot) {
    for (Node child : List.copyOf(node.children)) {
      prune(child, false);
      if (child.isMissing() && (!isRoot || child.children.size() < 2)) {
        child.detach();
        List.copyOf(child.children).forEach(grandchild -> grandchild.attachTo(node));
      }
    }
  }

  private static void merge(Node root) {
    Map<String, Node> table = new HashMap<>();
    for (Node node : root.children) {
      String subject = node.first().subject();
      if (subject.isEmpty()) {
        continue;
      }
      Node there = table.get(subject);
      boolean better =
          there != null
              && !there.isMissing()
              && (node.isMissing() || (there.message.reply() && !node.message.reply()));
      if (there == null || better) {
        table.put(subject, node);
      }
    }
    for (Node node : List.copyOf(root.children)) {
      Node there = table.get(node.first().subject());
      if (node.parent != root || there == null || there == node) {
        continue;
      }
      if (there.isMissing() && node.isMissing()) {
        List.copyOf(node.children).forEach(child -> child.attachTo(there));
        node.detach();
      } else if (there.isMissing()
          || (!node.isMissing() && node.message.reply() && !there.message.reply())) {
        node.attachTo(there);
      } else {
        Node missing = new Node(null);
        String subject = node.first().subject();
        node.attachTo(missing);
        there.attachTo(missing);
        missing.attachTo(root);
        table.put(subject, missing);
      }
    }
  }
}
