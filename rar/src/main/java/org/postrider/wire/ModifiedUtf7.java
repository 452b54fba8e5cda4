package org.postrider.wire;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.postrider.protocol.MailboxNameException;

/**
 * Mailbox names in the 7-bit spelling that IMAP had before UTF-8: {@code INBOX.&AOk-t&AOk-}.
 * Decoding takes only what encoding makes, so no two spellings name the same mailbox.
 *
 * @rfc 3501 5.1.3
 */
public final class ModifiedUtf7 {

  private ModifiedUtf7() {}

  /** The name as it goes to a client. */
  public static String encode(String name) {
    StringBuilder encoded = new StringBuilder(name.length() + 8);
    int i = 0;
    while (i < name.length()) {
      char c = name.charAt(i);
      if (isDirect(c)) {
        encoded.append(c);
        if (c == '&') {
          encoded.append('-');
        }
        i++;
      } else {
        int end = i;
        while (end < name.length() && !isDirect(name.charAt(end))) {
          end++;
        }
        byte[] utf16 = name.substring(i, end).getBytes(StandardCharsets.UTF_16BE);
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf16);
        encoded.append('&').append(base64.replace('/', ',')).append('-');
        i = end;
      }
    }
    return encoded.toString();
  }

  /**
   * The name that a client spelled.
   *
   * @throws MailboxNameException where it is not modified UTF-7
   */
  public static String decode(String encoded) throws MailboxNameException {
    if (encoded.indexOf('&') < 0) {
      if (!isPrintableAscii(encoded)) {
        throw notUtf7();
      }
      return encoded;
    }
    StringBuilder name = new StringBuilder(encoded.length());
    int i = 0;
    while (i < encoded.length()) {
      char c = encoded.charAt(i);
      if (c != '&') {
        if (c < ' ' || c > '~') {
          throw notUtf7();
        }
        name.append(c);
        i++;
        continue;
      }
      int end = encoded.indexOf('-', i);
      if (end < 0) {
        throw notUtf7();
      }
      name.append(end == i + 1 ? "&" : decodeShifted(encoded.substring(i + 1, end)));
      i = end + 1;
    }
    if (!encode(name.toString()).equals(encoded)) {
      throw notUtf7();
    }
    return name.toString();
  }

  private static String decodeShifted(String base64) throws MailboxNameException {
    try {
      byte[] utf16 = Base64.getDecoder().decode(base64.replace(',', '/'));
      if (utf16.length % 2 != 0 || base64.indexOf('/') >= 0 || base64.indexOf('=') >= 0) {
        throw notUtf7();
      }
      return new String(utf16, StandardCharsets.UTF_16BE);
    } catch (IllegalArgumentException e) {
      throw notUtf7();
    }
  }

  private static boolean isDirect(char c) {
    return c >= ' ' && c <= '~';
  }

  private static boolean isPrintableAscii(String text) {
    return text.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private static MailboxNameException notUtf7() {
    return new MailboxNameException(
        "This mailbox name is not modified UTF-7 (RFC 3501 section 5.1.3); names in UTF-8 need"
            + " ENABLE UTF8=ACCEPT.");
  }
}
