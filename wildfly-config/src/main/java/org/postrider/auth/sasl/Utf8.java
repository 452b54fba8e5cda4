package org.postrider.auth.sasl;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Text of a client's message. */
final class Utf8 {

  private Utf8() {}

  /**
   * The characters of a part of it.
   *
   * @return to be wiped by the caller; null if it is not UTF-8
   */
  static char[] chars(byte[] octets, int from, int to) {
    try {
      CharBuffer decoded =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets, from, to - from));
      char[] chars = new char[decoded.remaining()];
      decoded.get(chars);
      Arrays.fill(decoded.array(), '\0');
      return chars;
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /**
   * A part of it that is no secret.
   *
   * @return null if it is not UTF-8
   */
  static String text(byte[] octets, int from, int to) {
    char[] chars = chars(octets, from, to);
    return chars == null ? null : new String(chars);
  }
}
