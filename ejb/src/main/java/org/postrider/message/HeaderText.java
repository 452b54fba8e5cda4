package org.postrider.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Octets of header fields as text: UTF-8 where they are that, else Windows-1252, which is what mail
 * programs of old put there. Encoded words stay as they are.
 *
 * @rfc 6532 3
 */
final class HeaderText {

  static final Charset WINDOWS_1252 = Charset.forName("windows-1252");

  private HeaderText() {}

  /** Decodes octets as they are. */
  static String decode(byte[] octets, int from, int to) {
    int length = to - from;
    for (int i = from; i < to; i++) {
      if (octets[i] < 0) {
        return decode8Bit(octets, from, length);
      }
    }
    return new String(octets, from, length, StandardCharsets.ISO_8859_1);
  }

  private static String decode8Bit(byte[] octets, int from, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(octets, from, length))
          .toString();
    } catch (CharacterCodingException e) {
      return new String(octets, from, length, WINDOWS_1252);
    }
  }

  /**
   * The value of an unfolded field: without blanks around it, and with a blank for each NUL, TAB,
   * CR and LF, none of which may stand in a response.
   */
  static String value(byte[] octets, int from, int to) {
    int first = from;
    int last = to;
    while (first < last && isBlank(octets[first])) {
      first++;
    }
    while (last > first && isBlank(octets[last - 1])) {
      last--;
    }
    for (int i = first; i < last; i++) {
      if (isBlank(octets[i])) {
        octets[i] = ' ';
      }
    }
    return decode(octets, first, last);
  }

  private static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n' || octet == 0;
  }
}
