package org.postrider.console;

import jakarta.enterprise.context.SessionScoped;
import jakarta.inject.Named;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Proves that a form which is not one of Faces (those have their view state) comes from a page of
 * this session: 128 random bits, one value a session.
 */
@Named
@SessionScoped
public class FormToken implements Serializable {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String value;

  /** A new one. */
  public FormToken() {
    byte[] octets = new byte[16];
    RANDOM.nextBytes(octets);
    value = HexFormat.of().formatHex(octets);
  }

  /** What the form sends back in its field {@code token}. */
  public String getValue() {
    return value;
  }

  /**
   * Compares in constant time.
   *
   * @param sent null if the form had none
   */
  boolean matches(String sent) {
    return sent != null
        && MessageDigest.isEqual(
            value.getBytes(StandardCharsets.US_ASCII), sent.getBytes(StandardCharsets.UTF_8));
  }
}
