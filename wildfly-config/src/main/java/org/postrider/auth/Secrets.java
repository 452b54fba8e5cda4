package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * By what an account's evidence is checked. Whoever holds one can sign in as the account, or nearly
 * so: it is never logged.
 *
 * @param hash the password's hash, of a kind that {@link PasswordHash} knows
 * @param clear the password itself
 * @param contexts for challenges: by {@link CramHash#field} ({@code hmac-md5}) the hexadecimal
 *     context, by {@code scram-sha-1} and {@code scram-sha-256} the secret in the form of RFC 5803
 */
public record Secrets(Optional<String> hash, Optional<String> clear, Map<String, String> contexts) {

  /** Nothing that any evidence fits. */
  public static final Secrets NONE = new Secrets(Optional.empty(), Optional.empty(), Map.of());

  /** Copies what it is given. */
  public Secrets {
    contexts = Map.copyOf(contexts);
  }

  /** A password's hash and nothing else. */
  public static Secrets ofHash(String hash) {
    return new Secrets(Optional.of(hash), Optional.empty(), Map.of());
  }

  /**
   * Whether a password fits: the clear one if there is one, else the hash. It takes as long for a
   * wrong one as for the right one.
   *
   * @param password is not changed
   */
  public boolean fits(char[] password) {
    if (clear.isPresent()) {
      return isSame(clear.get(), password);
    }
    return hash.isPresent() && PasswordHash.verify(hash.get(), password);
  }

  /** Whether the answer to a challenge fits; false if nothing here can tell. */
  public boolean fits(Evidence.Cram cram) {
    Optional<CramContext> context = cram(cram.hash());
    return context.isPresent() && context.get().fits(cram.challenge(), cram.digest());
  }

  /** Whether a SCRAM exchange can be checked with these. */
  public boolean serves(Evidence.Scram scram) {
    return clear.isPresent() || contexts.containsKey(scram.mechanism().toLowerCase(Locale.ROOT));
  }

  /** By what answers to challenges are checked; empty if nothing here can tell. */
  public Optional<CramContext> cram(CramHash hash) {
    String stored = contexts.get(hash.field());
    return stored != null
        ? CramContext.parse(hash, stored)
        : clear.map(password -> CramContext.of(hash, password.getBytes(UTF_8)));
  }

  private static boolean isSame(String expected, char[] given) {
    byte[] octets = PasswordHash.octets(given);
    if (octets == null) {
      return false;
    }
    try {
      return MessageDigest.isEqual(expected.getBytes(UTF_8), octets);
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /** Which secrets there are, and none of them. */
  @Override
  public String toString() {
    return "Secrets[hash="
        + hash.isPresent()
        + ", clear="
        + clear.isPresent()
        + ", contexts="
        + contexts.keySet()
        + "]";
  }
}
