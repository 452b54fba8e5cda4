package org.postrider.auth.system;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import org.postrider.auth.AccountOptions;
import org.postrider.auth.AccountPrincipal;

/**
 * A user of the operating system, as passwd(5) describes one.
 *
 * @param name the user name
 * @param hash the password's, or a sign that it is elsewhere
 * @param uid 0 to 4294967295
 * @param gid 0 to 4294967295
 * @param gecos the full name, up to its first comma, and more
 * @param home absolute in every sane entry
 */
record SystemUser(String name, String hash, long uid, long gid, String gecos, String home) {

  private static final int COLUMNS_MIN = 6;

  /** Says nothing of the hash. */
  @Override
  public String toString() {
    return "SystemUser[" + name + ", uid=" + uid + "]";
  }

  /** Reads {@code name:hash:uid:gid:gecos:home:shell}; empty if it is no such line. */
  static Optional<SystemUser> parse(String line) {
    String[] column = line.split(":", 8);
    if (column.length < COLUMNS_MIN) {
      return Optional.empty();
    }
    long uid = PasswdFile.number(column[2]);
    long gid = PasswdFile.number(column[3]);
    return uid < 0 || gid < 0
        ? Optional.empty()
        : Optional.of(new SystemUser(column[0], column[1], uid, gid, column[4], column[5]));
  }

  /** The mail account, with its Maildir in the home; empty if the home is no absolute path. */
  Optional<AccountPrincipal> account() {
    try {
      Path directory = Path.of(home);
      if (name.isEmpty() || !directory.isAbsolute()) {
        return Optional.empty();
      }
      int comma = gecos.indexOf(',');
      return Optional.of(
          new AccountPrincipal(
              name,
              name,
              comma < 0 ? gecos : gecos.substring(0, comma),
              directory.normalize(),
              directory.resolve("Maildir").normalize(),
              uid,
              gid,
              "",
              AccountOptions.NONE));
    } catch (InvalidPathException notAPath) {
      return Optional.empty();
    }
  }
}
