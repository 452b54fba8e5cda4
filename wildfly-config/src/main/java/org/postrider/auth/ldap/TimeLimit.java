package org.postrider.auth.ldap;

import java.time.Duration;

/**
 * How long something may take: each step, and all of them together.
 *
 * @param stepNanos the most for a step
 * @param end of {@link System#nanoTime}, when no step begins any more
 */
record TimeLimit(long stepNanos, long end) {

  /** From now on. */
  static TimeLimit of(Duration step, Duration all) {
    return new TimeLimit(step.toNanos(), System.nanoTime() + all.toNanos());
  }

  /** When a step that begins now must have ended. */
  long stepEnd() {
    long now = System.nanoTime();
    return now + Math.min(stepNanos, end - now);
  }

  boolean isOver() {
    return System.nanoTime() - end >= 0;
  }
}
