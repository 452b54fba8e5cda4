package org.postrider.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a server keeps of a password for SCRAM (RFC 5802 section 3): enough to check a client and to
 * prove itself to it, not enough to be the client. Kept in the fields {@code scram-sha-1pw} and
 * {@code scram-sha-256pw} as RFC 5803 writes it:
 *
 * <pre>
 * SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=
 * function      rounds salt                   stored key                                   server key
 * </pre>
 */
public final class ScramSecret {

  /** What RFC 7677 section 4 asks for at least; clients compute it at each sign-in. */
  public static final int ITERATIONS = 4096;

  /** More than this a client would take for an attack, and rightly. */
  private static final int ITERATIONS_MAX = 10_000_000;

  private static final int SALT_OCTETS = 16;
  private static final int SALT_OCTETS_MAX = 1024;

  private static final Pattern FORM =
      Pattern.compile(
          "([A-Za-z0-9-]{1,20})\\$([0-9]{1,8}):([A-Za-z0-9+/=]{1,1400})"
              + "\\$([A-Za-z0-9+/=]{1,100}):([A-Za-z0-9+/=]{1,100})");

  private static final SecureRandom RANDOM = new SecureRandom();

  private final ScramHash hash;
  private final byte[] salt;
  private final int iterations;
  private final byte[] storedKey;
  private final byte[] serverKey;

  private ScramSecret(
      ScramHash hash, byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    this.hash = hash;
    this.salt = salt;
    this.iterations = iterations;
    this.storedKey = storedKey;
    this.serverKey = serverKey;
  }

  /**
   * The secret of a password, with a new salt: another one each time.
   *
   * @param password is not changed
   * @throws IllegalArgumentException if no sign-in would take it: NUL, half a surrogate pair
   */
  public static ScramSecret of(ScramHash hash, char[] password) {
    byte[] salt = new byte[SALT_OCTETS];
    RANDOM.nextBytes(salt);
    return of(hash, password, salt, ITERATIONS);
  }

  /**
   * The secret of a password.
   *
   * @param password is not changed
   * @param salt is not changed
   * @param iterations 1 or more; the time that it takes is proportional to it
   * @throws IllegalArgumentException if no sign-in would take the password
   */
  public static ScramSecret of(ScramHash hash, char[] password, byte[] salt, int iterations) {
    byte[] octets = SaslPrep.octets(password);
    byte[] salted = new byte[0];
    byte[] clientKey = new byte[0];
    try {
      salted = salted(hash, octets, salt, iterations);
      clientKey = hmac(hash, salted, "Client Key");
      return new ScramSecret(
          hash,
          salt.clone(),
          iterations,
          digest(hash, clientKey),
          hmac(hash, salted, "Server Key"));
    } finally {
      Arrays.fill(octets, (byte) 0);
      Arrays.fill(salted, (byte) 0);
      Arrays.fill(clientKey, (byte) 0);
    }
  }

  /**
   * Reads a field of a record.
   *
   * @return empty if it is no secret
   */
  public static Optional<ScramSecret> parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      return Optional.empty();
    }
    Optional<ScramHash> hash = ScramHash.ofMechanism(form.group(1));
    int iterations = Integer.parseInt(form.group(2));
    if (hash.isEmpty() || iterations < 1 || iterations > ITERATIONS_MAX) {
      return Optional.empty();
    }
    try {
      Base64.Decoder base64 = Base64.getDecoder();
      byte[] salt = base64.decode(form.group(3));
      byte[] storedKey = base64.decode(form.group(4));
      byte[] serverKey = base64.decode(form.group(5));
      int length = hash.get().length();
      return salt.length > SALT_OCTETS_MAX
              || storedKey.length != length
              || serverKey.length != length
          ? Optional.empty()
          : Optional.of(new ScramSecret(hash.get(), salt, iterations, storedKey, serverKey));
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
  }

  /** The field of a record, one line without {@code |}. */
  public String format() {
    Base64.Encoder base64 = Base64.getEncoder();
    return hash.mechanism()
        + "$"
        + iterations
        + ":"
        + base64.encodeToString(salt)
        + "$"
        + base64.encodeToString(storedKey)
        + ":"
        + base64.encodeToString(serverKey);
  }

  /** Its hash function. */
  public ScramHash hash() {
    return hash;
  }

  /** What was put into the password; a copy. */
  public byte[] salt() {
    return salt.clone();
  }

  /** How often the password was hashed. */
  public int iterations() {
    return iterations;
  }

  /**
   * Whether whoever made a proof knows the password; takes as long for a wrong one.
   *
   * @param authMessage as RFC 5802 section 3 puts it together
   */
  public boolean fits(byte[] authMessage, byte[] proof) {
    byte[] key = hmac(hash, storedKey, authMessage);
    for (int i = 0; i < key.length; i++) {
      key[i] ^= i < proof.length ? proof[i] : 0;
    }
    boolean same = MessageDigest.isEqual(digest(hash, key), storedKey);
    Arrays.fill(key, (byte) 0);
    return same && proof.length == hash.length();
  }

  /** What proves to the client that this server knows the secret. */
  public byte[] serverSignature(byte[] authMessage) {
    return hmac(hash, serverKey, authMessage);
  }

  /** {@code Hi()}: PBKDF2 with one block. */
  private static byte[] salted(ScramHash hash, byte[] password, byte[] salt, int iterations) {
    try {
      Mac mac = keyed(hash, password);
      mac.update(salt);
      byte[] round = mac.doFinal(new byte[] {0, 0, 0, 1});
      byte[] all = round.clone();
      for (int i = 1; i < iterations; i++) {
        mac.update(round);
        mac.doFinal(round, 0);
        for (int k = 0; k < all.length; k++) {
          all[k] ^= round[k];
        }
      }
      Arrays.fill(round, (byte) 0);
      return all;
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static byte[] hmac(ScramHash hash, byte[] key, String text) {
    return hmac(hash, key, text.getBytes(US_ASCII));
  }

  private static byte[] hmac(ScramHash hash, byte[] key, byte[] message) {
    try {
      return keyed(hash, key).doFinal(message);
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static Mac keyed(ScramHash hash, byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(hash.hmac());
    // The same key as an empty one, which the JDK refuses to hold.
    mac.init(new SecretKeySpec(key.length == 0 ? new byte[1] : key, hash.hmac()));
    return mac;
  }

  private static byte[] digest(ScramHash hash, byte[] octets) {
    try {
      return MessageDigest.getInstance(hash.algorithm()).digest(octets);
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** Names the function and the rounds, and nothing of the password. */
  @Override
  public String toString() {
    return "ScramSecret[" + hash.mechanism() + ", " + iterations + "]";
  }
}
