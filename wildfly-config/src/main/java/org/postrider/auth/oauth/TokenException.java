package org.postrider.auth.oauth;

import java.io.Serial;

/** A token is refused. */
public final class TokenException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final boolean scopeIsMissing;

  /**
   * @param reason for the administrator, with nothing of the token that was not verified
   */
  TokenException(String reason) {
    this(reason, false);
  }

  TokenException(String reason, boolean scopeIsMissing) {
    super(reason);
    this.scopeIsMissing = scopeIsMissing;
  }

  /** The error of RFC 6750 section 3.1. */
  public String status() {
    return scopeIsMissing ? "insufficient_scope" : "invalid_token";
  }
}
