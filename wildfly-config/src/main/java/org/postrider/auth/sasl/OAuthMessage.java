package org.postrider.auth.sasl;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a client sends with its token.
 *
 * @param authorization who it wants to be; empty: whoever the token is for
 * @param token of the scheme Bearer; not empty
 */
record OAuthMessage(String authorization, String token) {

  private static final String SCHEME = "bearer ";

  /** Pairs beside {@code auth}: {@code host} and {@code port} are all there are. */
  private static final int PAIRS_MAX = 16;

  /**
   * Reads a message of OAUTHBEARER: RFC 7628 section 3.1.
   *
   * @return empty if it is none, or wants channel binding
   */
  static Optional<OAuthMessage> ofBearer(byte[] message) {
    String text = Utf8.text(message, 0, message.length);
    int comma = text == null ? -1 : text.indexOf(',');
    int end = comma < 0 ? -1 : text.indexOf(',', comma + 1);
    if (end < 0) {
      return Optional.empty();
    }
    String flag = text.substring(0, comma);
    Optional<String> authorization = ScramMessages.authorization(text.substring(comma + 1, end));
    return (flag.equals("n") || flag.equals("y")) && authorization.isPresent()
        ? withToken(authorization.get(), text, end + 1)
        : Optional.empty();
  }

  /**
   * Reads a message of XOAUTH2, which is older and has {@code user=} in place of the header.
   *
   * @return empty if it is none
   */
  static Optional<OAuthMessage> ofXoauth2(byte[] message) {
    String text = Utf8.text(message, 0, message.length);
    int end = text == null || !text.startsWith("user=") ? -1 : text.indexOf('\1');
    return end < 0 ? Optional.empty() : withToken(text.substring("user=".length(), end), text, end);
  }

  /** {@code kvsep *kvpair kvsep}, where each pair ends in {@code kvsep}, U+0001. */
  private static Optional<OAuthMessage> withToken(String authorization, String text, int from) {
    if (!text.startsWith("\1", from) || !text.endsWith("\1\1") || text.length() < from + 3) {
      return Optional.empty();
    }
    String[] pairs = text.substring(from + 1, text.length() - 2).split("\1", PAIRS_MAX + 1);
    String[] auth =
        Arrays.stream(pairs).filter(pair -> pair.startsWith("auth=")).toArray(String[]::new);
    boolean formed = Arrays.stream(pairs).allMatch(pair -> pair.indexOf('=') > 0);
    if (!formed || auth.length != 1 || pairs.length > PAIRS_MAX) {
      return Optional.empty();
    }
    String value = auth[0].substring("auth=".length());
    boolean bearer = value.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    String token = bearer ? value.substring(SCHEME.length()).strip() : "";
    return isToken(token) ? Optional.of(new OAuthMessage(authorization, token)) : Optional.empty();
  }

  /** {@code b64token} of RFC 6750 section 2.1: letters, digits and {@code -._~+/=}. */
  private static boolean isToken(String token) {
    return !token.isEmpty()
        && token
            .chars()
            .allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || "-._~+/=".indexOf(c) >= 0));
  }

  /** Says nothing of the token. */
  @Override
  public String toString() {
    return "OAuthMessage[" + authorization + "]";
  }
}
