package org.postrider.search;

import java.util.Arrays;

/**
 * Trees of nodes that know their parents, while they are put together: a node gets a parent, or
 * loses it, and before that is asked whether a circle would come of it.
 *
 * <p>That question is answered by walking up, which is quick in mail. Where walks become long (a
 * chain of 100,000 answers), the trees are kept as link-cut trees as well, and it takes a time that
 * grows with the logarithm of their size, whatever their form. Used by one thread.
 */
final class ReplyForest {

  static final int NONE = -1;

  /** Steps up that are walked for each node before something better is called for. */
  private static final int STEPS = 16;

  private int[] parents;
  private int[] children;
  private int size;
  private long steps;

  /** The link-cut trees: children and parents in paths; null while it goes without. */
  private int[] upper;

  private int[] lower;
  private int[] up;

  /**
   * @param count nodes at the beginning, without parents
   */
  ReplyForest(int count) {
    parents = new int[Math.max(16, count + count / 2)];
    Arrays.fill(parents, NONE);
    children = new int[parents.length];
    size = count;
  }

  /** Adds a node without a parent. */
  int add() {
    if (size == parents.length) {
      int room = size * 2;
      parents = grown(parents, room);
      children = Arrays.copyOf(children, room);
      if (upper != null) {
        upper = grown(upper, room);
        lower = grown(lower, room);
        up = grown(up, room);
      }
    }
    return size++;
  }

  private static int[] grown(int[] nodes, int room) {
    int[] grown = Arrays.copyOf(nodes, room);
    Arrays.fill(grown, nodes.length, room, NONE);
    return grown;
  }

  int size() {
    return size;
  }

  /** The node's parent, or {@link #NONE}. */
  int parent(int node) {
    return parents[node];
  }

  /** True where {@code node} is below {@code root}, or is it; {@code root} has no parent. */
  boolean isBelow(int node, int root) {
    if (node == root || children[root] == 0) {
      return node == root;
    }
    if (upper == null) {
      int at = node;
      while (parents[at] != NONE) {
        at = parents[at];
        steps++;
      }
      if (steps > (long) STEPS * (size + 1000)) {
        linkAll();
      }
      return at == root;
    }
    return root(node) == root;
  }

  /** Gives a parent to a node that has none and that it is not below. */
  void link(int node, int parent) {
    parents[node] = parent;
    children[parent]++;
    if (upper != null) {
      access(node);
      up[node] = parent;
    }
  }

  /** Takes the parent away, if there is one. */
  void cut(int node) {
    if (parents[node] == NONE) {
      return;
    }
    children[parents[node]]--;
    parents[node] = NONE;
    if (upper != null) {
      access(node);
      up[upper[node]] = NONE;
      upper[node] = NONE;
    }
  }

  private void linkAll() {
    upper = new int[parents.length];
    lower = new int[parents.length];
    Arrays.fill(upper, NONE);
    Arrays.fill(lower, NONE);
    up = parents.clone();
  }

  private int root(int node) {
    access(node);
    int at = node;
    while (upper[at] != NONE) {
      at = upper[at];
    }
    splay(at);
    return at;
  }

  /** Makes the way from the root to the node one path, with the node on top of its splay tree. */
  private void access(int node) {
    int below = NONE;
    for (int at = node; at != NONE; at = up[at]) {
      splay(at);
      lower[at] = below;
      below = at;
    }
    splay(node);
  }

  private void splay(int node) {
    while (!isTop(node)) {
      int parent = up[node];
      if (!isTop(parent)) {
        int grandparent = up[parent];
        boolean straight = (upper[grandparent] == parent) == (upper[parent] == node);
        rotate(straight ? parent : node);
      }
      rotate(node);
    }
  }

  private boolean isTop(int node) {
    int parent = up[node];
    return parent == NONE || (upper[parent] != node && lower[parent] != node);
  }

  private void rotate(int node) {
    int parent = up[node];
    int grandparent = up[parent];
    boolean top = isTop(parent);
    if (upper[parent] == node) {
      int moved = lower[node];
      upper[parent] = moved;
      lower[node] = parent;
      if (moved != NONE) {
        up[moved] = parent;
      }
    } else {
      int moved = upper[node];
      lower[parent] = moved;
      upper[node] = parent;
      if (moved != NONE) {
        up[moved] = parent;
      }
    }
    up[parent] = node;
    up[node] = grandparent;
    if (!top) {
      if (upper[grandparent] == parent) {
        upper[grandparent] = node;
      } else {
        lower[grandparent] = node;
      }
    }
  }
}
