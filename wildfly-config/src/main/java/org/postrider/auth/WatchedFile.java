package org.postrider.auth;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a settings file says, read when it is first asked for and again when the file changes: by
 * device, inode, size, times and mode, which are asked for each time. If the new state cannot be
 * understood, the log says so once and the old one stays. Any thread may ask.
 *
 * @param <T> what is made of the file; immutable
 */
public final class WatchedFile<T> {

  private static final Logger LOG = System.getLogger(WatchedFile.class.getName());

  /**
   * Makes a value of a file's present state.
   *
   * @param <T> what is made of the file
   */
  @FunctionalInterface
  public interface Reader<T> {

    /**
     * Reads the file.
     *
     * @throws IOException with a message that goes after "FILE cannot be used: " and has no full
     *     stop
     */
    T read(Path file) throws IOException;
  }

  private final Path file;
  private final T absent;
  private final Reader<T> reader;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile State<T> state;
  private volatile boolean seen;
  private volatile boolean said;

  private record State<T>(T value, FileStamp stamp, boolean settled, long read) {}

  /**
   * Nothing is read yet.
   *
   * @param absent what holds while there is no such file
   */
  public WatchedFile(Path file, T absent, Reader<T> reader) {
    this.file = file;
    this.absent = absent;
    this.reader = reader;
  }

  /** The file. */
  public Path path() {
    return file;
  }

  /**
   * What the file says now, or said when it was last understood.
   *
   * @throws TemporaryFailureException if it was never understood; the detail has the reason
   */
  public T get() throws TemporaryFailureException {
    State<T> known = state;
    if (known == null || !isCurrent(known)) {
      reading.lock();
      try {
        known = state;
        if (known == null || !isCurrent(known)) {
          known = read(known);
          state = known;
        }
      } finally {
        reading.unlock();
      }
    }
    return known.value;
  }

  /**
   * Whether the file is there, or was since this is watched. Lists of all modules are common in
   * Courier's files, which skips those that are not installed: a module whose settings never were
   * there is one that nobody has set up. The log says so once.
   *
   * @param user who would use the file
   * @throws TemporaryFailureException as {@link #get}
   */
  public boolean wasEverThere(String user) throws TemporaryFailureException {
    get();
    if (!state.stamp.isAbsent()) {
      seen = true;
    } else if (!seen && !said) {
      said = true;
      LOG.log(Level.WARNING, "{0} is not there, so {1} knows nobody; it is skipped.", file, user);
    }
    return seen;
  }

  private boolean isCurrent(State<T> known) {
    try {
      if (known.stamp.isAbsent()) {
        return FileStamp.isAbsent(file);
      }
      return known.stamp.equals(FileStamp.of(file))
          && (known.settled || System.nanoTime() - known.read < FileStamp.TICK_NANOS);
    } catch (IOException unreadable) {
      return false; // reading it says why
    }
  }

  private State<T> read(State<T> known) throws TemporaryFailureException {
    long now = System.nanoTime();
    FileStamp stamp = FileStamp.ABSENT;
    try {
      stamp = FileStamp.of(file);
      boolean settled = stamp.isAbsent() || stamp.settled();
      return new State<>(stamp.isAbsent() ? absent : reader.read(file), stamp, settled, now);
    } catch (IOException failed) {
      String detail = file + " cannot be used: " + failed.getMessage() + ".";
      if (known == null) {
        throw new TemporaryFailureException(detail, failed);
      }
      LOG.log(Level.WARNING, "{0} What it said before stays in force.", detail);
      return new State<>(known.value, stamp, true, now);
    }
  }
}
