package org.postrider.message;

import java.util.Arrays;

/**
 * Undoes a content transfer encoding, in pieces of any size: base64, quoted-printable, and anything
 * else as it is. Never fails: octets that are not of the encoding are passed over (base64) or stay
 * as they are (quoted-printable). Used by one thread.
 *
 * @rfc 2045 6.7
 * @rfc 2045 6.8
 */
public final class TransferDecoder {

  private enum Encoding {
    BASE64,
    QUOTED_PRINTABLE,
    NONE
  }

  private static final byte[] BASE64 = base64();
  private static final byte[] HEX = hex();

  private final Encoding encoding;

  /** What was decoded last; valid up to the length that {@link #decode} answered. */
  private byte[] decoded = new byte[0];

  private int bits;
  private int held;
  private final byte[] pending = new byte[4];
  private int pendingLength;

  /**
   * @param encoding in lower case, as in {@link Part#encoding}
   */
  public TransferDecoder(String encoding) {
    this.encoding =
        switch (encoding) {
          case "base64" -> Encoding.BASE64;
          case "quoted-printable" -> Encoding.QUOTED_PRINTABLE;
          default -> Encoding.NONE;
        };
  }

  private static byte[] base64() {
    byte[] table = new byte[256];
    Arrays.fill(table, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      table[alphabet.charAt(i)] = (byte) i;
    }
    table['='] = -2;
    return table;
  }

  private static byte[] hex() {
    byte[] table = new byte[256];
    Arrays.fill(table, (byte) -1);
    for (int i = 0; i < 16; i++) {
      table[Character.toUpperCase(Character.forDigit(i, 16))] = (byte) i;
      table[Character.forDigit(i, 16)] = (byte) i;
    }
    return table;
  }

  /** True where octets stay as they are: {@link #decode} need not be called. */
  public boolean isIdentity() {
    return encoding == Encoding.NONE;
  }

  /** Where {@link #decode} leaves its octets, from 0 on; valid until the next call. */
  public byte[] decoded() {
    return decoded;
  }

  /**
   * Decodes the next octets.
   *
   * @return how many octets there are now in {@link #decoded}
   */
  public int decode(byte[] octets, int from, int to) {
    int most = to - from + pending.length;
    if (decoded.length < most) {
      decoded = new byte[most];
    }
    return switch (encoding) {
      case BASE64 -> decodeBase64(octets, from, to);
      case QUOTED_PRINTABLE -> decodeQuotedPrintable(octets, from, to);
      case NONE -> {
        System.arraycopy(octets, from, decoded, 0, to - from);
        yield to - from;
      }
    };
  }

  private int decodeBase64(byte[] octets, int from, int to) {
    byte[] out = decoded;
    int length = 0;
    int at = from;
    while (at < to) {
      while (held == 0 && at + 4 <= to) {
        int four =
            BASE64[octets[at] & 0xFF] << 18
                | BASE64[octets[at + 1] & 0xFF] << 12
                | BASE64[octets[at + 2] & 0xFF] << 6
                | BASE64[octets[at + 3] & 0xFF];
        if (four < 0) {
          break;
        }
        out[length] = (byte) (four >> 16);
        out[length + 1] = (byte) (four >> 8);
        out[length + 2] = (byte) four;
        length += 3;
        at += 4;
      }
      if (at >= to) {
        break;
      }
      int value = BASE64[octets[at++] & 0xFF];
      if (value >= 0) {
        bits = bits << 6 | value;
        held += 6;
        if (held >= 8) {
          held -= 8;
          out[length++] = (byte) (bits >> held);
          bits &= (1 << held) - 1;
        }
      } else if (value == -2) {
        // The end of one text; another may follow.
        bits = 0;
        held = 0;
      }
    }
    return length;
  }

  private int decodeQuotedPrintable(byte[] octets, int from, int to) {
    int length = 0;
    int at = from;
    while (at < to) {
      if (pendingLength == 0) {
        int start = at;
        while (at < to && octets[at] != '=') {
          at++;
        }
        System.arraycopy(octets, start, decoded, length, at - start);
        length += at - start;
        if (at < to) {
          pending[pendingLength++] = octets[at++];
        }
      } else {
        byte next = octets[at];
        if (next == '\n') {
          // A soft line break: "=", blanks, end of line.
          boolean soft = pendingLength == 1 || isBlank(pending[1]);
          if (!soft) {
            length = keep(length);
          } else {
            at++;
          }
          pendingLength = 0;
        } else if (isBlank(next) && (pendingLength == 1 || isBlank(pending[1]))) {
          pending[1] = next;
          pendingLength = 2;
          at++;
        } else if (pendingLength == 1 && HEX[next & 0xFF] >= 0) {
          pending[pendingLength++] = next;
          at++;
        } else if (pendingLength == 2 && HEX[pending[1] & 0xFF] >= 0 && HEX[next & 0xFF] >= 0) {
          decoded[length++] = (byte) (HEX[pending[1] & 0xFF] << 4 | HEX[next & 0xFF]);
          pendingLength = 0;
          at++;
        } else {
          length = keep(length);
          pendingLength = 0;
        }
      }
    }
    return length;
  }

  private int keep(int length) {
    System.arraycopy(pending, 0, decoded, length, pendingLength);
    return length + pendingLength;
  }

  private static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t' || octet == '\r';
  }
}
