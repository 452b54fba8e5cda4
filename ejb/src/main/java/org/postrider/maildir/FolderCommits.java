package org.postrider.maildir;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings messages into a folder, many clients' at once: whoever gets the folder's lock brings in
 * all that waits, with one sync of the directory and one UID list; the others find it done when
 * their turn comes.
 *
 * <p>Safe for threads.
 */
final class FolderCommits {

  /** Messages that are brought in together, about. */
  private static final int MOST_MESSAGES = 1_000;

  private final Folder folder;
  private final FolderIntake intake;
  private final ReentrantLock lock;
  private final Queue<Arrival> waiting = new ArrayDeque<>();

  /**
   * @param lock the folder's
   */
  FolderCommits(Folder folder, FolderIntake intake, ReentrantLock lock) {
    this.folder = folder;
    this.intake = intake;
    this.lock = lock;
  }

  FolderIntake intake() {
    return intake;
  }

  /**
   * All of them or none.
   *
   * @param messages whose octets are on the medium
   * @param claim ended here
   * @param prelude done first, without any lock
   */
  Published publish(List<Incoming> messages, Quota.Claim claim, Prelude prelude)
      throws IOException, MaildirException {
    Arrival arrival = new Arrival(messages);
    try {
      prelude(messages, claim, prelude);
      add(arrival);
      lock.lock();
      try {
        while (!arrival.isDecided()) {
          commit(next());
        }
      } finally {
        lock.unlock();
      }
      if (!arrival.hasFailed()) {
        claim.settle();
      } else if (arrival.isUndone()) {
        claim.takeBack();
      }
      return arrival.outcome();
    } finally {
      claim.end();
    }
  }

  private static void prelude(List<Incoming> messages, Quota.Claim claim, Prelude prelude)
      throws IOException, MaildirException {
    try {
      prelude.run(messages);
    } catch (IOException | MaildirException e) {
      claim.takeBack();
      throw e;
    }
  }

  private void commit(List<Arrival> group) {
    try (CourierLock held = folder.take()) {
      intake.publish(group);
    } catch (IOException | MaildirException e) {
      Arrival.fail(group, e);
    } finally {
      Arrival.fail(group, new IOException("Not stored: messages for " + folder.directory()));
    }
  }

  private void add(Arrival arrival) {
    synchronized (waiting) {
      waiting.add(arrival);
    }
  }

  /** The next ones, in their order. */
  private List<Arrival> next() {
    List<Arrival> group = new ArrayList<>();
    int messages = 0;
    synchronized (waiting) {
      while (!waiting.isEmpty() && messages < MOST_MESSAGES) {
        Arrival arrival = waiting.remove();
        messages += arrival.messages().size();
        group.add(arrival);
      }
    }
    return group;
  }
}
