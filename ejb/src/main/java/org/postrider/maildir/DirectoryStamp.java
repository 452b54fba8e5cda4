package org.postrider.maildir;

import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Tells from a directory's times whether it has to be read again. A time that was young when the
 * directory was read proves nothing, because a change within the same tick leaves it as it is
 * (git's "racy" entries): such a directory is read again until its time had been {@value
 * #SETTLED_MILLIS} ms old at a reading.
 *
 * <p>A change of our own makes the time young as well. Where nobody else had changed the directory
 * before it, what we know stays right, and one later reading, when the time has settled, shows what
 * somebody else may have done meanwhile.
 *
 * <p>Not safe for threads: {@link Folder} holds its lock.
 */
final class DirectoryStamp {

  private static final long SETTLED_MILLIS = 2_000;
  private static final long SETTLED_NANOS = SETTLED_MILLIS * 1_000_000;

  /** A reading that takes no longer is done at every look. */
  private static final long CHEAP_NANOS = 3_000_000;

  /** A longer one may take this part of the time while a directory is unsettled. */
  private static final long COST_SHARE = 20;

  private BasicFileAttributes known;
  private long firstSeen;
  private long readAt;
  private long cost;
  private boolean settled;
  private boolean ownOnly;

  /**
   * True where the directory has to be read.
   *
   * @param now attributes as they are; null where it does not exist
   */
  boolean isDue(BasicFileAttributes now) {
    if (known == null || now == null || !isSame(known, now)) {
      return !(known == null && now == null && readAt != 0);
    }
    if (settled) {
      return false;
    }
    long time = System.nanoTime();
    if (ownOnly) {
      return time - firstSeen >= SETTLED_NANOS;
    }
    return cost < CHEAP_NANOS || time - readAt >= Math.min(SETTLED_NANOS, cost * COST_SHARE);
  }

  /**
   * The directory is read now.
   *
   * @param before attributes before the reading began
   * @param started {@code System.nanoTime()} then
   */
  void read(BasicFileAttributes before, long started) {
    if (known == null || before == null || !isSame(known, before)) {
      firstSeen = started;
    }
    known = before;
    readAt = started;
    cost = System.nanoTime() - started;
    ownOnly = false;
    if (before != null) {
      long age = System.currentTimeMillis() - before.lastModifiedTime().toMillis();
      settled = age >= SETTLED_MILLIS || started - firstSeen >= SETTLED_NANOS;
    }
  }

  /**
   * The directory was changed by us, and what is known of it is as the change left it.
   *
   * @param before attributes before
   * @param after attributes after
   */
  void changed(BasicFileAttributes before, BasicFileAttributes after) {
    if (known == null
        || before == null
        || after == null
        || !isSame(known, before)
        || isSame(before, after)) {
      return;
    }
    ownOnly = settled || ownOnly;
    settled = false;
    known = after;
    firstSeen = System.nanoTime();
  }

  /** The next look reads. */
  void invalidate() {
    known = null;
    readAt = 0;
  }

  private static boolean isSame(BasicFileAttributes a, BasicFileAttributes b) {
    return a.lastModifiedTime().equals(b.lastModifiedTime())
        && Objects.equals(a.fileKey(), b.fileKey());
  }
}
