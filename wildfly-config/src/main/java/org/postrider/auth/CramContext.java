package org.postrider.auth;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What is left of a password when HMAC (RFC 2104) has begun with it: the inner state of the hash
 * function after one block of key and outer pad, and after one of key and inner pad. With it the
 * answer to any challenge can be checked, and made: it is as good as the password for CRAM, and for
 * nothing else. Courier keeps it in the fields {@code hmac-md5pw}, {@code hmac-sha1pw}, {@code
 * hmac-sha256pw}, in hexadecimal, outer state first.
 */
public final class CramContext {

  private static final int BLOCK = 64;

  private final CramHash hash;
  private final int[] outer;
  private final int[] inner;

  private CramContext(CramHash hash, int[] outer, int[] inner) {
    this.hash = hash;
    this.outer = outer;
    this.inner = inner;
  }

  /**
   * The context of a password.
   *
   * @param password is not changed; of any length
   */
  public static CramContext of(CramHash hash, byte[] password) {
    byte[] key = Arrays.copyOf(password.length > BLOCK ? digest(hash, password) : password, BLOCK);
    try {
      return new CramContext(hash, begun(hash, key, 0x5C), begun(hash, key, 0x36));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * Reads a field of a record.
   *
   * @param hexadecimal two states; in either case
   * @return empty if it is none
   */
  public static Optional<CramContext> parse(CramHash hash, String hexadecimal) {
    if (hexadecimal.length() != 4 * hash.length()) {
      return Optional.empty();
    }
    try {
      byte[] octets = HexFormat.of().parseHex(hexadecimal);
      return Optional.of(
          new CramContext(
              hash,
              words(hash, octets, 0, hash.length()),
              words(hash, octets, hash.length(), hash.length())));
    } catch (IllegalArgumentException noHexadecimal) {
      return Optional.empty();
    }
  }

  /** The field of a record, in small letters. */
  public String format() {
    return HexFormat.of().formatHex(octets(hash, outer))
        + HexFormat.of().formatHex(octets(hash, inner));
  }

  /** The right answer to a challenge: HMAC of it, in octets. */
  public byte[] answer(byte[] challenge) {
    byte[] within = finished(hash, inner, challenge);
    return finished(hash, outer, within);
  }

  /** Whether an answer is the right one; takes as long for a wrong one. */
  public boolean fits(byte[] challenge, byte[] answer) {
    return MessageDigest.isEqual(answer(challenge), answer);
  }

  private static byte[] digest(CramHash hash, byte[] octets) {
    try {
      return MessageDigest.getInstance(hash.algorithm()).digest(octets);
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static int[] begun(CramHash hash, byte[] key, int pad) {
    byte[] block = new byte[BLOCK];
    for (int i = 0; i < BLOCK; i++) {
      block[i] = (byte) (key[i] ^ pad);
    }
    int[] state = Compression.initial(hash);
    Compression.compress(hash, state, words(hash, block, 0, BLOCK));
    Arrays.fill(block, (byte) 0);
    return state;
  }

  /** Goes on from a state that has taken one block, to the end of the message. */
  private static byte[] finished(CramHash hash, int[] from, byte[] message) {
    int blocks = (message.length + 9 + BLOCK - 1) / BLOCK;
    ByteBuffer padded = ByteBuffer.allocate(blocks * BLOCK).order(order(hash));
    padded.put(message).put((byte) 0x80);
    padded.putLong(blocks * BLOCK - 8, 8L * (BLOCK + message.length));
    int[] state = from.clone();
    for (int block = 0; block < blocks; block++) {
      Compression.compress(hash, state, words(hash, padded.array(), block * BLOCK, BLOCK));
    }
    return octets(hash, state);
  }

  private static ByteOrder order(CramHash hash) {
    return hash == CramHash.MD5 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
  }

  private static int[] words(CramHash hash, byte[] octets, int from, int length) {
    int[] words = new int[length / 4];
    ByteBuffer.wrap(octets, from, length).order(order(hash)).asIntBuffer().get(words);
    return words;
  }

  private static byte[] octets(CramHash hash, int[] words) {
    ByteBuffer octets = ByteBuffer.allocate(4 * words.length).order(order(hash));
    octets.asIntBuffer().put(words);
    return octets.array();
  }

  /** Names the hash function, and nothing of the password. */
  @Override
  public String toString() {
    return "CramContext[" + hash + "]";
  }
}
