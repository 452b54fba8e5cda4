package org.postrider.outbox;

import java.io.IOException;

/** A message was not sent, or nobody can tell. The text is for the person whose message it is. */
public final class UnsentException extends IOException {

  private static final long serialVersionUID = 1;

  UnsentException(String text) {
    super(text);
  }

  UnsentException(String text, Throwable cause) {
    super(text, cause);
  }
}
