package org.postrider.auth;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Courier's userdb in its text form. Any thread may use it.
 *
 * <pre>
 * file      = *( record / comment / empty )        a directory stands for all its files, sub-directories included
 * record    = name TAB field *( "|" field ) LF     UTF-8; no escapes: a field holds no "|" and no LF
 * field     = key [ "=" value ]                    only the first "=" divides
 * comment   = "#" anything LF
 *
 * uid gid home          all three, or the record cannot sign in
 * mail                  Maildir, absolute or relative to home; "Maildir" if it is missing
 * gecos quota options   full name; 10000000S,1000C; comma list
 * systempw              hash of the password
 * imappw, pop3pw, ...   hash for one service, instead of systempw
 * </pre>
 *
 * <p>The rules are Courier's: the file or directory may have no permission for group or world and
 * may not be a symbolic link (what is inside a directory is not checked); names are compared octet
 * by octet; a carriage return is part of the last value. Names with a leading dot or a {@code ~}
 * are not read in a directory. Where Courier's makeuserdb gives up, on a name that comes twice or a
 * file left by a package manager, the first record counts and the log tells about the rest; so it
 * does about a line that is no record, without its text.
 *
 * <p>The whole is kept in memory, about one octet for each in the file, and read again when device,
 * inode, size, time or permissions of a file change: a single file is asked at every lookup, a tree
 * of more than {@value #FILES_ASKED_ALWAYS} files at most once a second. A reader sees one state of
 * the files or the next.
 *
 * <p>Other programs that read these files: Courier's {@code makeuserdb} and {@code userdb}, which
 * replace them by renaming.
 */
public final class Userdb {

  /** The longest line, without its LF. */
  static final int LINE_MAX_OCTETS = 16 * 1024;

  private static final int FILES_ASKED_ALWAYS = 16;
  private static final long PAUSE_NANOS = 1_000_000_000L;
  private static final int OPEN_MAX = 16;
  private static final long TEXT_MAX_OCTETS =
      Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 6);

  private static final Map<Path, Userdb> OPEN = new LinkedHashMap<>(16, 0.75f, true);

  private final Path root;
  private final long textMaxOctets;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile State state;

  /**
   * What is known, and since when.
   *
   * @param snapshot null if the last reading failed
   * @param failure null if it succeeded
   * @param asked {@link System#nanoTime} when the files were last found to be these
   * @param read {@link System#nanoTime} when they were read
   */
  private record State(
      UserdbSnapshot snapshot,
      TemporaryFailureException failure,
      FileStamp stamp,
      long asked,
      long read) {}

  Userdb(Path root, long textMaxOctets) {
    this.root = root;
    this.textMaxOctets = textMaxOctets;
  }

  /**
   * The userdb at a path, the same object for every caller, so that it is in memory once.
   *
   * @param root the file or directory; it need not be there yet
   */
  public static Userdb at(Path root) {
    Path path = root.toAbsolutePath().normalize();
    synchronized (OPEN) {
      Userdb found = OPEN.computeIfAbsent(path, key -> new Userdb(key, TEXT_MAX_OCTETS));
      if (OPEN.size() > OPEN_MAX) {
        OPEN.remove(OPEN.keySet().iterator().next());
      }
      return found;
    }
  }

  /**
   * The userdb of a data directory, {@code etc/userdb}.
   *
   * @param home the data directory
   */
  public static Userdb in(Path home) {
    return at(DataDirectory.etc(home).resolve("userdb"));
  }

  /**
   * The record of a name, as the files say it now.
   *
   * @param name compared octet by octet, so {@code Ann} is not {@code ann}
   * @throws TemporaryFailureException if the files cannot be read or their permissions are wrong
   */
  public Optional<UserdbRecord> lookup(String name) throws TemporaryFailureException {
    return current().find(name);
  }

  /**
   * How many records there are.
   *
   * @throws TemporaryFailureException if the files cannot be read or their permissions are wrong
   */
  public int size() throws TemporaryFailureException {
    return current().size();
  }

  /**
   * Hands over every record, in the order of the files, one at a time.
   *
   * @throws TemporaryFailureException if the files cannot be read or their permissions are wrong
   */
  public void forEach(Consumer<UserdbRecord> action) throws TemporaryFailureException {
    current().forEach(action);
  }

  /** A password hash as most accounts here have it; never one that nothing is known to fit. */
  String typicalHash() throws TemporaryFailureException {
    return current().typicalHash();
  }

  private UserdbSnapshot current() throws TemporaryFailureException {
    State known = state;
    if (known == null || !isCurrent(known)) {
      reading.lock();
      try {
        known = state;
        if (known == null || !isCurrent(known)) {
          known = read();
          state = known;
        }
      } finally {
        reading.unlock();
      }
    }
    if (known.failure != null) {
      throw new TemporaryFailureException(known.failure.detail(), known.failure);
    }
    return known.snapshot;
  }

  private State read() {
    long now = System.nanoTime();
    FileStamp stamp = rootStamp();
    try {
      return new State(UserdbSnapshot.read(root, textMaxOctets), null, stamp, now, now);
    } catch (TemporaryFailureException failed) {
      return new State(null, failed, stamp, now, now);
    }
  }

  private boolean isCurrent(State known) {
    long now = System.nanoTime();
    if (known.failure != null) {
      return now - known.read < PAUSE_NANOS && known.stamp.equals(rootStamp());
    }
    if (!known.snapshot.isSettled() && now - known.read > FileStamp.TICK_NANOS) {
      return false;
    }
    if (known.snapshot.files() > FILES_ASKED_ALWAYS && now - known.asked < PAUSE_NANOS) {
      return true;
    }
    if (!known.snapshot.isCurrent(root)) {
      return false;
    }
    if (known.snapshot.files() > FILES_ASKED_ALWAYS) {
      state = new State(known.snapshot, null, known.stamp, now, known.read);
    }
    return true;
  }

  private FileStamp rootStamp() {
    try {
      return FileStamp.of(root, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException failed) {
      return FileStamp.ABSENT;
    }
  }
}
