package org.postrider.auth.oauth;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A key of an issuer, out of its set: RFC 7517.
 *
 * @param id {@code kid}; empty if it has none
 * @param algorithm {@code alg}, the only one it is for; empty: any of its type
 */
record TokenKey(String id, String algorithm, PublicKey key) {

  /** More keys than any issuer has in use. */
  private static final int KEYS_MAX = 64;

  private static final int RSA_BITS_MIN = 2048;
  private static final int RSA_BITS_MAX = 16_384;

  /**
   * The keys of a set that can be used here; others are left out.
   *
   * @throws JsonException if it is no set of keys
   */
  static List<TokenKey> parse(String set) throws JsonException {
    JsonObject object = JsonObject.parse(set);
    if (!object.has("keys")) {
      throw new JsonException("there is no list \"keys\" in it");
    }
    List<TokenKey> keys = new ArrayList<>();
    for (JsonObject key : object.objects("keys")) {
      if (keys.size() < KEYS_MAX && isForSignatures(key)) {
        publicKey(key)
            .ifPresent(
                found ->
                    keys.add(
                        new TokenKey(
                            key.string("kid").orElse(""), key.string("alg").orElse(""), found)));
      }
    }
    return List.copyOf(keys);
  }

  private static boolean isForSignatures(JsonObject key) {
    List<String> operations = key.strings("key_ops");
    return key.string("use").orElse("sig").equals("sig")
        && (operations.isEmpty() || operations.contains("verify"));
  }

  private static Optional<PublicKey> publicKey(JsonObject key) {
    try {
      return switch (key.string("kty").orElse("")) {
        case "RSA" -> rsa(key);
        case "EC" -> ec(key);
        case "OKP" -> edwards(key);
        default -> Optional.empty();
      };
    } catch (GeneralSecurityException | IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  private static Optional<PublicKey> rsa(JsonObject key) throws GeneralSecurityException {
    BigInteger modulus = new BigInteger(1, octets(key, "n"));
    if (modulus.bitLength() < RSA_BITS_MIN || modulus.bitLength() > RSA_BITS_MAX) {
      return Optional.empty();
    }
    return Optional.of(
        KeyFactory.getInstance("RSA")
            .generatePublic(new RSAPublicKeySpec(modulus, new BigInteger(1, octets(key, "e")))));
  }

  private static Optional<PublicKey> ec(JsonObject key) throws GeneralSecurityException {
    if (!key.string("crv").orElse("").equals("P-256")) {
      return Optional.empty();
    }
    AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
    curve.init(new ECGenParameterSpec("secp256r1"));
    ECParameterSpec parameters = curve.getParameterSpec(ECParameterSpec.class);
    ECPoint point =
        new ECPoint(new BigInteger(1, octets(key, "x")), new BigInteger(1, octets(key, "y")));
    return isOn(parameters, point)
        ? Optional.of(
            KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, parameters)))
        : Optional.empty();
  }

  private static boolean isOn(ECParameterSpec parameters, ECPoint point) {
    BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    BigInteger right =
        x.multiply(x)
            .add(parameters.getCurve().getA())
            .multiply(x)
            .add(parameters.getCurve().getB())
            .mod(p);
    return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.multiply(y).mod(p).equals(right);
  }

  private static Optional<PublicKey> edwards(JsonObject key) throws GeneralSecurityException {
    byte[] spelled = octets(key, "x");
    if (!key.string("crv").orElse("").equals("Ed25519") || spelled.length != 32) {
      return Optional.empty();
    }
    byte[] bigEndian = new byte[32];
    for (int i = 0; i < 32; i++) {
      bigEndian[i] = spelled[31 - i];
    }
    boolean odd = bigEndian[0] < 0;
    bigEndian[0] &= 0x7F;
    return Optional.of(
        KeyFactory.getInstance("Ed25519")
            .generatePublic(
                new EdECPublicKeySpec(
                    NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, bigEndian)))));
  }

  private static byte[] octets(JsonObject key, String name) {
    return Base64.getUrlDecoder().decode(key.string(name).orElse(""));
  }
}
