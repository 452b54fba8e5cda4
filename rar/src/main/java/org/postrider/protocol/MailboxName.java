package org.postrider.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A mailbox's name, decoded: {@code INBOX}, {@code INBOX.Sent.2024}. Its first part is folded to
 * {@code INBOX} whatever its case; the rest is kept as it came, because Courier's names on disk are
 * compared by octet.
 *
 * <p>A name is never a path: it has no {@code /}, no control character and no empty part, so each
 * of its parts can stand in a file name.
 *
 * @param value 1 to {@value #MAX_OCTETS} octets in UTF-8; in other namespaces to {@value
 *     #MAX_OCTETS_ELSEWHERE}
 * @rfc 3501 5.1
 */
public record MailboxName(String value) implements Comparable<MailboxName> {

  /** Between the levels of the hierarchy, as in Maildir++. */
  public static final char SEPARATOR = '.';

  /** Longest name: with its leading dot it must be one file name. */
  public static final int MAX_OCTETS = 255 + "INBOX".length();

  /**
   * Longest name that begins with {@code #} or {@code shared.}: it has more levels than those on
   * disk.
   */
  public static final int MAX_OCTETS_ELSEWHERE = 1000;

  public static final MailboxName INBOX = new MailboxName("INBOX");

  private static final String INBOX_PREFIX = "INBOX.";

  public MailboxName {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a mailbox name is not empty");
    }
  }

  /**
   * The name that these decoded characters spell.
   *
   * @throws MailboxNameException where no mailbox can have that name, with the reason
   */
  public static MailboxName parse(String text) throws MailboxNameException {
    if (text.isEmpty()) {
      throw new MailboxNameException("A mailbox name is needed; this one is empty.");
    }
    String name = foldInbox(text);
    boolean elsewhere = name.startsWith("#") || name.startsWith("shared" + SEPARATOR);
    int most = elsewhere ? MAX_OCTETS_ELSEWHERE : MAX_OCTETS;
    if (name.getBytes(StandardCharsets.UTF_8).length > most) {
      throw new MailboxNameException(
          "This mailbox name is too long: " + most + " octets are the most.");
    }
    char before = SEPARATOR;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean control = c < ' ' || (c >= 0x7F && c < 0xA0);
      if (control || c == '\u2028' || c == '\u2029') { // the last two by RFC 6855 section 3
        throw new MailboxNameException("A mailbox name has no control characters.");
      }
      if (c == '/') {
        throw new MailboxNameException(
            "A mailbox name has no slash; levels are separated by a dot.");
      }
      if (c == SEPARATOR && before == SEPARATOR) {
        throw new MailboxNameException(
            "A mailbox name has no empty level (two dots, or a dot at its beginning).");
      }
      if (Character.isSurrogate(c) && !isPaired(name, i)) {
        throw new MailboxNameException("This mailbox name is not Unicode text.");
      }
      before = c;
    }
    if (before == SEPARATOR) {
      throw new MailboxNameException("A mailbox name does not end in a dot.");
    }
    return new MailboxName(name);
  }

  private static boolean isPaired(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }

  /** The text with a leading {@code inbox} or {@code inbox.}, in any case, in capitals. */
  public static String foldInbox(String text) {
    if (text.length() < 5 || !text.substring(0, 5).toUpperCase(Locale.ROOT).equals("INBOX")) {
      return text;
    }
    if (text.length() == 5) {
      return "INBOX";
    }
    return text.charAt(5) == SEPARATOR ? "INBOX" + text.substring(5) : text;
  }

  public boolean isInbox() {
    return value.equals("INBOX");
  }

  /** True in the personal namespace: {@code INBOX} or below it. */
  public boolean isPersonal() {
    return isInbox() || value.startsWith(INBOX_PREFIX);
  }

  /** True where other accounts' mailboxes are: {@code #shared} and below it. */
  public boolean isElsewhere() {
    return value.equals("#shared") || value.startsWith("#shared" + SEPARATOR);
  }

  /** True where this name is below the other. */
  public boolean isBelow(MailboxName other) {
    return value.length() > other.value.length()
        && value.startsWith(other.value)
        && value.charAt(other.value.length()) == SEPARATOR;
  }

  @Override
  public int compareTo(MailboxName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
