package org.postrider.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;
import org.apache.commons.codec.digest.UnixCrypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * A way to make a hash of a new password: Courier's kinds, as {@code authpasswd} and {@code
 * userdbpw} make them, and two that withstand guessing. {@link PasswordHash} checks them all. Salts
 * are random.
 */
public enum PasswordKind {
  /** Traditional crypt(3): 13 characters; only the first 8 octets of a password count. */
  DES,
  /** {@code $1$}, MD5 crypt: what Courier makes of a changed password. */
  MD5_CRYPT,
  /** {@code $6$}, SHA-512 crypt with its 5,000 rounds. */
  SHA512_CRYPT,
  /** {@code $2b$}, cost 12; a password of 72 octets at most. */
  BCRYPT,
  /** {@code {MD5}} and base64, without a salt. */
  MD5,
  /** {@code {MD5RAW}} and hexadecimal, without a salt. */
  MD5RAW,
  /** {@code {SHA}} and base64, without a salt. */
  SHA,
  /** {@code {SHA256}} and base64, without a salt. */
  SHA256,
  /** {@code {SHA512}} and base64, without a salt. */
  SHA512,
  /** {@code {SSHA}} and base64 of digest and salt: 4 octets, as Courier wants it. */
  SSHA;

  private static final int BCRYPT_COST = 12;
  private static final int BCRYPT_MAX_OCTETS = 72;
  private static final int SSHA_SALT_OCTETS = 4;
  private static final String CRYPT_ALPHABET =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final Pattern BRACES = Pattern.compile("\\{([^}]*)\\}.*", Pattern.DOTALL);

  /**
   * The kind that Courier's authpasswd has under a name, in either case: {@code md5}, {@code
   * md5raw}, {@code sha}, {@code sha256}, {@code sha512}; any other is {@link #SSHA}.
   */
  public static PasswordKind named(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "md5" -> MD5;
      case "md5raw" -> MD5RAW;
      case "sha" -> SHA;
      case "sha256" -> SHA256;
      case "sha512" -> SHA512;
      default -> SSHA;
    };
  }

  /**
   * The kind that a changed password gets: in braces as before; {@code $6$} and bcrypt stay as
   * well, where Courier would weaken them to {@link #MD5_CRYPT}, which everything else becomes.
   *
   * @param stored the old hash, possibly empty
   */
  public static PasswordKind after(String stored) {
    Matcher braces = BRACES.matcher(stored);
    if (braces.matches() && !braces.group(1).equalsIgnoreCase("CRYPT")) {
      return named(braces.group(1));
    }
    String crypt = braces.matches() ? stored.substring("{CRYPT}".length()) : stored;
    if (crypt.startsWith("$5$") || crypt.startsWith("$6$")) {
      return SHA512_CRYPT;
    }
    return crypt.startsWith("$2") ? BCRYPT : MD5_CRYPT;
  }

  /**
   * Makes a hash with a new salt.
   *
   * @param password in the octets that a client will send, which is UTF-8; it is not changed
   * @throws IllegalArgumentException if it is empty, has a NUL or is too long; the text says what
   *     may be used
   */
  public String hash(byte[] password) {
    check(password);
    if (this == BCRYPT && password.length > BCRYPT_MAX_OCTETS) {
      throw new IllegalArgumentException(
          "A password for bcrypt has " + BCRYPT_MAX_OCTETS + " octets at most.");
    }
    byte[] copy = password.clone(); // the libraries overwrite it
    try {
      return switch (this) {
        case DES -> UnixCrypt.crypt(copy, salt(2));
        case MD5_CRYPT -> Md5Crypt.md5Crypt(copy, "$1$" + salt(8) + "$");
        case SHA512_CRYPT -> Sha2Crypt.sha512Crypt(copy, "$6$" + salt(16) + "$");
        case BCRYPT -> OpenBSDBCrypt.generate("2b", copy, random(16), BCRYPT_COST);
        case MD5 -> "{MD5}" + base64(digest("MD5", copy));
        case MD5RAW -> "{MD5RAW}" + HexFormat.of().formatHex(digest("MD5", copy));
        case SHA -> "{SHA}" + base64(digest("SHA-1", copy));
        case SHA256 -> "{SHA256}" + base64(digest("SHA-256", copy));
        case SHA512 -> "{SHA512}" + base64(digest("SHA-512", copy));
        case SSHA -> {
          byte[] salt = random(SSHA_SALT_OCTETS);
          byte[] digest = digest("SHA-1", copy, salt);
          byte[] both = Arrays.copyOf(digest, digest.length + salt.length);
          System.arraycopy(salt, 0, both, digest.length, salt.length);
          yield "{SSHA}" + base64(both);
        }
      };
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /**
   * Whether somebody could sign in with a password.
   *
   * @throws IllegalArgumentException if not; the text says what may be used
   */
  public static void check(byte[] password) {
    boolean usable = password.length > 0 && password.length <= PasswordHash.PASSWORD_MAX_OCTETS;
    for (byte octet : password) {
      usable &= octet != 0;
    }
    if (!usable) {
      throw new IllegalArgumentException(
          "A password has 1 to " + PasswordHash.PASSWORD_MAX_OCTETS + " octets and no NUL.");
    }
  }

  private static byte[] random(int octets) {
    byte[] random = new byte[octets];
    new SecureRandom().nextBytes(random);
    return random;
  }

  private static String salt(int characters) {
    byte[] salt = random(characters);
    for (int i = 0; i < salt.length; i++) {
      salt[i] = (byte) CRYPT_ALPHABET.charAt(salt[i] & 63);
    }
    return new String(salt, ISO_8859_1);
  }

  private static byte[] digest(String algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static String base64(byte[] octets) {
    return Base64.getEncoder().encodeToString(octets);
  }
}
