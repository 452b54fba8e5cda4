package org.postrider.mail;

import java.util.Optional;
import org.postrider.protocol.ResponseCode;

/**
 * The store says no: nothing was changed (or, where the text says so, not all). Checked, so that a
 * container passes it on unwrapped. Its text is for the person at the client or the console: what
 * happened and what to do.
 *
 * @rfc 5530 3
 */
public final class MailException extends Exception {

  private static final long serialVersionUID = 1;

  private final transient ResponseCode code;

  /**
   * @param code null where no code fits
   * @param text one line
   */
  public MailException(ResponseCode code, String text) {
    super(text);
    this.code = code;
  }

  /**
   * @param cause for the log; clients never see it
   */
  public MailException(ResponseCode code, String text, Throwable cause) {
    super(text, cause);
    this.code = code;
  }

  public Optional<ResponseCode> code() {
    return Optional.ofNullable(code);
  }
}
