package org.postrider.auth.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.WatchedFile;

/**
 * An issuer's keys. Those of a file are read again when it changes; those of an address every ten
 * minutes, and when a token names one that is not among them, but then at most every 30 seconds. If
 * they cannot be had again, the old ones are used for a day. Any thread.
 */
final class IssuerKeys {

  private static final Logger LOG = System.getLogger(IssuerKeys.class.getName());

  private static final long FRESH_NANOS = Duration.ofMinutes(10).toNanos();
  private static final long AGAIN_NANOS = Duration.ofSeconds(30).toNanos();
  private static final long STALE_NANOS = Duration.ofDays(1).toNanos();
  private static final Duration PATIENCE = Duration.ofSeconds(6);
  private static final long FILE_MAX_OCTETS = 256 * 1024;

  private final Source source;
  private final LongSupplier nanoTime;
  private final ReentrantLock fetching = new ReentrantLock();
  private volatile Fetched fetched;
  private volatile long tried;
  private volatile boolean triedOnce;

  private record Fetched(List<TokenKey> keys, long at) {}

  /** Where they come from. */
  @FunctionalInterface
  interface Source {

    /**
     * Gets them now.
     *
     * @throws IOException with a reason
     */
    List<TokenKey> fetch() throws IOException, TemporaryFailureException;

    /** Whether they are read again whenever they are asked for. */
    default boolean isCurrent() {
      return false;
    }
  }

  IssuerKeys(Source source, LongSupplier nanoTime) {
    this.source = source;
    this.nanoTime = nanoTime;
  }

  /** Those of the settings. */
  static IssuerKeys of(OAuthSettings settings, IssuerClient client) {
    String place = settings.keys().orElseThrow();
    Source source =
        OAuthSettings.isAddress(place)
            ? () -> parsed(client.get(URI.create(place)), place)
            : new FileSource(settings.directory().resolve(place));
    return new IssuerKeys(source, System::nanoTime);
  }

  private static List<TokenKey> parsed(String text, String place) throws IOException {
    try {
      List<TokenKey> keys = TokenKey.parse(text);
      if (keys.isEmpty()) {
        throw new IOException("no key in it can be used here");
      }
      return keys;
    } catch (JsonException noKeys) {
      throw new IOException(
          place + " has no set of keys (RFC 7517): " + noKeys.getMessage(), noKeys);
    }
  }

  private static final class FileSource implements Source {

    private final WatchedFile<List<TokenKey>> file;

    FileSource(Path path) {
      file = new WatchedFile<>(path, List.of(), FileSource::read);
    }

    private static List<TokenKey> read(Path path) throws IOException {
      if (Files.size(path) > FILE_MAX_OCTETS) {
        throw new IOException("it is larger than " + FILE_MAX_OCTETS + " octets");
      }
      return parsed(Files.readString(path, UTF_8), "it");
    }

    @Override
    public List<TokenKey> fetch() throws IOException, TemporaryFailureException {
      List<TokenKey> keys = file.get();
      if (keys.isEmpty()) {
        throw new IOException("there is no file " + file.path());
      }
      return keys;
    }

    @Override
    public boolean isCurrent() {
      return true;
    }
  }

  /**
   * The keys.
   *
   * @throws TemporaryFailureException if there are none to be had; the detail has the reason
   */
  List<TokenKey> keys() throws TemporaryFailureException {
    if (source.isCurrent()) {
      return fetch();
    }
    Fetched known = fetched;
    return known != null && nanoTime.getAsLong() - known.at < FRESH_NANOS ? known.keys : refetch();
  }

  /**
   * The keys, where there may be newer ones than {@link #keys} gave.
   *
   * @throws TemporaryFailureException if there are none to be had
   */
  List<TokenKey> newest() throws TemporaryFailureException {
    return source.isCurrent() ? fetch() : refetch();
  }

  private List<TokenKey> fetch() throws TemporaryFailureException {
    try {
      return source.fetch();
    } catch (IOException failed) {
      throw new TemporaryFailureException(
          "The keys of the issuer of tokens cannot be had: " + failed.getMessage() + ".", failed);
    }
  }

  private List<TokenKey> refetch() throws TemporaryFailureException {
    try {
      if (!fetching.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TemporaryFailureException("The issuer of tokens answers too slowly.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TemporaryFailureException("The server is stopping.", e);
    }
    try {
      long now = nanoTime.getAsLong();
      if (!triedOnce || now - tried >= AGAIN_NANOS) {
        tried = now;
        triedOnce = true;
        fetched = new Fetched(fetch(), now);
      }
    } catch (TemporaryFailureException failed) {
      LOG.log(Level.WARNING, failed.detail());
    } finally {
      fetching.unlock();
    }
    Fetched known = fetched;
    if (known == null || nanoTime.getAsLong() - known.at > STALE_NANOS) {
      throw new TemporaryFailureException("The keys of the issuer of tokens cannot be had.");
    }
    return known.keys;
  }
}
