package org.postrider.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What tells one state of a file from the next without reading it. Two states can share a stamp
 * only if both were written within one tick of the file system's clock: {@link #settled} says when
 * that is no longer possible.
 *
 * @param device the file system
 * @param inode the file on it, 0 if there is no such file
 * @param size its octets
 * @param modified time of the last write, nanoseconds since 1970
 * @param changed time of the last write or change of permissions, nanoseconds since 1970
 * @param mode type and permission bits, as in {@code st_mode}
 */
record FileStamp(long device, long inode, long size, long modified, long changed, int mode) {

  /** There is no such file. */
  static final FileStamp ABSENT = new FileStamp(0, 0, 0, 0, 0, 0);

  /** The coarsest clock that a file system in use has (one second), and a little. */
  static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1_100);

  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_DIRECTORY = 0040000;
  private static final int TYPE_FILE = 0100000;
  private static final int TYPE_LINK = 0120000;
  private static final int OTHERS_MASK = 0077;

  /**
   * The state of a file now.
   *
   * @param links {@link LinkOption#NOFOLLOW_LINKS} to see a symbolic link itself
   * @return {@link #ABSENT} if there is none
   * @throws IOException if it cannot be asked for
   */
  static FileStamp of(Path file, LinkOption... links) throws IOException {
    Map<String, Object> found;
    try {
      found = Files.readAttributes(file, "unix:dev,ino,size,lastModifiedTime,ctime,mode", links);
    } catch (NoSuchFileException absent) {
      return ABSENT;
    }
    return new FileStamp(
        (Long) found.get("dev"),
        (Long) found.get("ino"),
        (Long) found.get("size"),
        ((FileTime) found.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS),
        ((FileTime) found.get("ctime")).to(TimeUnit.NANOSECONDS),
        (Integer) found.get("mode"));
  }

  /**
   * Whether there is no such file: as {@link #of}, but at the cost of a question and not of an
   * exception, which is ten times as much.
   */
  static boolean isAbsent(Path file) throws IOException {
    return file.getFileSystem().provider().readAttributesIfExists(file, BasicFileAttributes.class)
        == null;
  }

  boolean isAbsent() {
    return equals(ABSENT);
  }

  boolean isDirectory() {
    return (mode & TYPE_MASK) == TYPE_DIRECTORY;
  }

  boolean isRegularFile() {
    return (mode & TYPE_MASK) == TYPE_FILE;
  }

  boolean isSymbolicLink() {
    return (mode & TYPE_MASK) == TYPE_LINK;
  }

  /** Whether group or others have any permission at all: what Courier refuses. */
  boolean isOpenToOthers() {
    return (mode & OTHERS_MASK) != 0;
  }

  /**
   * Whether any later write must give another stamp: the file was not written within the last tick.
   * A time well ahead of now is the clock of another machine, and is trusted.
   */
  boolean settled() {
    Instant clock = Instant.now();
    long now = TimeUnit.SECONDS.toNanos(clock.getEpochSecond()) + clock.getNano();
    return Math.abs(now - changed) > TICK_NANOS && Math.abs(now - modified) > TICK_NANOS;
  }
}
