package org.postrider.search;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * The order of texts that SORT and THREAD are bound to, {@code i;unicode-casemap}: each character
 * in title case and taken apart into letters and accents, then compared by octets of UTF-8.
 *
 * @rfc 5051 2
 */
final class UnicodeCasemap {

  /**
   * Octets of a key. Longer texts are cut and end in a hash of the whole: those that differ stay
   * different, and only the order of texts that begin with the same {@value} octets is arbitrary.
   */
  static final int MAX_KEY = 512;

  private static final byte[] EMPTY = {};

  /** What a character of the first plane becomes; filled as they are met. */
  private static final String[] FORMS = new String[Character.MAX_VALUE + 1];

  private static final int FIRST_HANGUL = 0xAC00;
  private static final int LAST_HANGUL = 0xD7A3;

  private UnicodeCasemap() {}

  /** What stands for a text where it is compared: as octets without sign. */
  static byte[] key(String text) {
    if (text.isEmpty()) {
      return EMPTY;
    }
    byte[] key = isAscii(text) ? ofAscii(text) : of(text);
    if (key.length <= MAX_KEY) {
      return key;
    }
    byte[] cut = Arrays.copyOf(key, MAX_KEY + Long.BYTES);
    long hash = KeyedHash.of(key);
    for (int i = 0; i < Long.BYTES; i++) {
      cut[MAX_KEY + i] = (byte) (hash >>> (8 * i));
    }
    return cut;
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ofAscii(String text) {
    byte[] key = new byte[text.length()];
    for (int i = 0; i < key.length; i++) {
      char c = text.charAt(i);
      key[i] = (byte) (c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
    }
    return key;
  }

  private static byte[] of(String text) {
    StringBuilder folded = new StringBuilder(text.length() + 16);
    text.codePoints().forEach(c -> folded.append(form(c)));
    return folded.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String form(int c) {
    if (c >= FORMS.length) {
      return decomposed(c);
    }
    String form = FORMS[c];
    if (form == null) {
      form = decomposed(c);
      FORMS[c] = form; // threads that meet it at once find out the same
    }
    return form;
  }

  /** Syllables of Hangul have no decomposition of their own in Unicode's data. */
  private static String decomposed(int c) {
    String title = Character.toString(Character.toTitleCase(c));
    return c >= FIRST_HANGUL && c <= LAST_HANGUL
        ? title
        : Normalizer.normalize(title, Normalizer.Form.NFKD);
  }
}
