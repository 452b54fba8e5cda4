package org.postrider.auth;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The compiled form of a userdb as it is now: finds out whether there is one, opens it, and opens
 * it anew when one of its files was replaced, which is asked of the file system each time. Any
 * thread may use it.
 *
 * <p>makeuserdb replaces two files one after the other and holds {@code userdb.lock} meanwhile. So
 * while somebody holds that, no pair is opened in place of one that is open; and if none is open,
 * only one of which it is sure that both files belong together.
 */
final class UserdbCompiled {

  private static final Logger LOG = System.getLogger(UserdbCompiled.class.getName());

  private static final int TRIES = 5;
  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long TEXT_PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

  private final Path root;
  private final Path dat;
  private final Path shadowDat;
  private final Path lock;
  private final ReentrantLock opening = new ReentrantLock();
  private final AtomicLong textAsked;
  private volatile UserdbPair current;
  private volatile Failure failure;
  private volatile FileStamp textTold = FileStamp.ABSENT;

  /** Why what is there cannot be opened, so that not each sign-in tries. */
  private record Failure(
      FileStamp dat, FileStamp shadow, TemporaryFailureException reason, long since) {}

  UserdbCompiled(Path root) {
    this.root = root;
    dat = Userdb.beside(root, ".dat");
    shadowDat = Userdb.beside(root, "shadow.dat");
    lock = Userdb.beside(root, ".lock");
    textAsked = new AtomicLong(System.nanoTime() - TEXT_PAUSE_NANOS);
  }

  /**
   * The pair as it is now.
   *
   * @return entered, so {@link UserdbPair#leave} must follow; empty if there is no compiled form
   * @throws TemporaryFailureException if there is one and it cannot be used
   */
  Optional<UserdbPair> enter() throws TemporaryFailureException {
    for (int i = 0; i < TRIES; i++) {
      FileStamp datStamp = stamp(dat);
      if (datStamp.isAbsent()) {
        retire();
        return Optional.empty();
      }
      FileStamp shadowStamp = stamp(shadowDat);
      UserdbPair pair = current;
      if (pair == null || !pair.isCurrent(datStamp, shadowStamp)) {
        pair = reopen(datStamp, shadowStamp);
      }
      if (pair != null && pair.enter()) {
        compareWithText(pair);
        return Optional.of(pair);
      }
    }
    throw new TemporaryFailureException(
        dat + " is being replaced over and over: something runs makeuserdb all the time.");
  }

  private FileStamp stamp(Path file) throws TemporaryFailureException {
    try {
      return FileStamp.of(file);
    } catch (IOException failed) {
      throw new TemporaryFailureException(file + " cannot be seen: " + failed.getMessage(), failed);
    }
  }

  private void retire() {
    if (current == null) {
      return;
    }
    opening.lock();
    try {
      if (current != null) {
        current.retire();
        current = null;
      }
    } finally {
      opening.unlock();
    }
  }

  /** The pair that is to be used; null if the files changed meanwhile. */
  private UserdbPair reopen(FileStamp datStamp, FileStamp shadowStamp)
      throws TemporaryFailureException {
    opening.lock();
    try {
      if (current != null && current.isCurrent(datStamp, shadowStamp)) {
        return current;
      }
      Failure known = failure;
      if (known != null
          && known.dat.equals(datStamp)
          && known.shadow.equals(shadowStamp)
          && System.nanoTime() - known.since < PAUSE_NANOS) {
        throw new TemporaryFailureException(known.reason.detail(), known.reason);
      }
      return open(datStamp, shadowStamp);
    } finally {
      opening.unlock();
    }
  }

  private UserdbPair open(FileStamp datStamp, FileStamp shadowStamp)
      throws TemporaryFailureException {
    Optional<Flock> held = Optional.empty();
    boolean writing = false;
    try {
      held = Flock.shared(lock, Duration.ZERO);
      writing = held.isEmpty();
    } catch (IOException noLock) {
      LOG.log(Level.DEBUG, "{0} cannot be locked: {1}", lock, noLock.getMessage());
    }
    try {
      UserdbPair old = current;
      if (writing && old != null && old.isOpen()) {
        return old;
      }
      boolean drafts = writing && hasDrafts();
      UserdbPair pair = UserdbPair.open(root, datStamp, shadowStamp);
      if (!stamp(dat).equals(datStamp) || !stamp(shadowDat).equals(shadowStamp)) {
        pair.retire();
        return null;
      }
      if (writing && !(drafts && hasDrafts()) && !pair.isMarked()) {
        pair.retire();
        throw new TemporaryFailureException(
            dat + " is just being replaced by makeuserdb, which holds " + lock + ".");
      }
      pair.tell();
      current = pair;
      failure = null;
      textAsked.set(System.nanoTime() - TEXT_PAUSE_NANOS);
      if (old != null) {
        old.retire();
      }
      return pair;
    } catch (NoSuchFileException changed) {
      return null;
    } catch (TemporaryFailureException failed) {
      failure = new Failure(datStamp, shadowStamp, failed, System.nanoTime());
      throw failed;
    } finally {
      held.ifPresent(Flock::close);
    }
  }

  /** As long as both drafts are there, makeuserdb has renamed neither. */
  private boolean hasDrafts() throws TemporaryFailureException {
    return !stamp(Userdb.beside(root, ".tmp")).isAbsent()
        && !stamp(Userdb.beside(root, "shadow.tmp")).isAbsent();
  }

  /** Tells the log, once for each state of the text, that it was changed and not compiled. */
  private void compareWithText(UserdbPair pair) {
    long asked = textAsked.get();
    long now = System.nanoTime();
    if (now - asked < TEXT_PAUSE_NANOS || !textAsked.compareAndSet(asked, now)) {
      return;
    }
    try {
      FileStamp text = FileStamp.of(root, LinkOption.NOFOLLOW_LINKS);
      if (pair.isOlderThan(text) && !text.equals(textTold)) {
        textTold = text;
        LOG.log(
            Level.INFO,
            "{0} was changed after {1} was made, and does not count until makeuserdb is run.",
            root,
            dat);
      }
    } catch (IOException unreadable) {
      LOG.log(Level.DEBUG, "{0} cannot be seen: {1}", root, unreadable.getMessage());
    }
  }
}
