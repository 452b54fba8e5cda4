package org.postrider.auth.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postrider.auth.TemporaryFailureException;

/**
 * Asks the issuer what a token is worth: RFC 7662. What it said of a valid one is remembered for a
 * minute, by the token's hash. Any thread.
 */
final class Introspection {

  private static final Duration REMEMBERED = Duration.ofMinutes(1);
  private static final int REMEMBERED_MAX = 1000;

  private final OAuthSettings settings;
  private final IssuerClient client;
  private final Clock clock;
  private final Map<String, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
          return size() > REMEMBERED_MAX;
        }
      };

  private record Known(JsonObject claims, long until) {}

  Introspection(OAuthSettings settings, IssuerClient client, Clock clock) {
    this.settings = settings;
    this.client = client;
    this.clock = clock;
  }

  /**
   * What the issuer says of a token.
   *
   * @throws TokenException if it is not valid
   * @throws TemporaryFailureException if the issuer says nothing
   */
  JsonObject claims(String token) throws TokenException, TemporaryFailureException {
    String hash = hash(token);
    Optional<JsonObject> remembered = remembered(hash);
    if (remembered.isPresent()) {
      return remembered.get();
    }
    JsonObject claims = ask(token);
    if (!Boolean.TRUE.equals(claims.members().get("active"))) {
      throw new TokenException("its issuer says that it is not active");
    }
    synchronized (known) {
      known.put(hash, new Known(claims, clock.millis() + REMEMBERED.toMillis()));
    }
    return claims;
  }

  private Optional<JsonObject> remembered(String hash) {
    synchronized (known) {
      Known found = known.get(hash);
      return found != null && clock.millis() < found.until
          ? Optional.of(found.claims)
          : Optional.empty();
    }
  }

  private JsonObject ask(String token) throws TemporaryFailureException {
    String form = "token=" + URLEncoder.encode(token, UTF_8) + "&token_type_hint=access_token";
    try {
      return JsonObject.parse(
          client.post(settings.introspection().orElseThrow(), form, authorization()));
    } catch (IOException | JsonException failed) {
      throw new TemporaryFailureException(
          "The issuer of tokens could not be asked at "
              + settings.introspection().get()
              + ": "
              + failed.getMessage()
              + ".",
          failed);
    }
  }

  /** RFC 6749 section 2.3.1. */
  private String authorization() {
    String both =
        URLEncoder.encode(settings.client(), UTF_8)
            + ":"
            + URLEncoder.encode(settings.clientSecret(), UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both.getBytes(UTF_8));
  }

  private static String hash(String token) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
