package org.postrider.auth;

import java.util.Locale;
import java.util.Optional;

/** The hash functions of CRAM, by the names that Courier gives its mechanisms and fields. */
public enum CramHash {
  /** RFC 2195. */
  MD5("MD5", 16),
  /** The same with SHA-1. */
  SHA1("SHA-1", 20),
  /** The same with SHA-256. */
  SHA256("SHA-256", 32);

  private final String algorithm;
  private final int length;

  CramHash(String algorithm, int length) {
    this.algorithm = algorithm;
    this.length = length;
  }

  /** The function of a SASL mechanism: {@code CRAM-MD5}, {@code CRAM-SHA1}, {@code CRAM-SHA256}. */
  public static Optional<CramHash> ofMechanism(String mechanism) {
    for (CramHash hash : values()) {
      if (hash.mechanism().equals(mechanism)) {
        return Optional.of(hash);
      }
    }
    return Optional.empty();
  }

  /** The SASL mechanism: {@code CRAM-SHA256}. */
  public String mechanism() {
    return "CRAM-" + name();
  }

  /** The name for {@link java.security.MessageDigest}. */
  public String algorithm() {
    return algorithm;
  }

  /** Octets of a digest, and of the inner state. */
  public int length() {
    return length;
  }

  /** The field of a userdb, without its {@code pw}: {@code hmac-sha256}. */
  public String field() {
    return "hmac-" + name().toLowerCase(Locale.ROOT);
  }
}
