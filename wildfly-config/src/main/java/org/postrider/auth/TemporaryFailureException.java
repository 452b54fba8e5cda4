package org.postrider.auth;

import java.io.Serial;
import javax.security.auth.login.LoginException;

/**
 * Whether the password is right cannot be told just now: a file cannot be read, a directory does
 * not answer. The chain stops here, because the next module might accept somebody whom this one
 * would have refused.
 *
 * <p>{@link #getMessage} is the same for every cause and holds nothing that a stranger should not
 * read, so it may be sent to the client. {@link #detail} tells the administrator what happened and
 * what to do; it belongs in the log.
 */
public final class TemporaryFailureException extends LoginException {

  /** What a client may read. */
  public static final String TEXT =
      "Sign-in is not possible at the moment. Please try again later.";

  @Serial private static final long serialVersionUID = 1L;

  private final String detail;

  /**
   * A failure found here.
   *
   * @param detail what happened and what to do, for the administrator
   */
  public TemporaryFailureException(String detail) {
    super(TEXT);
    this.detail = detail;
  }

  /**
   * A failure that something else reported.
   *
   * @param detail what happened and what to do, for the administrator
   * @param cause what was reported
   */
  public TemporaryFailureException(String detail, Throwable cause) {
    this(detail);
    initCause(cause);
  }

  /** What happened and what to do, for the administrator; never for the client. */
  public String detail() {
    return detail;
  }
}
