package org.postrider.search;

/** Sorts by several columns of numbers at once. What does not differ in any stays in its order. */
public final class Ordering {

  /** Below this many it is quicker to put each into its place. */
  private static final int SHORT = 8;

  private final long[][] columns;
  private final boolean[] reverse;

  /**
   * @param columns the first counts most
   * @param reverse for each column, true where larger numbers come first
   */
  public Ordering(long[][] columns, boolean[] reverse) {
    this.columns = columns.clone();
    this.reverse = reverse.clone();
  }

  /** Ascending by one column. */
  static int[] ascending(long[] column) {
    return new Ordering(new long[][] {column}, new boolean[1]).sorted(column.length);
  }

  /** The indexes from 0 to {@code count} (exclusive) in order. */
  public int[] sorted(int count) {
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    for (int from = 0; from < count; from += SHORT) {
      insert(order, from, Math.min(from + SHORT, count));
    }
    int[] other = new int[count];
    for (int run = SHORT; run < count && run > 0; run *= 2) {
      for (int from = 0; from < count; from += 2 * run) {
        int middle = Math.min(from + run, count);
        merge(order, from, middle, (int) Math.min((long) from + 2 * run, count), other);
      }
      int[] swap = order;
      order = other;
      other = swap;
    }
    return order;
  }

  private void insert(int[] order, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      int moved = order[i];
      int at = i;
      while (at > from && compare(order[at - 1], moved) > 0) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = moved;
    }
  }

  private void merge(int[] source, int from, int middle, int to, int[] target) {
    if (middle >= to || compare(source[middle - 1], source[middle]) <= 0) {
      System.arraycopy(source, from, target, from, to - from);
      return;
    }
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takeLeft =
          right == to || (left < middle && compare(source[left], source[right]) <= 0);
      target[i] = takeLeft ? source[left++] : source[right++];
    }
  }

  private int compare(int a, int b) {
    for (int i = 0; i < columns.length; i++) {
      int difference = Long.compare(columns[i][a], columns[i][b]);
      if (difference != 0) {
        return reverse[i] ? -difference : difference;
      }
    }
    return 0;
  }
}
