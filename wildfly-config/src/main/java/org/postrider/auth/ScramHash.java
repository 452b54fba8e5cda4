package org.postrider.auth;

import java.util.Locale;
import java.util.Optional;

/** The hash functions of SCRAM, by the names of their mechanisms. */
public enum ScramHash {
  /** RFC 5802. */
  SHA1("SHA-1", "HmacSHA1", 20),
  /** RFC 7677. */
  SHA256("SHA-256", "HmacSHA256", 32);

  private final String algorithm;
  private final String hmac;
  private final int length;

  ScramHash(String algorithm, String hmac, int length) {
    this.algorithm = algorithm;
    this.hmac = hmac;
    this.length = length;
  }

  /** The function of a SASL mechanism without {@code -PLUS}, in either case. */
  public static Optional<ScramHash> ofMechanism(String mechanism) {
    for (ScramHash hash : values()) {
      if (hash.mechanism().equalsIgnoreCase(mechanism)) {
        return Optional.of(hash);
      }
    }
    return Optional.empty();
  }

  /** The SASL mechanism: {@code SCRAM-SHA-256}. */
  public String mechanism() {
    return "SCRAM-" + algorithm;
  }

  /** The name for {@link java.security.MessageDigest}. */
  public String algorithm() {
    return algorithm;
  }

  /** The name for {@link javax.crypto.Mac}. */
  public String hmac() {
    return hmac;
  }

  /** Octets of a digest. */
  public int length() {
    return length;
  }

  /** The field of a userdb, without its {@code pw}: {@code scram-sha-256}. */
  public String field() {
    return mechanism().toLowerCase(Locale.ROOT);
  }
}
