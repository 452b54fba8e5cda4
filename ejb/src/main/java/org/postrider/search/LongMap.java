package org.postrider.search;

/**
 * Numbers other than 0, each with an index. Open addressing over two arrays; keys are hashes that
 * nobody outside can foresee, or few and small.
 */
final class LongMap {

  static final int NONE = -1;

  private long[] keys;
  private int[] values;
  private int size;

  /**
   * @param expected about how many there will be
   */
  LongMap(int expected) {
    int capacity = Integer.highestOneBit(Math.max(16, expected)) * 4;
    keys = new long[capacity];
    values = new int[capacity];
  }

  /** The index of a key, or {@link #NONE}. */
  int get(long key) {
    int at = slot(key);
    return keys[at] == 0 ? NONE : values[at];
  }

  void put(long key, int value) {
    int at = slot(key);
    if (keys[at] == 0) {
      keys[at] = key;
      size++;
    }
    values[at] = value;
    if (size > keys.length / 2) {
      grow();
    }
  }

  private int slot(long key) {
    int mask = keys.length - 1;
    long mixed = key * 0x9E37_79B9_7F4A_7C15L;
    int at = (int) (mixed >>> 32) & mask;
    while (keys[at] != 0 && keys[at] != key) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldValues = values;
    keys = new long[Math.multiplyExact(oldKeys.length, 2)];
    values = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        int at = slot(oldKeys[i]);
        keys[at] = oldKeys[i];
        values[at] = oldValues[i];
      }
    }
  }
}
