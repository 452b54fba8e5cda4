package org.postrider.auth;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.ClosedChannelException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Courier's userdb. Any thread may use it. Where {@code userdb.dat} stands beside it, the compiled
 * form alone counts, as it does for Courier: see {@link UserdbCompiler} for its making, {@link
 * UserdbPair} for its reading. Otherwise the text form is read, and changes of it take effect at
 * once:
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

  private static final Logger LOG = System.getLogger(Userdb.class.getName());

  /** The longest line, without its LF. */
  static final int LINE_MAX_OCTETS = 16 * 1024;

  /** From so many accounts on, the log is told of the compiled form. */
  static final int MANY = 10_000;

  private static final int FILES_ASKED_ALWAYS = 16;
  private static final long PAUSE_NANOS = 1_000_000_000L;
  private static final int OPEN_MAX = 16;
  private static final long TEXT_MAX_OCTETS =
      Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 6);

  private static final Map<Path, Userdb> OPEN = new LinkedHashMap<>(16, 0.75f, true);

  private final Path root;
  private final long textMaxOctets;
  private final Optional<UserdbCompiled> compiled;
  private final AtomicBoolean hintGiven = new AtomicBoolean();
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

  /** What is asked of one state. */
  private interface Question<R> {
    R ask(UserdbSource source) throws TemporaryFailureException;
  }

  Userdb(Path root, long textMaxOctets) {
    this(root, textMaxOctets, Optional.of(new UserdbCompiled(root)));
  }

  private Userdb(Path root, long textMaxOctets, Optional<UserdbCompiled> compiled) {
    this.root = root;
    this.textMaxOctets = textMaxOctets;
    this.compiled = compiled;
  }

  /**
   * The userdb at a path, the same object for every caller, so that it is in memory once.
   *
   * @param root the file or directory; it need not be there yet
   */
  public static Userdb at(Path root) {
    return open(root, path -> new Userdb(path, TEXT_MAX_OCTETS));
  }

  /**
   * A file of the same text format that has no compiled form.
   *
   * @param root the file; it need not be there yet
   */
  static Userdb ofText(Path root) {
    return open(root, path -> new Userdb(path, TEXT_MAX_OCTETS, Optional.empty()));
  }

  /**
   * The file of a userdb with this ending, such as {@code .dat}: beside it, also if it is a
   * directory.
   */
  static Path beside(Path root, String ending) {
    return root.resolveSibling(root.getFileName() + ending);
  }

  private static Userdb open(Path root, Function<Path, Userdb> maker) {
    Path path = root.toAbsolutePath().normalize();
    synchronized (OPEN) {
      Userdb found = OPEN.computeIfAbsent(path, maker);
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
    return ask(source -> source.find(name));
  }

  /**
   * How many records there are.
   *
   * @throws TemporaryFailureException if the files cannot be read or their permissions are wrong
   */
  public int size() throws TemporaryFailureException {
    return ask(UserdbSource::size);
  }

  /**
   * Hands over every record, one at a time: of the text form in the order of the files, of the
   * compiled form in none. It is one state that is handed over, also if the files are replaced
   * meanwhile.
   *
   * @throws TemporaryFailureException if the files cannot be read or their permissions are wrong
   */
  public void forEach(Consumer<UserdbRecord> action) throws TemporaryFailureException {
    askOnce(
        source -> {
          source.forEach(action);
          return source;
        });
  }

  /** A password hash as most accounts here have it; never one that nothing is known to fit. */
  String typicalHash() throws TemporaryFailureException {
    return ask(UserdbSource::typicalHash);
  }

  /** A thread that is interrupted while it reads closes the files for all: the others ask again. */
  private <R> R ask(Question<R> question) throws TemporaryFailureException {
    try {
      return askOnce(question);
    } catch (TemporaryFailureException failed) {
      if (failed.getCause() instanceof ClosedChannelException
          && !Thread.currentThread().isInterrupted()) {
        return askOnce(question);
      }
      throw failed;
    }
  }

  private <R> R askOnce(Question<R> question) throws TemporaryFailureException {
    if (compiled.isPresent()) {
      Optional<UserdbPair> pair = compiled.get().enter();
      if (pair.isPresent()) {
        try {
          return question.ask(pair.get());
        } finally {
          pair.get().leave();
        }
      }
    }
    UserdbSnapshot text = current();
    if (compiled.isPresent() && text.size() >= MANY && hintGiven.compareAndSet(false, true)) {
      LOG.log(
          Level.INFO,
          "{0} is read as text, and changes of it count at once. makeuserdb makes the compiled"
              + " form, which needs no memory however many accounts there are.",
          root);
    }
    return question.ask(text);
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
