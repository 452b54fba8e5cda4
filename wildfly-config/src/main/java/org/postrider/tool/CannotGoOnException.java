package org.postrider.tool;

/**
 * Something that only a person can mend. The message is one or more whole sentences that say what
 * happened and what to do; it is all that the person gets to see.
 */
final class CannotGoOnException extends Exception {

  private static final long serialVersionUID = 1L;

  CannotGoOnException(String sentences) {
    super(sentences);
  }

  CannotGoOnException(String sentences, Throwable cause) {
    super(sentences, cause);
  }
}
