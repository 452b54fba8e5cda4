package org.postrider.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * A password as it is stored: what Courier's authcheckpassword accepts, and a few salted forms
 * more.
 *
 * <pre>
 * $1$salt$...                MD5 crypt
 * $5$, $6$                   SHA-256 and SHA-512 crypt, rounds= from 1,000 to 1,000,000
 * $2a$, $2b$, $2y$           bcrypt, cost 4 to 15
 * $y$ $gy$ $7$ _ $sha1$ $md5 $3$      what the system's libcrypt knows: {@link LibcryptKind}
 * 13 characters              DES crypt: only the first 8 characters of a password count
 * {CRYPT}                    before any of those above
 * {MD5} {SHA} {SHA256} {SHA512}          base64 of the digest
 * {MD5RAW}                               hex of the digest
 * {SSHA} {SSHA256} {SSHA512}             base64 of the digest of password and salt, then the salt: 1 to 64 octets
 * </pre>
 *
 * <p>The kind in braces is read in either case. There is no form for a password in clear text, as
 * in Courier. A password is 1 to {@value #PASSWORD_MAX_OCTETS} octets of UTF-8 without NUL, any
 * other is refused: libcrypt has the same limit, and without one a long password would be cheap to
 * send and dear to check. Comparisons take the same time wherever the difference is, and copies of
 * the password are overwritten. As many hashes are computed at a time as there are processors,
 * first come, first served; other threads wait.
 */
public final class PasswordHash {

  /** The longest password. */
  public static final int PASSWORD_MAX_OCTETS = 512;

  /** Fits no password: it is checked in place of a hash that is not there. */
  static final String NOBODY = "$6$postridernobody$" + ".".repeat(86);

  private static final int STORED_MAX = 512;
  private static final int ROUNDS_MIN = 1_000;
  private static final int ROUNDS_MAX = 1_000_000;
  private static final int COST_MIN = 4;
  private static final int COST_MAX = 15;
  private static final int SALT_MAX_OCTETS = 64;
  private static final int NEW_SALT_CHARACTERS = 16;

  private static final String CRYPT_ALPHABET =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final Pattern MD5_CRYPT =
      Pattern.compile("\\$1\\$[./0-9A-Za-z]{1,8}\\$[./0-9A-Za-z]{22}");
  private static final Pattern SHA_CRYPT =
      Pattern.compile(
          "\\$([56])\\$(?:rounds=([0-9]{1,10})\\$)?[./0-9A-Za-z]{1,16}\\$([./0-9A-Za-z]{43,86})");
  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$[./0-9A-Za-z]{53}");

  private static final Pattern DES_CRYPT = Pattern.compile("[./0-9A-Za-z]{13}");
  private static final Pattern BRACES =
      Pattern.compile("\\{([A-Za-z0-9-]{1,16})\\}(.*)", Pattern.DOTALL);

  private static final Semaphore PROCESSORS =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A stored password that has been understood. */
  private sealed interface Stored {}

  private record Digest(String algorithm, byte[] expected, byte[] salt) implements Stored {}

  private record LibraryCrypt(String hash) implements Stored {}

  private record Bcrypt(String hash) implements Stored {}

  private record SystemCrypt(String hash) implements Stored {}

  private record Defective(String reason) implements Stored {}

  private PasswordHash() {}

  /**
   * Whether a password is the stored one. A stored password with a {@link #defect} fits none.
   *
   * @param stored the field of the record
   * @param password is not changed; the caller overwrites it
   */
  public static boolean verify(String stored, char[] password) {
    byte[] octets = octets(password);
    if (octets == null) {
      return false;
    }
    try {
      return switch (read(stored)) {
        case Digest digest -> MessageDigest.isEqual(digest.expected, digest(digest, octets));
        case LibraryCrypt crypt ->
            MessageDigest.isEqual(
                crypt.hash.getBytes(US_ASCII), crypt(crypt.hash, octets).getBytes(US_ASCII));
        case Bcrypt bcrypt -> bcrypt(bcrypt.hash, octets);
        case SystemCrypt crypt -> systemCrypt(crypt.hash, octets);
        case Defective unused -> false;
      };
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /**
   * Why a stored password cannot be used, for the log: it holds nothing of the hash itself. Empty
   * if it can.
   *
   * @param stored the field of the record
   */
  public static Optional<String> defect(String stored) {
    return read(stored) instanceof Defective defective
        ? Optional.of(defective.reason)
        : Optional.empty();
  }

  /**
   * Makes a {@code $6$} hash with a random salt and 5,000 rounds, which every libcrypt and Courier
   * can check.
   *
   * @param password is not changed; the caller overwrites it
   * @throws IllegalArgumentException if it is empty, has a NUL, is not Unicode or is too long; the
   *     text says which may be used
   */
  public static String create(char[] password) {
    byte[] octets = octets(password);
    if (octets == null) {
      throw new IllegalArgumentException(
          "A password has 1 to " + PASSWORD_MAX_OCTETS + " octets and no NUL.");
    }
    StringBuilder setting = new StringBuilder("$6$");
    for (int i = 0; i < NEW_SALT_CHARACTERS; i++) {
      setting.append(CRYPT_ALPHABET.charAt(RANDOM.nextInt(CRYPT_ALPHABET.length())));
    }
    try {
      return Sha2Crypt.sha512Crypt(octets, setting.toString());
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  /**
   * The password in UTF-8, or null if it is one that is always refused.
   *
   * @param password is not changed
   * @return to be overwritten by the caller
   */
  public static byte[] octets(char[] password) {
    if (password.length == 0 || password.length > PASSWORD_MAX_OCTETS) {
      return null;
    }
    ByteBuffer encoded = ByteBuffer.allocate(3 * password.length); // a char has 3 octets at most
    boolean usable =
        UTF_8.newEncoder().encode(CharBuffer.wrap(password), encoded, true).isUnderflow();
    byte[] octets = Arrays.copyOf(encoded.array(), encoded.position());
    Arrays.fill(encoded.array(), (byte) 0);
    usable &= octets.length <= PASSWORD_MAX_OCTETS;
    for (byte octet : octets) {
      usable &= octet != 0;
    }
    if (!usable) {
      Arrays.fill(octets, (byte) 0);
      return null;
    }
    return octets;
  }

  private static Stored read(String stored) {
    if (stored.isEmpty()) {
      return new Defective("the stored password is empty");
    }
    if (stored.length() > STORED_MAX) {
      return new Defective("the stored password is longer than " + STORED_MAX + " characters");
    }
    Matcher braces = BRACES.matcher(stored);
    if (!braces.matches()) {
      return readCrypt(stored);
    }
    String rest = braces.group(2);
    return switch (braces.group(1).toUpperCase(Locale.ROOT)) {
      case "CRYPT" -> readCrypt(rest);
      case "MD5" -> readDigest("MD5", base64(rest), false);
      case "MD5RAW" -> readDigest("MD5", hex(rest), false);
      case "SHA" -> readDigest("SHA-1", base64(rest), false);
      case "SHA256" -> readDigest("SHA-256", base64(rest), false);
      case "SHA512" -> readDigest("SHA-512", base64(rest), false);
      case "SSHA" -> readDigest("SHA-1", base64(rest), true);
      case "SSHA256" -> readDigest("SHA-256", base64(rest), true);
      case "SSHA512" -> readDigest("SHA-512", base64(rest), true);
      default -> new Defective("the stored password is of a kind that is not known here");
    };
  }

  private static Stored readCrypt(String stored) {
    if (MD5_CRYPT.matcher(stored).matches() || DES_CRYPT.matcher(stored).matches()) {
      return new LibraryCrypt(stored);
    }
    Matcher sha = SHA_CRYPT.matcher(stored);
    if (sha.matches() && sha.group(3).length() == (sha.group(1).equals("5") ? 43 : 86)) {
      if (sha.group(2) != null) {
        long rounds = Long.parseLong(sha.group(2));
        if (rounds < ROUNDS_MIN || rounds > ROUNDS_MAX) {
          return new Defective(
              "the stored password asks for "
                  + rounds
                  + " rounds; from "
                  + ROUNDS_MIN
                  + " to "
                  + ROUNDS_MAX
                  + " are allowed");
        }
      }
      return new LibraryCrypt(stored);
    }
    Matcher bcrypt = BCRYPT.matcher(stored);
    if (bcrypt.matches()) {
      int cost = Integer.parseInt(bcrypt.group(1));
      if (cost < COST_MIN || cost > COST_MAX) {
        return new Defective(
            "the stored password asks for a bcrypt cost of "
                + cost
                + "; from "
                + COST_MIN
                + " to "
                + COST_MAX
                + " are allowed");
      }
      return new Bcrypt(stored);
    }
    return readSystemCrypt(stored);
  }

  /** What no Java library makes, and the system's does. */
  private static Stored readSystemCrypt(String stored) {
    Optional<LibcryptKind> kind = LibcryptKind.of(stored);
    if (kind.isEmpty()) {
      return new Defective("the stored password is locked or of a kind that is not known here");
    }
    Optional<String> excess = kind.get().excess();
    if (excess.isPresent()) {
      return new Defective("the stored password, " + kind.get().name() + ", " + excess.get());
    }
    if (!Libcrypt.isThere()) {
      return new Defective(
          "the stored password is "
              + kind.get().name()
              + ", which needs the system's libcrypt (libxcrypt 4.3 or"
              + " newer): install it, or set the password again with another kind");
    }
    return new SystemCrypt(stored);
  }

  private static Stored readDigest(String algorithm, byte[] octets, boolean salted) {
    int length = newDigest(algorithm).getDigestLength();
    int saltLength = octets.length - length;
    if (salted ? saltLength < 1 || saltLength > SALT_MAX_OCTETS : saltLength != 0) {
      return new Defective(
          "the stored password is damaged: a digest and its salt have another length");
    }
    return new Digest(
        algorithm,
        Arrays.copyOf(octets, length),
        Arrays.copyOfRange(octets, length, octets.length));
  }

  private static byte[] base64(String text) {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException damaged) {
      return new byte[0];
    }
  }

  private static byte[] hex(String text) {
    try {
      return HexFormat.of().parseHex(text);
    } catch (IllegalArgumentException damaged) {
      return new byte[0];
    }
  }

  private static byte[] digest(Digest stored, byte[] password) {
    MessageDigest digest = newDigest(stored.algorithm);
    digest.update(password);
    return digest.digest(stored.salt);
  }

  private static String crypt(String hash, byte[] password) {
    byte[] copy = password.clone(); // the library overwrites its argument for some kinds
    PROCESSORS.acquireUninterruptibly();
    try {
      return Crypt.crypt(copy, hash);
    } finally {
      PROCESSORS.release();
      Arrays.fill(copy, (byte) 0);
    }
  }

  private static boolean bcrypt(String hash, byte[] password) {
    PROCESSORS.acquireUninterruptibly();
    try {
      return OpenBSDBCrypt.checkPassword(hash, password);
    } finally {
      PROCESSORS.release();
    }
  }

  private static boolean systemCrypt(String hash, byte[] password) {
    PROCESSORS.acquireUninterruptibly();
    try {
      return Libcrypt.crypt(password, hash)
          .map(computed -> MessageDigest.isEqual(hash.getBytes(US_ASCII), computed))
          .orElse(false);
    } finally {
      PROCESSORS.release();
    }
  }

  private static MessageDigest newDigest(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has " + algorithm, impossible);
    }
  }
}
