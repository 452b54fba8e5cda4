package org.postrider.protocol;

/**
 * A name that no mailbox can have; the text tells a person why. Answered with {@code NO [CANNOT]}.
 */
public final class MailboxNameException extends Exception {

  private static final long serialVersionUID = 1;

  public MailboxNameException(String text) {
    super(text);
  }
}
