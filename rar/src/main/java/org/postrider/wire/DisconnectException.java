package org.postrider.wire;

import java.io.IOException;
import java.util.Optional;
import org.postrider.protocol.ResponseCode;

/** The conversation has to end, and the client is told why: its text is the last {@code BYE}. */
public final class DisconnectException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient ResponseCode code;

  /**
   * @param code null where none fits
   */
  public DisconnectException(ResponseCode code, String text) {
    super(text);
    this.code = code;
  }

  public Optional<ResponseCode> code() {
    return Optional.ofNullable(code);
  }
}
