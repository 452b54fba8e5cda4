package org.postrider.protocol;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Set;

/**
 * Whom an entry of an access list means. In the form of the access list itself:
 *
 * <ul>
 *   <li>{@code user=NAME}: the account whose address is NAME;
 *   <li>{@code group=NAME}: the accounts that have the option {@code group} with that value;
 *   <li>{@code owner}: the account that the mailbox belongs to;
 *   <li>{@code anyone}, {@code anonymous}: everybody;
 *   <li>{@code administrators}: the same as {@code group=administrators};
 *   <li>{@code authuser}: a word that Courier keeps, and that means nobody.
 * </ul>
 *
 * A client says and reads {@code user=NAME} as {@code NAME}, unless that would be another of these.
 * With {@code -} in front the rights are taken away from those it means.
 *
 * @param stored as above, with its {@code -}; never empty
 * @rfc 4314 2, 3
 */
public record AccessIdentifier(String stored) {

  public static final AccessIdentifier OWNER = new AccessIdentifier("owner");
  public static final AccessIdentifier ADMINISTRATORS = new AccessIdentifier("administrators");

  /** Longest identifier, in octets of UTF-8. */
  public static final int MAX_OCTETS = 512;

  private static final Set<String> WORDS =
      Set.of("anyone", "anonymous", "owner", "administrators", "authuser");
  private static final String USER = "user=";
  private static final String GROUP = "group=";
  private static final String ADMINISTRATORS_GROUP = GROUP + "administrators";

  public AccessIdentifier {
    if (stored.isEmpty()) {
      throw new IllegalArgumentException("an identifier is not empty");
    }
  }

  /**
   * The identifier that a client says, prepared by SASLprep (RFC 4013).
   *
   * @throws IllegalArgumentException where it is none, with a sentence for the client
   */
  public static AccessIdentifier parse(String said) {
    String text = prepared(said);
    boolean negative = text.startsWith("-");
    String whom = negative ? text.substring(1) : text;
    if (whom.isEmpty() || whom.equals(USER) || whom.equals(GROUP)) {
      throw new IllegalArgumentException("An identifier names somebody; this one is empty.");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_OCTETS) {
      throw new IllegalArgumentException(
          "This identifier is too long: " + MAX_OCTETS + " octets are the most.");
    }
    String stored =
        whom.equals(ADMINISTRATORS_GROUP)
            ? ADMINISTRATORS.stored
            : isPlain(whom) ? USER + whom : whom;
    return new AccessIdentifier(negative ? "-" + stored : stored);
  }

  /** True for the name of an account, without anything before it. */
  private static boolean isPlain(String whom) {
    return !WORDS.contains(whom) && !whom.startsWith(USER) && !whom.startsWith(GROUP);
  }

  /** True where rights are taken away. */
  public boolean isNegative() {
    return stored.startsWith("-");
  }

  /** As a client reads it. */
  public String wireName() {
    String sign = isNegative() ? "-" : "";
    String whom = stored.substring(sign.length());
    String name = whom.startsWith(USER) ? whom.substring(USER.length()) : "";
    boolean shortened = !name.isEmpty() && !name.startsWith("-") && isPlain(name);
    return sign + (shortened ? name : whom);
  }

  private static String prepared(String said) {
    StringBuilder mapped = new StringBuilder(said.length());
    said.codePoints()
        .filter(c -> !isInvisible(c))
        .forEach(c -> mapped.appendCodePoint(isSpace(c) ? ' ' : c));
    String text = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    if (text.codePoints().anyMatch(AccessIdentifier::isProhibited) || mixesDirections(text)) {
      throw new IllegalArgumentException("This is no identifier by SASLprep (RFC 4013).");
    }
    return text;
  }

  private static boolean isSpace(int c) {
    return Character.getType(c) == Character.SPACE_SEPARATOR;
  }

  /** RFC 3454 table B.1. */
  private static boolean isInvisible(int c) {
    return c == 0xAD
        || c == 0x34F
        || c == 0x1806
        || (c >= 0x180B && c <= 0x180D)
        || (c >= 0x200B && c <= 0x200D)
        || c == 0x2060
        || (c >= 0xFE00 && c <= 0xFE0F)
        || c == 0xFEFF;
  }

  /** RFC 3454 tables C.2 to C.9, and A.1: what Java's Unicode knows as no character of a text. */
  private static boolean isProhibited(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> c == 0x340 || c == 0x341 || (c >= 0x2FF0 && c <= 0x2FFB) || c == 0xFFFD;
    };
  }

  /** RFC 3454 section 6. */
  private static boolean mixesDirections(String text) {
    return text.codePoints().anyMatch(AccessIdentifier::isRightToLeft)
        && (text.codePoints()
                .anyMatch(
                    c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
            || !isRightToLeft(text.codePointAt(0))
            || !isRightToLeft(text.codePointBefore(text.length())));
  }

  private static boolean isRightToLeft(int c) {
    byte direction = Character.getDirectionality(c);
    return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }

  @Override
  public String toString() {
    return wireName();
  }
}
