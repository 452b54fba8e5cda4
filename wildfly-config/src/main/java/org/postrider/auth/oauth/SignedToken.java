package org.postrider.auth.oauth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A token in three parts, each in base64url: RFC 7515 section 7.1.
 *
 * @param algorithm of the signature
 * @param keyId which key made it; empty if it does not say
 * @param claims not to be believed before {@link #isSignedBy}
 */
@SuppressWarnings("ArrayRecordComponent") // lives as long as one sign-in
record SignedToken(
    SignatureAlgorithm algorithm,
    String keyId,
    JsonObject claims,
    byte[] signed,
    byte[] signature) {

  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

  /**
   * Reads a token.
   *
   * @param token of any length that its caller takes
   * @throws TokenException if it is none, or of a kind that is not taken
   */
  static SignedToken parse(String token) throws TokenException {
    if (!FORM.matcher(token).matches()) {
      throw new TokenException("it is no signed token (RFC 7519)");
    }
    int first = token.indexOf('.');
    int second = token.indexOf('.', first + 1);
    try {
      JsonObject header = object(token.substring(0, first));
      if (header.has("crit")) {
        throw new TokenException("its header has extensions that must be understood");
      }
      return new SignedToken(
          SignatureAlgorithm.of(header.string("alg").orElse(""))
              .orElseThrow(
                  () ->
                      new TokenException("its algorithm is none of RS256, PS256, ES256 and EdDSA")),
          header.string("kid").orElse(""),
          object(token.substring(first + 1, second)),
          token.substring(0, second).getBytes(US_ASCII),
          Base64.getUrlDecoder().decode(token.substring(second + 1)));
    } catch (JsonException | CharacterCodingException | IllegalArgumentException damaged) {
      throw new TokenException("it is a damaged token");
    }
  }

  private static JsonObject object(String part) throws JsonException, CharacterCodingException {
    return JsonObject.parse(
        StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(Base64.getUrlDecoder().decode(part)))
            .toString());
  }

  /** Whether a key of these may have made it, by its number. */
  boolean namesOneOf(List<TokenKey> keys) {
    return keys.stream().anyMatch(this::mayBeOf);
  }

  private boolean mayBeOf(TokenKey key) {
    return (keyId.isEmpty() || keyId.equals(key.id()))
        && (key.algorithm().isEmpty()
            || SignatureAlgorithm.of(key.algorithm()).filter(algorithm::equals).isPresent());
  }

  /** Whether one of these keys made it. */
  boolean isSignedBy(List<TokenKey> keys) {
    return keys.stream()
        .filter(this::mayBeOf)
        .anyMatch(key -> algorithm.verifies(key.key(), signed, signature));
  }
}
