package org.postrider.auth;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long the answer to a sign-in must wait, so that guessing is slow and a typing error is not
 * punished. It counts and computes only; whoever answers waits, on a thread of its own, before a
 * byte of the answer is sent. Any thread may use it.
 *
 * <ul>
 *   <li>A refused sign-in is answered 2 seconds after it began at the earliest, so the time tells
 *       nothing about why.
 *   <li>Of one account from one address, each after the third within minutes takes twice as long,
 *       up to 16 seconds.
 *   <li>From one address, whatever the accounts, each after the tenth takes a second longer, up to
 *       20 seconds. Then a <em>right</em> password waits too, up to 10 seconds: otherwise a guesser
 *       would take the lack of a quick answer for a no and hang up. A loopback address is not
 *       counted so: behind it are webmail and proxies, which are many people.
 *   <li>Nothing is ever locked, and an account is not slowed by what comes from other addresses.
 * </ul>
 *
 * <p>Failures are forgotten one by one: an account's each minute, an address's each 15 seconds; a
 * success forgets those of the account from this address. An IPv6 address stands for its /64. At
 * most {@value #KEYS_MAX} addresses and as many pairs are remembered; the longest unseen go first.
 */
public final class SignInThrottle {

  private static final int KEYS_MAX = 50_000;
  private static final long SECOND = 1_000_000_000L;
  private static final long REFUSAL_NANOS = 2 * SECOND;

  private static final double PAIR_FREE = 3;
  private static final long PAIR_MAX_NANOS = 16 * SECOND;
  private static final long PAIR_FORGETS_NANOS = 60 * SECOND;

  private static final double ADDRESS_FREE = 10;
  private static final long ADDRESS_MAX_NANOS = 20 * SECOND;
  private static final long ADDRESS_MAX_RIGHT_NANOS = 10 * SECOND;
  private static final long ADDRESS_FORGETS_NANOS = 15 * SECOND;

  /** More than this is not counted: it would only take longer to be forgotten. */
  private static final double FAILURES_MAX = 40;

  private final LongSupplier nanoTime;
  private final Failures<String> byAddress;
  private final Failures<Pair> byPair;

  private record Pair(String address, String account) {}

  /** Reads the JVM's monotonic clock. */
  public SignInThrottle() {
    this(System::nanoTime, KEYS_MAX);
  }

  SignInThrottle(LongSupplier nanoTime, int keysMax) {
    this.nanoTime = nanoTime;
    this.byAddress = new Failures<>(keysMax, ADDRESS_FORGETS_NANOS);
    this.byPair = new Failures<>(keysMax, PAIR_FORGETS_NANOS);
  }

  /**
   * A sign-in begins: call this before anything is checked.
   *
   * @param address of the client
   */
  public Attempt begin(InetAddress address) {
    return new Attempt(nanoTime.getAsLong(), key(address), address.isLoopbackAddress());
  }

  /** One sign-in that is being checked: end it with {@link #failed} or {@link #succeeded}, once. */
  public final class Attempt {

    private final long began;
    private final String address;
    private final boolean loopback;

    private Attempt(long began, String address, boolean loopback) {
      this.began = began;
      this.address = address;
      this.loopback = loopback;
    }

    /**
     * It was refused.
     *
     * @param account as the client gave it, whether there is such an account or not
     * @return how long to wait from now before that is said, never negative
     */
    public Duration failed(String account) {
      long now = nanoTime.getAsLong();
      double ofPair = byPair.add(new Pair(address, cut(account)), now);
      double ofAddress = loopback ? 0 : byAddress.add(address, now);
      return rest(now, Math.max(pairNanos(ofPair), addressNanos(ofAddress, ADDRESS_MAX_NANOS)));
    }

    /**
     * It was accepted.
     *
     * @param account as the client gave it
     * @return how long to wait from now before that is said: zero, unless its address has been
     *     guessing
     */
    public Duration succeeded(String account) {
      long now = nanoTime.getAsLong();
      byPair.forget(new Pair(address, cut(account)));
      return rest(now, addressNanos(byAddress.count(address, now), ADDRESS_MAX_RIGHT_NANOS));
    }

    private Duration rest(long now, long nanos) {
      return Duration.ofNanos(Math.max(0, nanos - (now - began)));
    }
  }

  private static long pairNanos(double failures) {
    int doublings = (int) Math.ceil(Math.max(0, failures - PAIR_FREE));
    return Math.min(PAIR_MAX_NANOS, REFUSAL_NANOS << Math.min(doublings, 10));
  }

  private static long addressNanos(double failures, long max) {
    return Math.min(max, (long) Math.ceil(Math.max(0, failures - ADDRESS_FREE)) * SECOND);
  }

  private static String key(InetAddress address) {
    byte[] octets = address.getAddress();
    return HexFormat.of()
        .formatHex(address instanceof Inet6Address ? Arrays.copyOf(octets, 8) : octets);
  }

  /** A client may send kilobytes as a name; they are not kept. */
  private static String cut(String account) {
    return account.length() <= 128 ? account : account.substring(0, 120) + "#" + account.hashCode();
  }

  /** Numbers of failures that melt away with time. */
  private static final class Failures<K> {

    private record Level(double failures, long at) {}

    private final long forgetsNanos;
    private final Map<K, Level> levels;

    Failures(int keysMax, long forgetsNanos) {
      this.forgetsNanos = forgetsNanos;
      this.levels =
          new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Level> eldest) {
              return size() > keysMax;
            }
          };
    }

    synchronized double count(K key, long now) {
      Level level = levels.get(key);
      return level == null
          ? 0
          : Math.max(0, level.failures - (double) (now - level.at) / forgetsNanos);
    }

    synchronized double add(K key, long now) {
      double failures = Math.min(FAILURES_MAX, count(key, now) + 1);
      levels.put(key, new Level(failures, now));
      return failures;
    }

    synchronized void forget(K key) {
      levels.remove(key);
    }
  }
}
