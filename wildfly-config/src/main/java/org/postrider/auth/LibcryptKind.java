package org.postrider.auth;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stored password that only the system's {@link Libcrypt} can check, with what checking it would
 * cost: whoever may write hashes should not be able to stop the server by one. The forms are those
 * of libxcrypt's crypt(5).
 *
 * <pre>
 * $y$ $gy$   yescrypt, and with GOST's hash on top    128 MiB
 * $7$        scrypt                                   128 MiB, all passes together
 * _          extended DES                             1,048,576 rounds
 * $sha1$     PBKDF1 with HMAC-SHA-1                   1,048,576 rounds
 * $md5       Sun's MD5                                1,048,576 rounds
 * $3$        the NT hash
 * 24 characters and more                              DES in pieces of 8 octets
 * $1$ $5$ $6$                                         with an empty salt
 * </pre>
 *
 * @param name for the log
 * @param excess why it is refused; empty if it is not
 */
record LibcryptKind(String name, Optional<String> excess) {

  private static final long MEMORY_MAX_MEBIBYTES = 128;
  private static final long ROUNDS_MAX = 1 << 20;
  private static final int BLOCK_OCTETS = 128;

  private static final String ALPHABET =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  /** How one kind is written, and what is too much in it. */
  private record Form(String name, Pattern pattern, Function<Matcher, Optional<String>> excess) {}

  private static final List<Form> FORMS =
      List.of(
          // flavour j; the logarithm of its cost; blocks of 128 octets
          form("yescrypt", "\\$g?y\\$j(@)(@)\\$@{1,86}\\$@{43}", LibcryptKind::yescrypt),
          form("scrypt", "\\$7\\$(@)(@{5})(@{5})@{1,86}\\$@{43}", LibcryptKind::scrypt),
          form("extended DES", "_(@{4})@{15}", found -> rounds(number(found.group(1)))),
          form(
              "SHA-1 crypt",
              "\\$sha1\\$([0-9]{1,10})\\$@{1,64}\\$@{28}",
              found -> rounds(Long.parseLong(found.group(1)))),
          form(
              "Sun MD5",
              "\\$md5(?:,rounds=([0-9]{1,10}))?\\$@{1,64}\\${1,2}@{22}",
              found ->
                  found.group(1) == null
                      ? Optional.empty()
                      : rounds(Long.parseLong(found.group(1)))),
          form("an NT hash", "\\$3\\$\\$[0-9a-f]{32}", found -> Optional.empty()),
          form("DES in pieces", "@{2}(?:@{11}){2,16}", found -> Optional.empty()),
          form("MD5 crypt", "\\$1\\$\\$@{22}", found -> Optional.empty()),
          form("SHA crypt", "\\$5\\$\\$@{43}|\\$6\\$\\$@{86}", found -> Optional.empty()));

  /** An {@code @} stands for a character of crypt's alphabet. */
  private static Form form(
      String name, String pattern, Function<Matcher, Optional<String>> excess) {
    return new Form(name, Pattern.compile(pattern.replace("@", "[./0-9A-Za-z]")), excess);
  }

  /**
   * The kind of a stored password.
   *
   * @return empty if it is none of these
   */
  static Optional<LibcryptKind> of(String stored) {
    for (Form form : FORMS) {
      Matcher found = form.pattern.matcher(stored);
      if (found.matches()) {
        return Optional.of(new LibcryptKind(form.name, form.excess.apply(found)));
      }
    }
    return Optional.empty();
  }

  /** Its memory is 2^(cost + 1) times blocks, counting from 0 in crypt's alphabet. */
  private static Optional<String> yescrypt(Matcher found) {
    return memory(digit(found.group(1), 0) + 1, digit(found.group(2), 0) + 1);
  }

  /** Its memory is 2^cost times blocks; the passes come one after the other. */
  private static Optional<String> scrypt(Matcher found) {
    return memory(
        digit(found.group(1), 0), (double) number(found.group(2)) * number(found.group(3)));
  }

  private static Optional<String> memory(int logarithm, double blocks) {
    return Math.scalb(blocks * BLOCK_OCTETS, logarithm) / (1 << 20) > MEMORY_MAX_MEBIBYTES
        ? Optional.of("asks for more than " + MEMORY_MAX_MEBIBYTES + " MiB of memory")
        : Optional.empty();
  }

  private static Optional<String> rounds(long rounds) {
    return rounds > ROUNDS_MAX
        ? Optional.of("asks for " + rounds + " rounds; " + ROUNDS_MAX + " are allowed")
        : Optional.empty();
  }

  /** Six bits a character, the lowest first. */
  private static long number(String text) {
    long number = 0;
    for (int i = text.length() - 1; i >= 0; i--) {
      number = number << 6 | digit(text, i);
    }
    return number;
  }

  private static int digit(String text, int at) {
    return ALPHABET.indexOf(text.charAt(at));
  }
}
