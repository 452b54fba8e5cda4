package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.Optional;

/**
 * The form in which names and passwords are compared, whatever keyboard they were typed on: RFC
 * 4013, a profile of RFC 3454. Spaces of other scripts become the plain one, what is invisible
 * goes, the rest is normalised by NFKC; control characters, private ones, and a mixture of writing
 * directions that could be read in two ways are refused. Characters that Unicode got after RFC 3454
 * are taken as they are.
 */
public final class SaslPrep {

  private SaslPrep() {}

  /**
   * A password as SCRAM uses it: prepared where it can be, and as it is where RFC 4013 refuses it,
   * so that such a password is of use all the same, as long as client and server have the same
   * octets.
   *
   * @param password is not changed
   * @return UTF-8, to be wiped by the caller
   * @throws IllegalArgumentException if no sign-in would take it: NUL, half a surrogate pair
   */
  public static byte[] octets(char[] password) {
    if (isPlain(password)) {
      byte[] octets = new byte[password.length];
      for (int i = 0; i < octets.length; i++) {
        octets[i] = (byte) password[i];
      }
      return octets;
    }
    // Normalizing makes a string, which cannot be wiped: only of passwords beyond ASCII.
    Optional<String> prepared = prepare(new String(password));
    if (prepared.isPresent()) {
      return prepared.get().getBytes(UTF_8);
    }
    byte[] octets = PasswordHash.octets(password);
    if (octets == null) {
      throw new IllegalArgumentException("A password is text without NUL; this one is not.");
    }
    return octets;
  }

  private static boolean isPlain(char[] text) {
    for (char character : text) {
      if (character < ' ' || character > '~') {
        return false;
      }
    }
    return true;
  }

  /**
   * The prepared form of a text.
   *
   * @return empty if RFC 4013 refuses it
   */
  public static Optional<String> prepare(String text) {
    if (isPlain(text.toCharArray())) {
      return Optional.of(text);
    }
    StringBuilder mapped = new StringBuilder(text.length());
    text.codePoints()
        .filter(c -> isSpace(c) || !isInvisible(c))
        .forEach(c -> mapped.appendCodePoint(isSpace(c) ? ' ' : c));
    String prepared = Normalizer.normalize(mapped, Normalizer.Form.NFKC);
    return prepared.codePoints().anyMatch(SaslPrep::isProhibited) || mixesDirections(prepared)
        ? Optional.empty()
        : Optional.of(prepared);
  }

  /** Table C.1.2. */
  private static boolean isSpace(int c) {
    return c == 0xA0
        || c == 0x1680
        || within(c, 0x2000, 0x200B)
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }

  /** Table B.1. */
  private static boolean isInvisible(int c) {
    return c == 0xAD
        || c == 0x34F
        || c == 0x1806
        || within(c, 0x180B, 0x180D)
        || within(c, 0x200B, 0x200D)
        || c == 0x2060
        || within(c, 0xFE00, 0xFE0F)
        || c == 0xFEFF;
  }

  /** Tables C.2.1 to C.9. */
  private static boolean isProhibited(int c) {
    boolean control =
        c < ' '
            || within(c, 0x7F, 0x9F)
            || c == 0x6DD
            || c == 0x70F
            || c == 0x180E
            || within(c, 0x2028, 0x2029)
            || within(c, 0x2060, 0x2063)
            || within(c, 0x1D173, 0x1D17A);
    boolean display =
        within(c, 0x340, 0x341)
            || within(c, 0x200E, 0x200F)
            || within(c, 0x202A, 0x202E)
            || within(c, 0x206A, 0x206F)
            || within(c, 0x2FF0, 0x2FFB)
            || within(c, 0xFFF9, 0xFFFD)
            || c == 0xE0001
            || within(c, 0xE0020, 0xE007F);
    boolean noCharacter =
        within(c, 0xFDD0, 0xFDEF)
            || (c & 0xFFFE) == 0xFFFE
            || Character.getType(c) == Character.SURROGATE
            || Character.getType(c) == Character.PRIVATE_USE;
    return control || display || noCharacter || isSpace(c);
  }

  /** RFC 3454 section 6. */
  private static boolean mixesDirections(String text) {
    if (text.codePoints().noneMatch(SaslPrep::isRightToLeft)) {
      return false;
    }
    return text.codePoints()
            .anyMatch(c -> Character.getDirectionality(c) == Character.DIRECTIONALITY_LEFT_TO_RIGHT)
        || !isRightToLeft(text.codePointAt(0))
        || !isRightToLeft(text.codePointBefore(text.length()));
  }

  private static boolean isRightToLeft(int c) {
    byte direction = Character.getDirectionality(c);
    return direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
        || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC;
  }

  private static boolean within(int c, int first, int last) {
    return c >= first && c <= last;
  }
}
