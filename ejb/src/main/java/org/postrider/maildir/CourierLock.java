package org.postrider.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Courier's lock of a folder, {@code tmp/courier.lock}: its text is {@code PID:HOST} without a line
 * end. Held by Courier, its tools and this server while UIDs are given. Whoever takes it in this
 * JVM holds the {@link Folder}'s own lock first, because the text names a process, not a thread.
 *
 * <ol>
 *   <li>scratch file {@code tmp/..._courierlockN.HOST} with the text;
 *   <li>{@code link()} to {@code courier.lock}; the lock is ours where the scratch file has two
 *       links then (on NFS the call may have worked and report that it did not);
 *   <li>unlink of the scratch file. To let go: unlink of the lock.
 * </ol>
 *
 * <p>A lock is stale where its process, on this host, is no more, or began after the lock was made;
 * where it names this process but is older than it (a container gives every life of a server the
 * same number); where it is of another host, or names no process, and older than 120 s. A stale
 * lock is renamed away, looked at once more, and then a tenth of a second passes, so that another
 * program that had seen the same lock removes nothing of ours. Where no lock can be made at all (a
 * medium that is full or can't be written), the work goes on without one, as with Courier: it can
 * then change nothing that matters.
 */
final class CourierLock implements AutoCloseable {

  static final String FILE = "courier.lock";

  private static final Duration STALE_AFTER = Duration.ofSeconds(120);
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(2);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final System.Logger LOG = System.getLogger(CourierLock.class.getName());
  private static final Instant PROCESS_START =
      ProcessHandle.current().info().startInstant().orElseGet(Instant::now);

  /** Locks of ours that nobody holds, and that the disk would not remove. */
  private static final Set<Object> ABANDONED = ConcurrentHashMap.newKeySet();

  private final Disk disk;
  private final Path file;

  /**
   * @param file null where the work goes on without a lock
   */
  private CourierLock(Disk disk, Path file) {
    this.disk = disk;
    this.file = file;
  }

  /**
   * Takes the lock of a folder; waits for it.
   *
   * @throws MaildirException IN_USE after a minute
   */
  static CourierLock take(Disk disk, Path folder) throws MaildirException {
    Path tmp = folder.resolve("tmp");
    Path file = tmp.resolve(FILE);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    long pause = 5;
    try {
      while (true) {
        if (link(disk, tmp, file)) {
          return new CourierLock(disk, file);
        }
        BasicFileAttributes there = disk.stat(file);
        if (there != null && isStale(disk, file, there)) {
          breakStale(disk, tmp, file, there);
        } else if (there != null) {
          if (System.nanoTime() - deadline >= 0) {
            throw new MaildirException(
                MaildirException.Reason.IN_USE,
                "Another program holds the lock of this mailbox; try again later. (Nothing was"
                    + " changed.)");
          }
          Thread.sleep(pause);
          pause = Math.min(100, pause * 2);
        }
      }
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.DEBUG, "No lock could be made in " + tmp + "; going on without", e);
      return new CourierLock(disk, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MaildirException(
          MaildirException.Reason.IN_USE, "The server is stopping; nothing was changed.", e);
    }
  }

  /** Takes the lock of a folder where nobody holds it; waits for nobody, and breaks nothing. */
  static Optional<CourierLock> takeIfFree(Disk disk, Path folder) throws IOException {
    Path tmp = folder.resolve("tmp");
    Path file = tmp.resolve(FILE);
    return link(disk, tmp, file) ? Optional.of(new CourierLock(disk, file)) : Optional.empty();
  }

  /** True where a folder has a lock that nobody holds any more. */
  static boolean isStale(Disk disk, Path folder) throws IOException {
    Path file = folder.resolve("tmp").resolve(FILE);
    BasicFileAttributes there = disk.stat(file);
    return there != null && isStale(disk, file, there);
  }

  private static boolean link(Disk disk, Path tmp, Path file) throws IOException {
    Path scratch = tmp.resolve(UniqueNames.scratch("courierlock"));
    try {
      try (FileChannel channel = disk.create(scratch)) {
        String text = UniqueNames.PID + ":" + UniqueNames.HOST;
        disk.write(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      }
      try {
        disk.link(scratch, file);
        return true;
      } catch (IOException e) {
        if (((Number) disk.numbers(scratch).get("nlink")).intValue() == 2) {
          return true;
        }
        if (e instanceof FileAlreadyExistsException) {
          return false;
        }
        throw e;
      }
    } finally {
      disk.tidy(scratch);
    }
  }

  private static boolean isStale(Disk disk, Path file, BasicFileAttributes there)
      throws IOException {
    byte[] octets = disk.readAll(file, 1_000);
    String text = octets == null ? "" : new String(octets, StandardCharsets.UTF_8);
    int colon = text.indexOf(':');
    long pid = colon < 1 ? -1 : pid(text.substring(0, colon));
    Instant made = there.lastModifiedTime().toInstant();
    if (pid > 0 && text.substring(colon + 1).equals(UniqueNames.HOST)) {
      if (pid == UniqueNames.PID) {
        return made.isBefore(PROCESS_START)
            || isOlderThanPatience(made)
            || (there.fileKey() != null && ABANDONED.contains(there.fileKey()));
      }
      return !isHolder(pid, made);
    }
    return isOlderThanPatience(made);
  }

  /**
   * Whether a number on this host still is the process that made a lock then: not one that is over
   * but not yet reaped, not one that got the number later, as after a restart of the machine, and
   * not a thread.
   */
  private static boolean isHolder(long pid, Instant made) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isEmpty()) {
      return false;
    }
    Optional<Instant> began = process.get().info().startInstant();
    if (began.isPresent() && began.get().minus(CLOCK_SLACK).isAfter(made)) {
      return false;
    }
    try {
      String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
      return status.contains("\nTgid:\t" + pid + "\n") && !status.contains("\nState:\tZ");
    } catch (IOException e) {
      return true; // a system without /proc; or it has just ended, and is asked of again
    }
  }

  private static boolean isOlderThanPatience(Instant made) {
    return made.isBefore(Instant.now().minus(STALE_AFTER));
  }

  private static void breakStale(Disk disk, Path tmp, Path file, BasicFileAttributes stale)
      throws IOException, InterruptedException {
    Path aside = tmp.resolve(UniqueNames.scratch("stalelock"));
    try {
      disk.rename(file, aside);
    } catch (NoSuchFileException e) {
      return;
    }
    BasicFileAttributes taken = disk.stat(aside);
    if (taken != null && !Objects.equals(taken.fileKey(), stale.fileKey())) {
      // Somebody was quicker, and this is a lock that somebody holds: it goes back.
      try {
        disk.link(aside, file);
      } catch (FileAlreadyExistsException e) {
        LOG.log(System.Logger.Level.WARNING, "Two programs hold the lock {0}", file);
      }
      disk.tidy(aside);
      return;
    }
    disk.tidy(aside);
    if (stale.fileKey() != null) {
      ABANDONED.remove(stale.fileKey());
    }
    LOG.log(System.Logger.Level.INFO, "A lock that nobody holds any more was removed: {0}", file);
    Thread.sleep(100);
  }

  private static long pid(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  @Override
  public void close() {
    if (file == null) {
      return;
    }
    try {
      disk.unlink(file);
    } catch (NoSuchFileException e) {
      LOG.log(System.Logger.Level.WARNING, "Another program removed the lock {0}", file);
      abandon(); // or it is there all the same, which NFS may hide
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "A lock could not be removed: {0}", e.toString());
      abandon();
    }
  }

  private void abandon() {
    try {
      BasicFileAttributes left = disk.stat(file);
      if (left != null && left.fileKey() != null) {
        ABANDONED.add(left.fileKey());
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "A lock is waited for until it is old: {0}", file);
    }
  }
}
