package org.postrider.search;

import java.text.Normalizer;

/**
 * What is equal to a search: characters that differ in case alone, and the two ways to write a
 * letter with an accent (one character, or letter and combining accent). Accents count: {@code
 * eric} does not find {@code éric}.
 *
 * <p>Simple folding, one character for one, without locales. No character outside ASCII folds into
 * it (the Kelvin sign is no k), so that a search for ASCII may go over octets.
 */
final class CaseFolding {

  private static final char[] TABLE = table();

  private CaseFolding() {}

  private static char[] table() {
    char[] table = new char[Character.MAX_VALUE + 1];
    for (int i = 0; i < table.length; i++) {
      char c = (char) i;
      char folded = Character.toLowerCase(Character.toUpperCase(c));
      table[i] = c >= 0x80 && folded < 0x80 ? c : folded;
    }
    return table;
  }

  static char fold(char c) {
    return TABLE[c];
  }

  static void fold(char[] characters, int length) {
    for (int i = 0; i < length; i++) {
      characters[i] = TABLE[characters[i]];
    }
  }

  /** Composed and folded. */
  static char[] fold(String text) {
    char[] characters = composed(text).toCharArray();
    fold(characters, characters.length);
    return characters;
  }

  /** Letters and accents of their own made one character, where there is one. */
  static String composed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (combines(text.charAt(i))) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
      }
    }
    return text;
  }

  /** True for a character that may melt into the one before it. */
  static boolean combines(char c) {
    return c >= 0x300
        && (c < 0x370
            || (c >= 0x1160 && c < 0x1200)
            || (c >= 0x483 && c < 0xAC00 && Character.getType(c) == Character.NON_SPACING_MARK));
  }
}
