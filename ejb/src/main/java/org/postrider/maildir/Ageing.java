package org.postrider.maildir;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.UidSet;

/**
 * Removes messages that have been in a mailbox for longer than they may ({@link
 * TrashRules#lifetimes}): those whose files, by the time of their last change of any kind (ctime),
 * are older. Moving a message into a mailbox and changing its flags begin its time anew, as with
 * Courier.
 *
 * <p>Whoever signs in or out only leaves a note ({@link #begin}); one thread does the work, account
 * after account, and a mailbox is held for a few hundred messages at a time. One in which nothing
 * can have grown old since it was last looked through is not looked at again: a ctime can't be set
 * to an earlier one, so the oldest file that stayed tells when the next one is due.
 *
 * <p>Safe for threads.
 */
public final class Ageing implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("org.postrider.imapd");

  /** Accounts that wait; those beyond come when they sign in or out the next time. */
  private static final int MOST_WAITING = 20_000;

  private static final int MOST_REMEMBERED = 100_000;

  /** A mailbox is left alone for so long at least. */
  private static final Duration PAUSE = Duration.ofMinutes(10);

  /** Messages that are looked at while nobody else can use their mailbox. */
  private static final int BATCH = 200;

  private final InstantSource clock;
  private final Consumer<Path> changed;
  private final BlockingQueue<Maildir> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Set<Path> noted = ConcurrentHashMap.newKeySet();
  private final Cache<Path, Instant> due =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(MOST_REMEMBERED).build();
  private final Thread worker;

  /**
   * Begins to wait for notes; {@link #close} ends it.
   *
   * @param changed is told the directory of each mailbox from which messages went
   */
  public Ageing(Consumer<Path> changed) {
    this(changed, InstantSource.system());
  }

  /** With a clock that tests can set. */
  Ageing(Consumer<Path> changed, InstantSource clock) {
    this.changed = changed;
    this.clock = clock;
    this.worker = Thread.ofVirtual().name("postrider-ageing").start(this::work);
  }

  /** Has the account's old messages removed soon; returns at once. */
  public void begin(Maildir account) {
    if (!account.trash().lifetimes().isEmpty()
        && noted.add(account.root())
        && !waiting.offer(account)) {
      noted.remove(account.root());
    }
  }

  /** No account is waiting or being looked through. */
  boolean isIdle() {
    return noted.isEmpty();
  }

  private void work() {
    try {
      while (true) {
        Maildir account = waiting.take();
        try {
          run(account);
        } finally {
          noted.remove(account.root());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void run(Maildir account) {
    for (Map.Entry<MailboxName, Duration> entry : account.trash().lifetimes().entrySet()) {
      try {
        run(account, entry.getKey(), entry.getValue());
      } catch (NoSuchFileException e) {
        LOG.log(System.Logger.Level.DEBUG, "A mailbox went while it was looked through", e);
      } catch (IOException | MaildirException | RuntimeException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "Old messages of " + entry.getKey() + " in " + account.root() + " were not removed",
            e);
      }
      if (Thread.currentThread().isInterrupted()) {
        return;
      }
    }
  }

  private void run(Maildir account, MailboxName name, Duration lifetime)
      throws IOException, MaildirException {
    if (!account.has(name)) {
      return;
    }
    Folder folder = account.folder(name);
    Path directory = folder.directory();
    Instant now = clock.instant();
    Instant next = due.getIfPresent(directory);
    if (next != null && now.isBefore(next)) {
      return;
    }
    Instant limit = now.minus(lifetime);
    Instant oldest = oldest(folder, now);
    if (oldest.isBefore(limit)) {
      long removed = remove(folder, limit);
      if (removed > 0) {
        LOG.log(
            System.Logger.Level.INFO,
            "Removed from {0} of {1}: {2} messages that were there for more than {3} days",
            name,
            account.root(),
            removed,
            lifetime.toDays());
        changed.accept(directory);
      }
      oldest = oldest(folder, now);
    }
    Instant again = oldest.plus(lifetime);
    // What is no message stays, however old it is.
    due.put(directory, again.isBefore(now.plus(PAUSE)) ? now.plus(PAUSE) : again);
  }

  /** When the file was last changed that has not been for longest; else the other instant. */
  private static Instant oldest(Folder folder, Instant otherwise) throws IOException {
    Instant oldest = otherwise;
    for (Instant changed : folder.changeTimes()) {
      oldest = changed.isBefore(oldest) ? changed : oldest;
    }
    return oldest;
  }

  private static long remove(Folder folder, Instant limit) throws IOException, MaildirException {
    FolderState state = folder.open(true);
    long[] uids = state.uids();
    long removed = 0;
    for (int at = 0; at < uids.length; at += BATCH) {
      UidSet.Builder batch = new UidSet.Builder();
      for (int i = at; i < Math.min(uids.length, at + BATCH); i++) {
        batch.add(uids[i]);
      }
      removed +=
          folder
              .removeUnchangedSince(state.uidValidity(), batch.build(), limit, Deletions.UNSEEN)
              .size();
    }
    return removed;
  }

  @Override
  public void close() {
    worker.interrupt();
  }
}
