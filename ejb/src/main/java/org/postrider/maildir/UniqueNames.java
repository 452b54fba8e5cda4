package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes file names that no other program and no other call makes, as every Courier writer does:
 *
 * <pre>
 * scratch: SEC.MUSECPPID_UNIQ.HOST             1795347618.M790413P977_0.mail
 * message: SEC.MUSECPPIDVDEVIINO_UNIQ.HOST,S=SIZE   1795347618.M790413P977V000000000000FE00I0000000000244041_0.mail,S=72
 * </pre>
 *
 * SEC, USEC, PID decimal without leading zeros; DEV and INO of the scratch file, 16 upper-case hex
 * digits each; UNIQ a count of this process; SIZE octets on disk.
 */
final class UniqueNames {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();
  private static final AtomicLong COUNT = new AtomicLong();
  static final long PID = ProcessHandle.current().pid();

  /** The host's name as in Courier's lock. */
  static final String HOST = hostName();

  private static final String NAME_HOST = nameHost();

  private UniqueNames() {}

  /**
   * One name, before its file exists.
   *
   * @param uniq a number, or a word and a number
   */
  record UniqueName(long seconds, long micros, String uniq) {

    String scratch() {
      return seconds + ".M" + micros + "P" + PID + "_" + uniq + "." + NAME_HOST;
    }

    /**
     * The name of the message, without flags.
     *
     * @param device st_dev of the file
     * @param inode st_ino of the file
     * @param size octets on disk
     */
    String base(long device, long inode, long size) {
      return seconds
          + ".M"
          + micros
          + "P"
          + PID
          + "V"
          + HEX.toHexDigits(device)
          + "I"
          + HEX.toHexDigits(inode)
          + "_"
          + uniq
          + "."
          + NAME_HOST
          + ",S="
          + size;
    }
  }

  /** A name for a message. */
  static UniqueName message() {
    return name("");
  }

  /** The name of a scratch file for a purpose: {@code imapuid_}, {@code courierlock}. */
  static String scratch(String purpose) {
    return name(purpose).scratch();
  }

  private static UniqueName name(String purpose) {
    Instant now = Instant.now();
    return new UniqueName(
        now.getEpochSecond(), now.getNano() / 1000, purpose + COUNT.getAndIncrement());
  }

  private static String hostName() {
    try {
      String name =
          Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.US_ASCII).strip();
      return name.isEmpty() ? "localhost" : name;
    } catch (IOException e) {
      String name = System.getenv("HOSTNAME");
      return name == null || name.isBlank() ? "localhost" : name;
    }
  }

  /** A host's name may hold what a file's name may not. */
  private static String nameHost() {
    String set = System.getenv("HOSTNAME");
    String name = set == null || set.isBlank() ? HOST : set;
    StringBuilder safe = new StringBuilder();
    for (int i = 0; i < name.length() && i < 64; i++) {
      char c = name.charAt(i);
      boolean plain =
          "0123456789-.".indexOf(c) >= 0 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      safe.append(plain ? c : '_');
    }
    return safe.toString();
  }
}
