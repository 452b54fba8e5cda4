package org.postrider.auth.system;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postrider.auth.TemporaryFailureException;

/**
 * Calls into the system's libraries that may wait for another machine, or for ever: each runs on a
 * platform thread of its own, since a virtual one would hold its carrier, and only so many at a
 * time. Whoever waits gives up after a while; a call that hangs keeps its place until it returns,
 * so that hanging ones never become more than that. Any thread may call.
 */
final class BlockingCalls {

  private final String what;
  private final int most;
  private final Duration waitMax;
  private final Duration callMax;
  private final Semaphore places;

  /**
   * No call yet.
   *
   * @param what is called, for the log and the names of threads: {@code PAM}
   * @param most at a time
   * @param waitMax for a place
   * @param callMax for the answer
   */
  BlockingCalls(String what, int most, Duration waitMax, Duration callMax) {
    this.what = what;
    this.most = most;
    this.waitMax = waitMax;
    this.callMax = callMax;
    this.places = new Semaphore(most, true);
  }

  /**
   * Calls, and waits for the result.
   *
   * @param call throws nothing but {@link TemporaryFailureException} and what is unchecked; it may
   *     go on after the caller has given up
   * @throws TemporaryFailureException if it does not come in time, or the call throws that
   */
  <R> R call(Callable<R> call) throws TemporaryFailureException {
    try {
      if (!places.tryAcquire(waitMax.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new TemporaryFailureException(
            what
                + " is busy with "
                + most
                + " calls, and none of them ended within "
                + waitMax.toSeconds()
                + " s. See what they wait for: a directory or another server that does not"
                + " answer.");
      }
      FutureTask<R> task = new FutureTask<>(call);
      start(task);
      return task.get(callMax.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new TemporaryFailureException("Interrupted while waiting for " + what + ".");
    } catch (TimeoutException slow) {
      throw new TemporaryFailureException(
          what
              + " did not answer within "
              + callMax.toSeconds()
              + " s. See what it waits for: a directory or another server.",
          slow);
    } catch (ExecutionException failed) {
      switch (failed.getCause()) {
        case TemporaryFailureException told -> throw told;
        case RuntimeException defect -> throw defect;
        case Error defect -> throw defect;
        default -> throw new IllegalStateException(failed.getCause());
      }
    }
  }

  private void start(FutureTask<?> task) {
    boolean started = false;
    try {
      Thread.ofPlatform()
          .daemon()
          .name("postrider " + what)
          .start(
              () -> {
                try {
                  task.run();
                } finally {
                  places.release();
                }
              });
      started = true;
    } finally {
      if (!started) {
        places.release();
      }
    }
  }
}
