package org.postrider.protocol;

/**
 * What SETACL does to the rights of an identifier.
 *
 * @rfc 4314 3.1, 7 (mod-rights)
 */
public record RightsChange(Kind kind, Rights rights) {

  /** How the rights named meet those that are there. */
  public enum Kind {
    REPLACE,
    ADD,
    REMOVE
  }

  /**
   * {@code lrs}, {@code +lrs} or {@code -lrs}.
   *
   * @throws IllegalArgumentException where a letter names no right, with a sentence for the client
   */
  public static RightsChange parse(String text) {
    char first = text.isEmpty() ? 0 : text.charAt(0);
    return switch (first) {
      case '+' -> new RightsChange(Kind.ADD, Rights.parse(text.substring(1)));
      case '-' -> new RightsChange(Kind.REMOVE, Rights.parse(text.substring(1)));
      default -> new RightsChange(Kind.REPLACE, Rights.parse(text));
    };
  }

  /** The rights after the change. */
  public Rights applyTo(Rights before) {
    return switch (kind) {
      case REPLACE -> rights;
      case ADD -> before.plus(rights);
      case REMOVE -> before.minus(rights);
    };
  }
}
