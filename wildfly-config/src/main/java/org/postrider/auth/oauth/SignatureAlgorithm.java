package org.postrider.auth.oauth;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Optional;

/**
 * The signatures that are taken: of a private key that only the issuer has. {@code none} and the
 * keyed hashes ({@code HS256}), which whoever checks them could make as well, are not among them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-3.1">RFC 7518</a>
 */
enum SignatureAlgorithm {
  RS256("SHA256withRSA"),
  PS256("RSASSA-PSS"),
  ES256("SHA256withECDSAinP1363Format"),
  /** RFC 8037, with Ed25519. */
  EDDSA("Ed25519");

  private final String algorithm;

  SignatureAlgorithm(String algorithm) {
    this.algorithm = algorithm;
  }

  /** The one of a token's {@code alg}; empty if it is not taken. */
  static Optional<SignatureAlgorithm> of(String name) {
    return switch (name) {
      case "RS256" -> Optional.of(RS256);
      case "PS256" -> Optional.of(PS256);
      case "ES256" -> Optional.of(ES256);
      case "EdDSA", "Ed25519" -> Optional.of(EDDSA);
      default -> Optional.empty();
    };
  }

  private boolean takes(PublicKey key) {
    return switch (this) {
      case RS256, PS256 -> key instanceof RSAPublicKey;
      case ES256 -> key instanceof ECPublicKey;
      case EDDSA -> key instanceof EdECPublicKey;
    };
  }

  /** Whether a key made a signature. */
  boolean verifies(PublicKey key, byte[] signed, byte[] signature) {
    if (!takes(key)) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance(algorithm);
      if (this == PS256) {
        verifier.setParameter(
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
      }
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException damaged) {
      return false;
    }
  }
}
