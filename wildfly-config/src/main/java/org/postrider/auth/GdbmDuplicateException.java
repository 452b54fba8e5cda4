package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Serial;

/** A key was given twice to a {@link GdbmWriter}. */
final class GdbmDuplicateException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient byte[] key;

  /**
   * Names the key.
   *
   * @param key of all that came twice, the one whose second coming was first
   */
  GdbmDuplicateException(byte[] key) {
    super("The key " + new String(key, UTF_8) + " was given twice.");
    this.key = key.clone();
  }

  byte[] key() {
    return key.clone();
  }
}
