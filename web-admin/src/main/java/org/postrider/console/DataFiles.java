package org.postrider.console;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Path;
import org.postrider.auth.Administrators;
import org.postrider.auth.SetupCode;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.Userdb;

/**
 * What the console reads and writes in the data directory. The directory is named by the system
 * property {@code postrider.home}, else by the environment variable {@code POSTRIDER_HOME}. Any
 * thread may use this.
 */
@ApplicationScoped
public class DataFiles {

  private final Path home;
  private final Userdb userdb;

  /** Those of this server. */
  public DataFiles() {
    this(named());
  }

  DataFiles(Path home) {
    this.home = home;
    this.userdb = home == null ? null : Userdb.in(home);
  }

  private static Path named() {
    String home = System.getProperty("postrider.home", "");
    if (home.isBlank()) {
      String variable = System.getenv("POSTRIDER_HOME");
      home = variable == null ? "" : variable;
    }
    return home.isBlank() ? null : Path.of(home);
  }

  /**
   * How many accounts {@code etc/userdb} has.
   *
   * @throws IOException if it cannot be read; the text says why and what to do
   */
  public int accounts() throws IOException {
    home();
    try {
      return userdb.size();
    } catch (TemporaryFailureException unreadable) {
      throw new IOException(unreadable.detail(), unreadable);
    }
  }

  /**
   * Whether somebody has set the console up.
   *
   * @throws IOException if the file of administrators cannot be read; the text says why
   */
  public boolean hasAdministrator() throws IOException {
    try {
      return !Administrators.in(home()).isEmpty();
    } catch (TemporaryFailureException unreadable) {
      throw new IOException(unreadable.detail(), unreadable);
    }
  }

  /**
   * What a set-up code that was typed in is worth.
   *
   * @throws IOException if the file of the code cannot be read
   */
  public SetupCode.Verdict checkSetupCode(char[] code) throws IOException {
    return SetupCode.in(home()).check(code);
  }

  /**
   * Makes the first administrator and uses the set-up code up.
   *
   * @return false if there is an administrator already
   * @throws IllegalArgumentException if name or password cannot be used
   * @throws IOException if the file cannot be written; the text says why
   */
  public boolean addFirstAdministrator(String name, char[] password) throws IOException {
    try {
      boolean added = Administrators.in(home()).addFirst(name, password);
      SetupCode.in(home()).consume();
      return added;
    } catch (TemporaryFailureException unreadable) {
      throw new IOException(unreadable.detail(), unreadable);
    }
  }

  private Path home() throws IOException {
    if (home == null) {
      throw new IOException(
          "No data directory is set: start the server with -Dpostrider.home=DIRECTORY.");
    }
    return home;
  }
}
