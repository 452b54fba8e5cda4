package org.postrider.auth;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What login modules keep between sign-ins, such as connections to a directory: a login module is a
 * new object each time, so it cannot hold them itself. One object of a kind for each data
 * directory, made when it is first asked for and closed by {@link AuthChain#close}; who asks after
 * that gets a new one. Any thread may ask.
 */
public final class KeptOpen {

  private static final Logger LOG = System.getLogger(KeptOpen.class.getName());

  private static final Map<Key, AutoCloseable> OPEN = new ConcurrentHashMap<>();

  private record Key(Path home, Class<?> type) {}

  private KeptOpen() {}

  /**
   * The object of a kind for a data directory.
   *
   * @param open makes it, and must not wait for anything; gets the directory as an absolute path
   */
  public static <T extends AutoCloseable> T of(Path home, Class<T> type, Function<Path, T> open) {
    Path root = home.toAbsolutePath().normalize();
    return type.cast(OPEN.computeIfAbsent(new Key(root, type), unused -> open.apply(root)));
  }

  /** Closes everything that is kept for a data directory. */
  static void close(Path home) {
    Path root = home.toAbsolutePath().normalize();
    for (Key key : OPEN.keySet()) {
      AutoCloseable kept = key.home.equals(root) ? OPEN.remove(key) : null;
      if (kept != null) {
        try {
          kept.close();
        } catch (Exception failed) {
          LOG.log(Level.WARNING, "What sign-in had open could not be closed.", failed);
        }
      }
    }
  }
}
