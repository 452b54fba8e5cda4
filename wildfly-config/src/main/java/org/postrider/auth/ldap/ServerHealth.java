package org.postrider.auth.ldap;

import java.util.concurrent.TimeUnit;

/**
 * Whether a server is worth asking. After a failure nobody asks for a while, so that those who sign
 * in do not all wait for a server that is down or says nothing; then one may try, and the others
 * when that went well. The pauses are 1, 2, 4, 8 and then 10 seconds. Any thread may use this.
 */
final class ServerHealth {

  private static final long PAUSE_FIRST_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_LAST_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final long attemptNanos;
  private int failures;
  private long failedAt;
  private long retryAt;
  private String reason = "";

  /**
   * Nothing is known yet, so it may be asked.
   *
   * @param attemptNanos how long one attempt may take: while one is under way nobody else tries
   */
  ServerHealth(long attemptNanos) {
    this.attemptNanos = attemptNanos;
  }

  /**
   * Whether the caller may ask; if so after a failure, the caller is the only one, and must tell
   * how it went.
   */
  synchronized boolean mayTry(long now) {
    if (failures == 0) {
      return true;
    }
    if (now - retryAt < 0) {
      return false;
    }
    retryAt = now + attemptNanos;
    return true;
  }

  /** Whether {@link #mayTry} would say yes. */
  synchronized boolean isWorthTrying(long now) {
    return failures == 0 || now - retryAt >= 0;
  }

  /** It answered, be it with an error of the directory. */
  synchronized void succeeded() {
    failures = 0;
    reason = "";
  }

  /** It did not. */
  synchronized void failed(long now, String why) {
    reason = why;
    if (failures > 0 && now - failedAt < PAUSE_FIRST_NANOS) {
      return; // of many that were under way: it failed once
    }
    long pause = PAUSE_FIRST_NANOS << Math.min(failures, 10);
    retryAt = now + Math.min(pause, PAUSE_LAST_NANOS);
    failedAt = now;
    failures++;
  }

  /** Why it is not asked; empty if it is. */
  synchronized String reason() {
    return reason;
  }
}
