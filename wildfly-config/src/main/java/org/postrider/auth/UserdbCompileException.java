package org.postrider.auth;

import java.io.IOException;
import java.io.Serial;

/**
 * A userdb cannot be compiled. What was compiled before is still in place. The message is what
 * Courier's makeuserdb prints where it has one for the case, and may have several lines.
 */
public final class UserdbCompileException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  private final int exitCode;

  UserdbCompileException(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  UserdbCompileException(int exitCode, String message, Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** What Courier's makeuserdb ends with: 1, 2 or 255. */
  public int exitCode() {
    return exitCode;
  }
}
