package org.postrider.wire;

import java.io.IOException;
import java.util.BitSet;
import org.postrider.protocol.MessageThreads;

/**
 * Writes threads: a chain of replies is one list, and where a message has several replies each of
 * them begins a list of its own. One pass without recursion, for a thread may be as deep as the
 * mailbox is large.
 *
 * @rfc 5256 5 ({@code thread-data})
 */
final class ThreadWriter {

  private final ResponseWriter out;

  ThreadWriter(ResponseWriter out) {
    this.out = out;
  }

  void write(MessageThreads threads) throws IOException {
    out.ascii("* THREAD");
    int[] children = threads.children();
    int[] ancestors = new int[deepest(threads) + 1];
    BitSet open = new BitSet(); // by depth: a list begins with the message there
    for (int i = 0; i < threads.size(); i++) {
      int depth = threads.depth(i);
      boolean first = i > 0 && threads.depth(i - 1) < depth;
      if (i == 0) {
        out.octet(' ');
      } else if (!first) {
        close(open, depth, threads.depth(i - 1));
      }
      int parent = depth == 0 ? -1 : ancestors[depth - 1];
      boolean missingParent = parent >= 0 && threads.message(parent) == MessageThreads.MISSING;
      if (first && !missingParent) {
        out.octet(' ');
      }
      if (parent < 0 || children[parent] > 1) {
        out.octet('(');
        open.set(depth);
      }
      if (threads.message(i) != MessageThreads.MISSING) {
        out.number(threads.message(i));
      }
      ancestors[depth] = i;
    }
    if (threads.size() > 0) {
      close(open, 0, threads.depth(threads.size() - 1));
    }
  }

  private static int deepest(MessageThreads threads) {
    int deepest = 0;
    for (int i = 0; i < threads.size(); i++) {
      deepest = Math.max(deepest, threads.depth(i));
    }
    return deepest;
  }

  /** Ends the lists that began at these depths. */
  private void close(BitSet open, int from, int to) throws IOException {
    for (int depth = from; depth <= to; depth++) {
      if (open.get(depth)) {
        out.octet(')');
        open.clear(depth);
      }
    }
  }
}
