package org.postrider.maildir;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Names of folders as Courier-IMAP 4 and older wrote them, in modified UTF-7: ASCII, with {@code &}
 * and {@code -} around base64 of UTF-16, or {@code &-} for an ampersand.
 */
final class OldFolderName {

  private OldFolderName() {}

  /** True for a name that could be one, and says another in UTF-8. */
  static boolean isOne(String name) {
    boolean shifted = false;
    int at = name.indexOf('&');
    while (at >= 0) {
      int end = name.indexOf('-', at);
      if (end < 0 || !isShifted(name.substring(at + 1, end))) {
        return false;
      }
      shifted = true;
      at = name.indexOf('&', end);
    }
    return shifted && name.chars().allMatch(it -> it < 0x80);
  }

  private static boolean isShifted(String text) {
    try {
      byte[] octets =
          Base64.getDecoder().decode(text.replace(',', '/').getBytes(StandardCharsets.US_ASCII));
      return octets.length % 2 == 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
