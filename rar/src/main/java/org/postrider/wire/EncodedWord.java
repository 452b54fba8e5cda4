package org.postrider.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Text beyond ASCII for a client that has not enabled UTF-8: RFC 2047's encoded words, each at most
 * 75 characters and never cutting a character in two.
 *
 * @rfc 2047 2
 */
final class EncodedWord {

  /** Octets of UTF-8 whose base64 still fits in 75 characters beside {@code =?utf-8?B??=}. */
  private static final int OCTETS_A_WORD = 45;

  private EncodedWord() {}

  static boolean isNeeded(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return true;
      }
    }
    return false;
  }

  static String encode(String text) {
    StringBuilder words = new StringBuilder();
    int from = 0;
    while (from < text.length()) {
      int to = from;
      int octets = 0;
      while (to < text.length()) {
        int codePoint = text.codePointAt(to);
        int size = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
        if (octets + size > OCTETS_A_WORD) {
          break;
        }
        octets += size;
        to += Character.charCount(codePoint);
      }
      if (from > 0) {
        words.append(' ');
      }
      byte[] utf8 = text.substring(from, to).getBytes(StandardCharsets.UTF_8);
      words.append("=?utf-8?B?").append(Base64.getEncoder().encodeToString(utf8)).append("?=");
      from = to;
    }
    return words.toString();
  }
}
