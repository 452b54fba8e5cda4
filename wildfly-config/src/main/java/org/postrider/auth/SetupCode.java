package org.postrider.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The code that the first run prints, with which a person who can read the server's output becomes
 * the first administrator. There is no default password.
 *
 * <p>{@code etc/setup-code} (mode 600) holds one line: the SHA-256 of the code in hex. Only letters
 * and digits of a code count, small letters as capital ones, so it may be typed with or without its
 * hyphens. A code has 100 random bits; after {@value #WRONG_MAX} wrong ones this process accepts
 * none, so that guessing leaves a trace. Any thread may use this.
 */
public final class SetupCode {

  /** What a code that was typed in is worth. */
  public enum Verdict {
    /** It is the code: make the administrator, then {@link SetupCode#consume}. */
    RIGHT,
    /** It is not the code. */
    WRONG,
    /**
     * There were too many wrong ones: the server must be restarted, which prints where to find the
     * code.
     */
    TOO_MANY,
    /** No code is waiting: set-up is done. */
    NONE
  }

  /** How many wrong codes are accepted by one process. */
  public static final int WRONG_MAX = 10;

  private static final int CODE_MAX_CHARACTERS = 100;
  private static final int GROUPS = 5;
  private static final int GROUP_CHARACTERS = 4;

  /** Without 0 O 1 I, which people take for each other. */
  private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Map<Path, AtomicInteger> WRONG = new ConcurrentHashMap<>();

  private final Path file;

  private SetupCode(Path file) {
    this.file = file;
  }

  /**
   * The set-up code of a data directory.
   *
   * @param home the data directory
   */
  public static SetupCode in(Path home) {
    return new SetupCode(home.resolve("etc").resolve("setup-code").toAbsolutePath().normalize());
  }

  /**
   * Makes a new code, in place of one that may be waiting.
   *
   * @return such as {@code 7KQM-2XWD-R9TB-HJ4N-C6VF}, to be shown once
   * @throws IOException if the file cannot be written
   */
  public String create() throws IOException {
    StringBuilder code = new StringBuilder();
    for (int i = 0; i < GROUPS * GROUP_CHARACTERS; i++) {
      if (i > 0 && i % GROUP_CHARACTERS == 0) {
        code.append('-');
      }
      code.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    byte[] digest = digest(code.toString().toCharArray());
    DataDirectory.write(file, (HexFormat.of().formatHex(digest) + "\n").getBytes(US_ASCII));
    return code.toString();
  }

  /** Whether a code is waiting to be used. */
  public boolean isWaiting() {
    return Files.exists(file);
  }

  /**
   * Compares a code in constant time, and counts it if it is wrong.
   *
   * @param code is not changed; the caller overwrites it
   * @throws IOException if the file cannot be read
   */
  public Verdict check(char[] code) throws IOException {
    byte[] expected;
    try (InputStream in = Files.newInputStream(file)) {
      String line = new String(in.readNBytes(200), US_ASCII).strip();
      expected = HexFormat.of().parseHex(line);
    } catch (NoSuchFileException none) {
      return Verdict.NONE;
    } catch (IllegalArgumentException damaged) {
      throw new IOException(
          file + " is damaged: delete it, and the next start makes a new code.", damaged);
    }
    AtomicInteger wrong = WRONG.computeIfAbsent(file, unused -> new AtomicInteger());
    if (wrong.get() >= WRONG_MAX) {
      return Verdict.TOO_MANY;
    }
    if (MessageDigest.isEqual(expected, digest(code))) {
      return Verdict.RIGHT;
    }
    return wrong.incrementAndGet() > WRONG_MAX ? Verdict.TOO_MANY : Verdict.WRONG;
  }

  /**
   * Uses the code up.
   *
   * @return false if somebody else did so first
   * @throws IOException if the file cannot be deleted
   */
  public boolean consume() throws IOException {
    boolean mine = Files.deleteIfExists(file);
    DataDirectory.sync(file.getParent());
    return mine;
  }

  private static byte[] digest(char[] code) {
    byte[] letters = new byte[Math.min(code.length, CODE_MAX_CHARACTERS)];
    int used = 0;
    for (int i = 0; i < letters.length; i++) {
      char letter = code[i] >= 'a' && code[i] <= 'z' ? (char) (code[i] - 'a' + 'A') : code[i];
      if ((letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9')) {
        letters[used++] = (byte) letter;
      }
    }
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(letters, 0, used);
      return sha.digest();
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    } finally {
      Arrays.fill(letters, (byte) 0);
    }
  }
}
