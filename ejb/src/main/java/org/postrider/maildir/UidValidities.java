package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.postrider.protocol.UidSet;

/**
 * Gives UIDVALIDITY values that no mailbox of the account had before. As with Courier a value is
 * the time in seconds less 1,000,000,000; and it is above every value that was given up (its
 * mailbox deleted, renamed, or numbered anew), however quickly the next mailbox follows and
 * whatever the clock does.
 *
 * <p>The highest value given up is kept in the file {@code postrideruidvalidity} of the account's
 * Maildir: one decimal number and LF, written durably (scratch file, fsync, rename, fsync)
 * <em>before</em> its mailbox goes. Other programs ignore it; without it only the clock protects.
 *
 * @rfc 3501 2.3.1.1
 */
final class UidValidities {

  static final String FILE = "postrideruidvalidity";

  private static final long EPOCH = 1_000_000_000L;

  private final ReentrantLock lock = new ReentrantLock();

  /**
   * A value never used in this account.
   *
   * @param above the value, if known, that it replaces; else 0
   */
  long next(Disk disk, Path root, long above) throws IOException {
    long clock = System.currentTimeMillis() / 1000 - EPOCH;
    return Math.min(
        UidSet.MAX_UID, Math.max(Math.max(clock, 1), Math.max(highest(disk, root), above) + 1));
  }

  /** A mailbox gives up its value. */
  void retire(Disk disk, Path root, long value) throws IOException {
    lock.lock();
    try {
      if (value > highest(disk, root)) {
        disk.replace(
            root.resolve("tmp").resolve(UniqueNames.scratch("uidvalidity")),
            root.resolve(FILE),
            (value + "\n").getBytes(StandardCharsets.US_ASCII),
            true);
      }
    } finally {
      lock.unlock();
    }
  }

  private static long highest(Disk disk, Path root) throws IOException {
    byte[] octets = disk.readAll(root.resolve(FILE), 100);
    if (octets == null) {
      return 0;
    }
    try {
      long value = Long.parseLong(new String(octets, StandardCharsets.US_ASCII).strip());
      return value < 0 || value >= UidSet.MAX_UID ? 0 : value;
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
