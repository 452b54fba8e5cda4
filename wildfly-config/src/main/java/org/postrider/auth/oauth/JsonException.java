package org.postrider.auth.oauth;

import java.io.Serial;

/** A text is no JSON, or more of it than is taken. */
final class JsonException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  JsonException(String text) {
    super(text);
  }
}
