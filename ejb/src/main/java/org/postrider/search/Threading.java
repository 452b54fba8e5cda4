package org.postrider.search;

import java.util.Arrays;
import org.postrider.protocol.MessageThreads;
import org.postrider.protocol.ThreadAlgorithm;
import org.postrider.search.MessageHeader.Text;

/**
 * Puts messages into threads. Takes a time about linear in messages and references, whatever these
 * say, and does not recur: a thread may be as deep as the mailbox is large. Used once, by one
 * thread.
 *
 * <p>Messages are nodes 0, 1, ... in the mailbox's order; nodes behind them stand for messages that
 * are missing. In the end only the head of a thread may be missing.
 *
 * @rfc 5256 3
 */
public final class Threading {

  private static final int NONE = ReplyForest.NONE;

  private final HeaderTable table;
  private final int[] rows;
  private final int count;

  /** Nodes in all. */
  private int nodes;

  /** Messages by sent date, then by their order in the mailbox. */
  private final int[] byDate;

  private int[] parents;

  /** Threads' heads in their order. */
  private int[] roots;

  private int rootCount;

  private int[] firstChild;
  private int[] nextSibling;

  /**
   * @param messages by UID, ascending; all are in the table
   */
  public Threading(HeaderTable table, long[] messages) {
    this.table = table;
    this.rows = Arrays.stream(messages).mapToInt(table::row).toArray();
    this.count = rows.length;
    this.nodes = count;
    long[] sent = new long[count];
    for (int i = 0; i < count; i++) {
      sent[i] = table.sent(rows[i]);
    }
    this.byDate = Ordering.ascending(sent);
  }

  public MessageThreads run(ThreadAlgorithm algorithm) {
    switch (algorithm) {
      case ORDEREDSUBJECT -> bySubject();
      case REFERENCES -> {
        byReferences();
        gather();
        mergeSubjects();
        gather();
      }
      case REFS -> {
        byReferences();
        gather();
        latestLast();
      }
    }
    return threads();
  }

  private boolean isMissing(int node) {
    return node >= count;
  }

  private int subject(int message) {
    return table.text(rows[message], Text.SUBJECT);
  }

  // ---- ORDEREDSUBJECT

  private void bySubject() {
    parents = new int[count];
    LongMap first = new LongMap(count);
    for (int message : byDate) {
      long subject = subject(message) + 1L;
      int head = first.get(subject);
      parents[message] = head;
      if (head == NONE) {
        first.put(subject, message);
      }
    }
    gather();
  }

  // ---- REFERENCES

  /** Steps 1 to 3. */
  private void byReferences() {
    ReplyForest forest = link();
    nodes = forest.size();
    parents = new int[nodes];
    Arrays.fill(parents, NONE);
    int[] resolved = new int[nodes];
    Arrays.fill(resolved, NONE);
    int[] children = new int[nodes];
    for (int message = 0; message < count; message++) {
      int parent = forest.parent(message);
      parents[message] = parent == NONE ? NONE : presentOrHead(forest, parent, resolved);
      if (parents[message] != NONE) {
        children[parents[message]]++;
      }
    }
    for (int message = 0; message < count; message++) {
      int parent = parents[message];
      if (parent != NONE && isMissing(parent) && children[parent] == 1) {
        parents[message] = NONE;
      }
    }
  }

  /** Step 1. */
  private ReplyForest link() {
    ReplyForest forest = new ReplyForest(count);
    LongMap byId = new LongMap(2 * count);
    for (int message = 0; message < count; message++) {
      long id = table.id(rows[message]);
      if (id != 0 && byId.get(id) == LongMap.NONE) {
        byId.put(id, message);
      }
    }
    for (int message = 0; message < count; message++) {
      int before = NONE;
      int row = rows[message];
      for (int i = table.firstReference(row); i < table.lastReference(row); i++) {
        long id = table.reference(i);
        int node = byId.get(id);
        if (node == LongMap.NONE) {
          node = forest.add();
          byId.put(id, node);
        }
        if (before != NONE && forest.parent(node) == NONE && !forest.isBelow(before, node)) {
          forest.link(node, before);
        }
        before = node;
      }
      if (before == NONE || forest.parent(message) != before) {
        forest.cut(message);
        if (before != NONE && !forest.isBelow(before, message)) {
          forest.link(message, before);
        }
      }
    }
    return forest;
  }

  /**
   * Steps 2 and 3: the nearest node upwards that is not missing; the head of the thread where all
   * are.
   *
   * @param resolved what was found for missing nodes before
   */
  private int presentOrHead(ReplyForest forest, int node, int[] resolved) {
    int end = node;
    while (isMissing(end) && resolved[end] == NONE && forest.parent(end) != NONE) {
      end = forest.parent(end);
    }
    int found = isMissing(end) && resolved[end] != NONE ? resolved[end] : end;
    for (int at = node; at != end; at = forest.parent(at)) {
      resolved[at] = found;
    }
    return found;
  }

  /**
   * Steps 4 and 6: puts heads and children in order. Siblings come by date, and in the place of a
   * head that is missing counts its first child.
   */
  private void gather() {
    firstChild = new int[nodes];
    nextSibling = new int[nodes];
    roots = new int[count];
    rootCount = 0;
    int[] lastChild = new int[nodes];
    Arrays.fill(firstChild, NONE);
    Arrays.fill(nextSibling, NONE);
    for (int message : byDate) {
      int parent = parents[message];
      if (parent == NONE) {
        roots[rootCount++] = message;
        continue;
      }
      if (firstChild[parent] == NONE) {
        firstChild[parent] = message;
        if (isMissing(parent)) {
          roots[rootCount++] = parent;
        }
      } else {
        nextSibling[lastChild[parent]] = message;
      }
      lastChild[parent] = message;
    }
  }

  /** A message that says what a thread's subject is. */
  private int speaker(int root) {
    return isMissing(root) ? firstChild[root] : root;
  }

  private boolean isReply(int root) {
    return !isMissing(root) && table.isReply(rows[root]);
  }

  /** Step 5. */
  private void mergeSubjects() {
    LongMap heads = new LongMap(rootCount);
    for (int i = 0; i < rootCount; i++) {
      int root = roots[i];
      int subject = subject(speaker(root));
      if (subject != 0) {
        int head = heads.get(subject);
        boolean better =
            head != LongMap.NONE
                && !isMissing(head)
                && (isMissing(root) || (isReply(head) && !isReply(root)));
        if (head == LongMap.NONE || better) {
          heads.put(subject, root);
        }
      }
    }
    parents = Arrays.copyOf(parents, nodes + rootCount);
    Arrays.fill(parents, nodes, parents.length, NONE);
    for (int i = 0; i < rootCount; i++) {
      int root = roots[i];
      int subject = subject(speaker(root));
      int head = subject == 0 ? root : heads.get(subject);
      boolean merged = !isMissing(root) && parents[root] != NONE;
      if (head != root && !merged) {
        merge(root, head, subject, heads);
      }
    }
  }

  /** Step 5 C; a head is missing where any thread of the subject has a missing one. */
  private void merge(int root, int head, int subject, LongMap heads) {
    if (isMissing(root)) {
      for (int child = firstChild[root]; child != NONE; child = nextSibling[child]) {
        parents[child] = head;
      }
    } else if (isMissing(head) || (isReply(root) && !isReply(head))) {
      parents[root] = head;
    } else {
      int missing = nodes++;
      parents[root] = missing;
      parents[head] = missing;
      heads.put(subject, missing);
    }
  }

  // ---- REFS

  /** In place of step 4: a thread is where its latest arrival is. */
  private void latestLast() {
    long[] latest = new long[rootCount];
    for (int i = 0; i < rootCount; i++) {
      latest[i] = Long.MIN_VALUE;
      for (int node = roots[i]; node != NONE; node = nextBelow(node, roots[i])) {
        if (!isMissing(node)) {
          latest[i] = Math.max(latest[i], table.arrived(rows[node]));
        }
      }
    }
    int[] order = Ordering.ascending(latest);
    int[] sorted = new int[rootCount];
    for (int i = 0; i < rootCount; i++) {
      sorted[i] = roots[order[i]];
    }
    roots = sorted;
  }

  /**
   * The node after this one in the order in which a thread is written; {@link #NONE} at its end.
   */
  private int nextBelow(int node, int root) {
    if (firstChild[node] != NONE) {
      return firstChild[node];
    }
    int at = node;
    while (at != root && nextSibling[at] == NONE) {
      at = parents[at];
    }
    return at == root ? NONE : nextSibling[at];
  }

  // ---- the answer

  private MessageThreads threads() {
    int missing = 0;
    for (int i = 0; i < rootCount; i++) {
      missing += isMissing(roots[i]) ? 1 : 0;
    }
    long[] messages = new long[count + missing];
    int[] depths = new int[messages.length];
    int[] depthOf = new int[nodes];
    int at = 0;
    for (int i = 0; i < rootCount; i++) {
      for (int node = roots[i]; node != NONE; node = nextBelow(node, roots[i])) {
        depthOf[node] = node == roots[i] ? 0 : depthOf[parents[node]] + 1;
        messages[at] = isMissing(node) ? MessageThreads.MISSING : table.uid(rows[node]);
        depths[at++] = depthOf[node];
      }
    }
    return new MessageThreads(messages, depths);
  }
}
