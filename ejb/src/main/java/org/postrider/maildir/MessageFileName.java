package org.postrider.maildir;

import java.util.Comparator;
import org.postrider.protocol.Flags;
import org.postrider.protocol.SystemFlag;

/**
 * The name of a message's file in {@code cur}: what never changes, and the flags.
 *
 * <pre>
 * 1795347618.M790413P977V000000000000FE00I0000000000244041_0.mail,S=72:2,FS
 * |------------------------- base -----------------------------------|info|
 * </pre>
 *
 * The last colon divides them. Flags are letters after {@code :2,}, written in the order of their
 * octets: D draft, F flagged, R answered, S seen, T deleted. Letters of other programs (P passed, a
 * to z) stay where they are when flags change; Courier drops them. A name without {@code :2,} has
 * no flags, and gets {@code :2,} when they change.
 *
 * @param base octets; the name in the UID list and of keyword files
 * @param info from the colon on; empty where there is none
 */
record MessageFileName(String base, String info) {

  private static final String PREFIX = ":2,";

  /** Digits of a size; more are no size of a file. */
  private static final int LONGEST_SIZE = 18;

  /**
   * The order in which messages that came together are numbered: by leading decimal number, then by
   * octets.
   */
  static final Comparator<String> ARRIVAL =
      Comparator.comparingLong(MessageFileName::leadingNumber)
          .thenComparing(MessageFileName::untilColon);

  static MessageFileName parse(String name) {
    int colon = name.lastIndexOf(':');
    return colon < 0
        ? new MessageFileName(name, "")
        : new MessageFileName(name.substring(0, colon), name.substring(colon));
  }

  /** The name in {@code cur} of a message that lies in {@code new}. */
  static String fromNew(String name) {
    return name.indexOf(':') >= 0 ? name : name + PREFIX;
  }

  @Override
  public String toString() {
    return base + info;
  }

  /** Octets of the file as a base name tells them ({@code ,S=72}); -1 where it does not. */
  static long diskSize(String base) {
    int end = base.indexOf(':') < 0 ? base.length() : base.indexOf(':');
    int at = base.lastIndexOf(",S=", end - 3);
    while (at >= 0 && !isDigit(base, at + 3, end)) {
      at = base.lastIndexOf(",S=", at - 1);
    }
    if (at < 0) {
      return -1;
    }
    long size = 0;
    for (int i = at + 3; isDigit(base, i, end); i++) {
      if (i - at > LONGEST_SIZE + 2) {
        return -1;
      }
      size = size * 10 + (base.charAt(i) - '0');
    }
    return size;
  }

  private static boolean isDigit(String text, int at, int end) {
    return at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  /** The system flags that an info spells. */
  static Flags flags(String info) {
    Flags flags = Flags.NONE;
    if (!info.startsWith(PREFIX)) {
      return flags;
    }
    for (int i = PREFIX.length(); i < info.length() && isLetter(info.charAt(i)); i++) {
      SystemFlag flag = flag(info.charAt(i));
      if (flag != null) {
        flags = flags.plus(flag);
      }
    }
    return flags;
  }

  /** The info that spells these system flags, and whatever else the old one spelled. */
  static String info(Flags flags, String old) {
    StringBuilder letters = new StringBuilder();
    for (char c = 'A'; c <= 'z'; c++) {
      SystemFlag flag = flag(c);
      if (flag != null ? flags.has(flag) : isLetter(c) && spells(old, c)) {
        letters.append(c);
      }
    }
    return PREFIX + letters + tail(old);
  }

  private static boolean spells(String info, char letter) {
    if (!info.startsWith(PREFIX)) {
      return false;
    }
    for (int i = PREFIX.length(); i < info.length() && isLetter(info.charAt(i)); i++) {
      if (info.charAt(i) == letter) {
        return true;
      }
    }
    return false;
  }

  /** What follows the letters, where another program added something. */
  private static String tail(String info) {
    if (!info.startsWith(PREFIX)) {
      return "";
    }
    int i = PREFIX.length();
    while (i < info.length() && isLetter(info.charAt(i))) {
      i++;
    }
    return info.substring(i);
  }

  private static boolean isLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }

  private static SystemFlag flag(char letter) {
    return switch (letter) {
      case 'D' -> SystemFlag.DRAFT;
      case 'F' -> SystemFlag.FLAGGED;
      case 'R' -> SystemFlag.ANSWERED;
      case 'S' -> SystemFlag.SEEN;
      case 'T' -> SystemFlag.DELETED;
      default -> null;
    };
  }

  /** As C's {@code atol}: blanks, a sign, digits. */
  private static long leadingNumber(String name) {
    int i = 0;
    while (i < name.length() && isBlank(name.charAt(i))) {
      i++;
    }
    boolean negative = i < name.length() && name.charAt(i) == '-';
    boolean signed = negative || (i < name.length() && name.charAt(i) == '+');
    long number = 0;
    for (i += signed ? 1 : 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        break;
      }
      if (number > (Long.MAX_VALUE - 9) / 10) {
        return negative ? Long.MIN_VALUE : Long.MAX_VALUE;
      }
      number = number * 10 + (c - '0');
    }
    return negative ? -number : number;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static String untilColon(String name) {
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }
}
