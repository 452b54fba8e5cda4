package org.postrider.maildir;

import java.nio.file.Path;

/**
 * Tells those who wait for changes of a folder that something may have changed. A hint: it may come
 * for no reason, and a lost one costs only the time until somebody looks.
 *
 * <p>Safe for threads.
 */
public interface Watch extends AutoCloseable {

  /** Tells everybody who waits for the folder; called by whoever changed it. Returns at once. */
  void tell(Path folder);

  /**
   * Waits for changes of the folder, by whomever, until the answer is closed.
   *
   * @param changed may be called by any thread, at any time; must return at once
   */
  Waiting await(Path folder, Runnable changed);

  /** Ends all waiting. Nobody is told any more. */
  @Override
  void close();

  /** One who waits. */
  interface Waiting extends AutoCloseable {
    @Override
    void close();
  }
}
