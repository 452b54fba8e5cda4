package org.postrider.search;

import java.util.Arrays;

/**
 * Looks for one text in others that come in pieces of any size: case-insensitive, as a substring,
 * also across pieces. Horspool's search where the text is short: most characters are never looked
 * at. Its worst case grows with the length of the text, so longer ones are looked for by Knuth,
 * Morris and Pratt's. Used by one thread.
 */
final class TextMatcher {

  private static final int SKIPS = 256;

  /** Longest text for Horspool's search. */
  private static final int SHORT = 64;

  private final char[] wanted;
  private final boolean ascii;

  /** How far to go on, by the low octet of the character under the last one. */
  private final int[] skips = new int[SKIPS];

  /** The end of what came before, folded: one character less than is wanted. */
  private final char[] tail;

  private final char[] border;
  private int tailLength;

  /** For each length that fits, the next shorter one that may; null for short texts. */
  private final int[] shorter;

  /** How many characters of the wanted text the end of what came before is. */
  private int fitting;

  private boolean found;

  /**
   * @param text not empty
   */
  TextMatcher(String text) {
    wanted = CaseFolding.fold(text);
    ascii = text.chars().allMatch(c -> c < 0x80);
    shorter = wanted.length > SHORT ? shorter(wanted) : null;
    tail = new char[shorter == null ? wanted.length - 1 : 0];
    border = new char[2 * tail.length];
    Arrays.fill(skips, wanted.length);
    for (int i = 0; i < wanted.length - 1; i++) {
      skip(wanted[i], wanted.length - 1 - i);
    }
  }

  private static int[] shorter(char[] wanted) {
    int[] shorter = new int[wanted.length];
    int fitting = 0;
    for (int i = 1; i < wanted.length; i++) {
      while (fitting > 0 && wanted[i] != wanted[fitting]) {
        fitting = shorter[fitting - 1];
      }
      fitting += wanted[i] == wanted[fitting] ? 1 : 0;
      shorter[i] = fitting;
    }
    return shorter;
  }

  private void next(char c) {
    while (fitting > 0 && c != wanted[fitting]) {
      fitting = shorter[fitting - 1];
    }
    fitting += c == wanted[fitting] ? 1 : 0;
    if (fitting == wanted.length) {
      found = true;
      fitting = 0;
    }
  }

  private void skip(char folded, int distance) {
    skips[folded & 0xFF] = Math.min(skips[folded & 0xFF], distance);
    if (folded < 0x80) {
      char upper = Character.toUpperCase(folded);
      skips[upper & 0xFF] = Math.min(skips[upper & 0xFF], distance);
    }
  }

  /**
   * True where the wanted text has only characters of ASCII, so that {@link #octets} may be used.
   */
  boolean isAscii() {
    return ascii;
  }

  /** A text of its own begins. */
  void start() {
    tailLength = 0;
    fitting = 0;
  }

  boolean found() {
    return found;
  }

  /** Forgets everything, for the next message. */
  void reset() {
    found = false;
    start();
  }

  /** The next octets of a text in which octets below 128 are ASCII. */
  void octets(byte[] octets, int from, int to) {
    if (found || from >= to) {
      return;
    }
    if (shorter != null) {
      for (int i = from; i < to; i++) {
        next(folded(octets[i]));
      }
      return;
    }
    int head = Math.min(tail.length, to - from);
    System.arraycopy(tail, 0, border, 0, tailLength);
    for (int i = 0; i < head; i++) {
      border[tailLength + i] = folded(octets[from + i]);
    }
    found = indexIn(border, tailLength + head) >= 0 || isIn(octets, from, to);
    keep(head, to - from, i -> folded(octets[from + i]));
  }

  /** The next characters of a text, folded. */
  void folded(char[] characters, int length) {
    if (found || length == 0) {
      return;
    }
    if (shorter != null) {
      for (int i = 0; i < length; i++) {
        next(characters[i]);
      }
      return;
    }
    int head = Math.min(tail.length, length);
    System.arraycopy(tail, 0, border, 0, tailLength);
    System.arraycopy(characters, 0, border, tailLength, head);
    found = indexIn(border, tailLength + head) >= 0 || indexIn(characters, length) >= 0;
    keep(head, length, i -> characters[i]);
  }

  /** A whole text. */
  void text(String text) {
    if (!found) {
      char[] characters = CaseFolding.fold(text);
      start();
      folded(characters, characters.length);
    }
  }

  private interface Piece {
    char at(int index);
  }

  /**
   * Remembers the end of all that came so far; the border holds the old tail and {@code head}
   * characters.
   */
  private void keep(int head, int length, Piece piece) {
    if (length >= tail.length) {
      for (int i = 0; i < tail.length; i++) {
        tail[i] = piece.at(length - tail.length + i);
      }
      tailLength = tail.length;
    } else {
      int all = tailLength + head;
      tailLength = Math.min(all, tail.length);
      System.arraycopy(border, all - tailLength, tail, 0, tailLength);
    }
  }

  private static char folded(byte octet) {
    int c = octet;
    return (char) (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c & 0xFF);
  }

  private int indexIn(char[] text, int length) {
    int last = wanted.length - 1;
    int at = last;
    while (at < length) {
      char c = text[at];
      if (c == wanted[last]) {
        int i = last - 1;
        int j = at - 1;
        while (i >= 0 && text[j] == wanted[i]) {
          i--;
          j--;
        }
        if (i < 0) {
          return j + 1;
        }
      }
      at += skips[c & 0xFF];
    }
    return -1;
  }

  private boolean isIn(byte[] octets, int from, int to) {
    int last = wanted.length - 1;
    char end = wanted[last];
    int at = from + last;
    while (at < to) {
      byte octet = octets[at];
      if (folded(octet) == end) {
        int i = last - 1;
        int j = at - 1;
        while (i >= 0 && folded(octets[j]) == wanted[i]) {
          i--;
          j--;
        }
        if (i < 0) {
          return true;
        }
      }
      at += skips[octet & 0xFF];
    }
    return false;
  }
}
