package org.postrider.bean;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Does the same for many messages, on all cores: the caller's thread takes part, and helpers end
 * before it returns.
 */
final class AllCores {

  /** Fewer are not worth a helper. */
  private static final int FEW = 64;

  /** What is to be done for one of them. */
  @FunctionalInterface
  interface Work {
    void on(int i) throws IOException;
  }

  private final int count;
  private final Work work;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private AllCores(int count, Work work) {
    this.count = count;
    this.work = work;
  }

  /**
   * Works for the numbers from 0 to {@code count} (exclusive), each once, in any order.
   *
   * @throws IOException the first that the work threw; some of it is not done then
   */
  static void forEach(int count, Work work) throws IOException {
    new AllCores(count, work).run();
  }

  private void run() throws IOException {
    List<Thread> helpers = new ArrayList<>();
    int cores = count < FEW ? 1 : Runtime.getRuntime().availableProcessors();
    for (int i = 1; i < cores; i++) {
      helpers.add(Thread.ofVirtual().start(this::share));
    }
    share();
    boolean interrupted = false;
    for (Thread helper : helpers) {
      interrupted |= !isOver(helper);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
    switch (failure.get()) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException(e);
    }
  }

  /**
   * Waits for a helper; false where this thread was interrupted, and then the helper is as well.
   */
  private static boolean isOver(Thread helper) {
    boolean undisturbed = true;
    while (helper.isAlive()) {
      try {
        helper.join();
      } catch (InterruptedException e) {
        undisturbed = false;
        helper.interrupt();
      }
    }
    return undisturbed;
  }

  private void share() {
    try {
      for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
        if (failure.get() != null) {
          return;
        }
        work.on(i);
      }
    } catch (IOException | RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    }
  }
}
