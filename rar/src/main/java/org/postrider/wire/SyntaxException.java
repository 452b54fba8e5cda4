package org.postrider.wire;

/**
 * What came is not the grammar. The text names what was expected and where; it is answered with
 * {@code BAD}.
 */
public sealed class SyntaxException extends Exception permits LiteralTooBigException {

  private static final long serialVersionUID = 1;

  public SyntaxException(String text) {
    super(text);
  }
}
