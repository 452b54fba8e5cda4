package org.postrider.search;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Keys of texts, each once: messages of a folder name the same few people, and answers repeat their
 * subjects. Number 0 is the empty text. Guarded by its own lock; numbers never change.
 */
final class TextPool {

  /** A key in a map, by what it says. */
  private record Key(byte[] octets, int hash) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key && Arrays.equals(octets, key.octets);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private final Map<Key, Integer> numbers = new HashMap<>();
  private byte[][] texts = new byte[64][];
  private int size;
  private long octets;

  /** Numbers in the order of their texts; those of the first {@code order.length}. */
  private Integer[] order = {};

  private int[] ranks = {};

  TextPool() {
    number(new byte[0]);
  }

  /** The number of a text. */
  synchronized int number(byte[] text) {
    Key key = new Key(text, Long.hashCode(KeyedHash.of(text)));
    Integer known = numbers.putIfAbsent(key, size);
    if (known != null) {
      return known;
    }
    if (size == texts.length) {
      texts = Arrays.copyOf(texts, size * 2);
    }
    texts[size] = text;
    octets += text.length;
    return size++;
  }

  synchronized byte[] text(int number) {
    return texts[number];
  }

  /** Heap that it takes, roughly. */
  synchronized long octets() {
    return octets + 120L * size;
  }

  /**
   * The place of each number among all texts in their order. Sorted once; what came since is merged
   * in.
   */
  synchronized int[] ranks() {
    if (order.length < size) {
      int before = order.length;
      order = Arrays.copyOf(order, size);
      for (int i = before; i < size; i++) {
        order[i] = i;
      }
      Arrays.sort(order, (a, b) -> Arrays.compareUnsigned(texts[a], texts[b]));
      int[] places = new int[size];
      for (int i = 0; i < size; i++) {
        places[order[i]] = i;
      }
      ranks = places;
    }
    return ranks;
  }
}
