package org.postrider.protocol;

/**
 * The word a client puts before a command, and by which it recognises the answer: 1 to 255
 * characters.
 *
 * @param value the tag as it came; never empty, never with {@code +}, spaces or specials
 * @rfc 3501 2.2.1
 */
public record Tag(String value) {

  /** Longest tag taken; longer ones are nobody's honest tag. */
  public static final int MAX_LENGTH = 255;

  public Tag {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("a tag has 1 to " + MAX_LENGTH + " characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
