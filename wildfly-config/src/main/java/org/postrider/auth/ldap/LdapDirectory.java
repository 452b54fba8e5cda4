package org.postrider.auth.ldap;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.postrider.auth.Authdaemonrc;
import org.postrider.auth.CourierRc;
import org.postrider.auth.DataDirectory;
import org.postrider.auth.KeptOpen;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.WatchedFile;

/**
 * The directory of a data directory: {@code authldaprc}, and {@code authdaemonrc} for TLS, and the
 * connections that go with what they say now. When they say something else, new connections are
 * opened and the old ones closed. Any thread may use this.
 */
final class LdapDirectory implements AutoCloseable {

  private final WatchedFile<Optional<LdapSettings>> settings;
  private final WatchedFile<Authdaemonrc> variables;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile State state;

  private record State(LdapSettings settings, Authdaemonrc variables, LdapConnections open) {}

  private LdapDirectory(Path home) {
    Path etc = DataDirectory.etc(home);
    settings =
        new WatchedFile<>(
            etc.resolve("authldaprc"),
            Optional.empty(),
            file -> Optional.of(LdapSettings.of(CourierRc.read(file))));
    variables = Authdaemonrc.watch(etc);
  }

  /** The directory of a data directory, the same for everybody. */
  static LdapDirectory of(Path home) {
    return KeptOpen.of(home, LdapDirectory.class, LdapDirectory::new);
  }

  /**
   * Whether there are settings, or were: where there never were any, the module is skipped.
   *
   * @throws TemporaryFailureException if they are none that can be used
   */
  boolean isSetUp() throws TemporaryFailureException {
    return settings.wasEverThere("authldap");
  }

  /**
   * Whether clear passwords are among what is asked for. Answers at once.
   *
   * @throws TemporaryFailureException if there are no settings that can be used
   */
  boolean showsPasswords() throws TemporaryFailureException {
    return isSetUp()
        && settings
            .get()
            .filter(said -> !said.reach().bindsAsUser())
            .filter(said -> said.attributes().clearPassword().isPresent())
            .isPresent();
  }

  /**
   * The connections, by the settings of now.
   *
   * @throws TemporaryFailureException if there are no settings that can be used
   */
  LdapConnections connections() throws TemporaryFailureException {
    Optional<LdapSettings> said = settings.get();
    if (said.isEmpty()) {
      throw new TemporaryFailureException(
          settings.path()
              + " is no longer there, which authldap needs: put it back, or take authldap out of"
              + " authmodulelist and start the server again.");
    }
    Authdaemonrc daemon = variables.get();
    State known = state;
    if (isOf(known, said.get(), daemon)) {
      return known.open;
    }
    changing.lock();
    try {
      known = state;
      if (!isOf(known, said.get(), daemon)) {
        LdapConnections opened = new LdapConnections(said.get(), new LdapTls(daemon));
        state = new State(said.get(), daemon, opened);
        if (known != null) {
          known.open.close();
        }
      }
      return state.open;
    } finally {
      changing.unlock();
    }
  }

  private static boolean isOf(State known, LdapSettings settings, Authdaemonrc variables) {
    return known != null
        && known.settings.equals(settings)
        && known.variables.values().equals(variables.values());
  }

  @Override
  public void close() {
    changing.lock();
    try {
      if (state != null) {
        state.open.close();
      }
    } finally {
      changing.unlock();
    }
  }
}
