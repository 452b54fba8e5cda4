package org.postrider.console;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Makes guessing at a form slow. The first few failures cost nothing; then each makes the next
 * attempt wait twice as long, from 2 seconds up to a minute. An attempt that comes too early is not
 * looked at, so nobody's request waits here and no thread is held. A key is forgotten by its
 * success, or {@value #FORGOTTEN_MINUTES} minutes after its last attempt; at most {@value
 * #KEYS_MAX} are remembered, the longest unseen go first. Any thread may use this.
 */
final class Throttle {

  private static final int KEYS_MAX = 10_000;
  private static final int FORGOTTEN_MINUTES = 30;
  private static final long SECOND = 1_000_000_000L;
  private static final long FIRST_NANOS = 2 * SECOND;
  private static final long LONGEST_NANOS = 60 * SECOND;

  private record Failures(int count, long nextAt, long lastAt) {}

  private final LongSupplier nanoTime;
  private final int free;
  private final Map<String, Failures> byKey =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
          return size() > KEYS_MAX;
        }
      };

  /**
   * Reads the JVM's monotonic clock.
   *
   * @param free typing errors that anybody may make
   */
  Throttle(int free) {
    this(free, System::nanoTime);
  }

  Throttle(int free, LongSupplier nanoTime) {
    this.free = free;
    this.nanoTime = nanoTime;
  }

  /**
   * An attempt begins. It counts as a failure until {@link #succeeded} says otherwise, so that many
   * at once are no way around.
   *
   * @return how long this key must wait before it may try; zero if it may try now
   */
  synchronized Duration begin(String key) {
    long now = nanoTime.getAsLong();
    Failures failures = byKey.get(key);
    if (failures == null || now - failures.lastAt > FORGOTTEN_MINUTES * 60 * SECOND) {
      failures = new Failures(0, now, now);
    }
    if (failures.nextAt - now > 0) {
      return Duration.ofNanos(failures.nextAt - now);
    }
    int count = failures.count + 1;
    int doublings = Math.min(count - free - 1, 10);
    long pause = doublings < 0 ? 0 : Math.min(LONGEST_NANOS, FIRST_NANOS << doublings);
    byKey.put(key, new Failures(count, now + pause, now));
    return Duration.ZERO;
  }

  /** The attempt was right: forget the wrong ones before it. */
  synchronized void succeeded(String key) {
    byKey.remove(key);
  }
}
