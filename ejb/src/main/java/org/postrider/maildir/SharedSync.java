package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets those who wait for the medium at the same time share its work. A few may each sync their own
 * file; where these are at it already, all others wait for one sync of the whole file system, which
 * serves everybody who had written before it began. A file system that takes long because other
 * programs write much to it is not synced whole for a minute.
 *
 * <p>Safe for threads.
 */
final class SharedSync {

  /** So many sync their own files at the same time. */
  private static final int ALONE = 4;

  private static final long LONG_NANOS = 1_000_000_000L;
  private static final long AVOIDED_NANOS = 60_000_000_000L;

  private final Semaphore alone = new Semaphore(ALONE);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<Waiting> waiting = new ArrayList<>();
  private boolean running;
  private volatile long avoidedUntil = System.nanoTime();

  /** A call of the system. */
  @FunctionalInterface
  interface Sync {
    void run() throws IOException;
  }

  /**
   * @param place on the file system; those who wait together may be of several
   */
  private static final class Waiting {
    private final Path place;
    private boolean done;
    private IOException failure;

    Waiting(Path place) {
      this.place = place;
    }
  }

  /** True where a file system is better not synced whole now. */
  boolean isAvoided() {
    return avoidedUntil - System.nanoTime() > 0;
  }

  /**
   * Returns when what was written before is on the medium.
   *
   * @param own syncs the caller's file
   * @param disk syncs the whole file system of a place
   */
  void force(Sync own, Path place, Disk disk) throws IOException {
    if (alone.tryAcquire()) {
      try {
        own.run();
      } finally {
        alone.release();
      }
    } else if (isAvoided() || !disk.canSyncFileSystem()) {
      own.run();
    } else {
      await(new Waiting(place), disk);
    }
  }

  private void await(Waiting mine, Disk disk) throws IOException {
    lock.lock();
    try {
      waiting.add(mine);
      while (!mine.done) {
        if (running) {
          changed.awaitUninterruptibly();
        } else {
          lead(disk);
        }
      }
    } finally {
      lock.unlock();
    }
    if (mine.failure != null) {
      throw mine.failure;
    }
  }

  /** Syncs for all who wait; the lock is held, but not meanwhile. */
  private void lead(Disk disk) {
    List<Waiting> group = waiting;
    waiting = new ArrayList<>();
    running = true;
    lock.unlock();
    try {
      syncAll(group, disk);
    } finally {
      lock.lock();
      running = false;
      group.forEach(one -> one.done = true);
      changed.signalAll();
    }
  }

  private void syncAll(List<Waiting> group, Disk disk) {
    long started = System.nanoTime();
    List<Object> synced = new ArrayList<>();
    for (Waiting one : group) {
      try {
        Object device = disk.numbers(one.place).get("dev");
        if (!synced.contains(device)) {
          disk.syncFileSystem(one.place);
          synced.add(device);
        }
      } catch (IOException e) {
        one.failure = e;
      }
    }
    noteCost(System.nanoTime() - started);
  }

  /** A sync of a whole file system took so long. */
  void noteCost(long nanos) {
    if (nanos > LONG_NANOS) {
      avoidedUntil = System.nanoTime() + AVOIDED_NANOS;
    }
  }
}
