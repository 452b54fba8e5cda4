package org.postrider.wire;

/** A literal was announced that is larger than its place allows; none of it was taken. */
public final class LiteralTooBigException extends SyntaxException {

  private static final long serialVersionUID = 1;

  /**
   * @param size octets announced
   * @param most octets allowed
   */
  public LiteralTooBigException(long size, long most) {
    super("A literal of " + size + " octets is too large here; " + most + " are the most.");
  }
}
