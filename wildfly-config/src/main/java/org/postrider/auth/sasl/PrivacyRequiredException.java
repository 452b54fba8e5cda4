package org.postrider.auth.sasl;

import java.io.Serial;

/** The mechanism would show a password, or what is as good as one, to whoever reads along. */
public final class PrivacyRequiredException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  PrivacyRequiredException() {
    super("This mechanism is not taken in clear text.");
  }
}
