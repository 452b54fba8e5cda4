package org.postrider.auth;

import java.io.IOException;
import java.io.Serial;

/**
 * A file is not a GDBM file that can be read, or is damaged. The message names the file, says what
 * is wrong with it and what to do.
 */
final class GdbmException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  GdbmException(String message) {
    super(message);
  }
}
