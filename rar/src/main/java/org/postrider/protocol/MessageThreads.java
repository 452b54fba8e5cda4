package org.postrider.protocol;

import java.util.Arrays;
import java.util.function.LongUnaryOperator;

/**
 * Threads of messages: trees, written down from the top, each parent before its children. A tree
 * may be as deep as there are messages. Immutable.
 *
 * @rfc 5256 4 ({@code thread-data})
 */
public final class MessageThreads {

  /** In the place of a message that is missing, at the head of a thread. */
  public static final long MISSING = 0;

  private final long[] messages;
  private final int[] depths;

  /**
   * @param messages by UID or number; {@link #MISSING} only where the depth is 0
   * @param depths of each: 0 begins a thread, and none is more than one deeper than the one before
   */
  public MessageThreads(long[] messages, int[] depths) {
    this.messages = messages.clone();
    this.depths = depths.clone();
    if (messages.length != depths.length) {
      throw new IllegalArgumentException("each message has a depth");
    }
    for (int i = 0; i < depths.length; i++) {
      int deepest = i == 0 ? 0 : depths[i - 1] + 1;
      if (depths[i] < 0 || depths[i] > deepest || (messages[i] == MISSING && depths[i] > 0)) {
        throw new IllegalArgumentException("no tree has depth " + depths[i] + " at " + i);
      }
    }
  }

  /** How many messages there are, missing ones included. */
  public int size() {
    return messages.length;
  }

  public long message(int i) {
    return messages[i];
  }

  public int depth(int i) {
    return depths[i];
  }

  /** How many children each message has. */
  public int[] children() {
    int[] children = new int[messages.length];
    int[] last = new int[Arrays.stream(depths).max().orElse(0) + 1];
    for (int i = 0; i < depths.length; i++) {
      last[depths[i]] = i;
      if (depths[i] > 0) {
        children[last[depths[i] - 1]]++;
      }
    }
    return children;
  }

  /** The same threads of the same messages under other numbers. */
  public MessageThreads numbered(LongUnaryOperator numbers) {
    long[] numbered =
        Arrays.stream(messages).map(n -> n == MISSING ? MISSING : numbers.applyAsLong(n)).toArray();
    return new MessageThreads(numbered, depths);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MessageThreads threads
        && Arrays.equals(messages, threads.messages)
        && Arrays.equals(depths, threads.depths);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(messages) + Arrays.hashCode(depths);
  }

  @Override
  public String toString() {
    return Arrays.toString(messages) + " at " + Arrays.toString(depths);
  }
}
