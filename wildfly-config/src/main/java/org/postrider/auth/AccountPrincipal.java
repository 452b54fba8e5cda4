package org.postrider.auth;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.Principal;
import java.util.Objects;
import java.util.Optional;

/**
 * The one value that every sign-in of a mail account ends in, whichever module accepted it: who it
 * is and where its mail is. It holds no password and no hash, so it may be logged and shown.
 *
 * @param name the account name, which is what the module knows the account by: not empty
 * @param address the identity in logs, access lists and shared folders: for userdb the account name
 * @param fullName the person's name, empty if unknown
 * @param home the home directory, absolute
 * @param maildir the Maildir, absolute
 * @param uid the owner of the files on disk: 0 to 4294967295
 * @param gid the group of the files on disk: 0 to 4294967295
 * @param quota Courier's form, such as {@code 10000000S,1000C}; empty if there is none
 * @param options the account's options with the site's defaults already added
 */
public record AccountPrincipal(
    String name,
    String address,
    String fullName,
    Path home,
    Path maildir,
    long uid,
    long gid,
    String quota,
    AccountOptions options)
    implements Principal {

  private static final long ID_MAX = 0xFFFF_FFFFL;

  /** Checks what the parameters promise. */
  public AccountPrincipal {
    if (name.isEmpty() || address.isEmpty()) {
      throw new IllegalArgumentException("An account needs a name and an address.");
    }
    if (!home.isAbsolute() || !maildir.isAbsolute()) {
      throw new IllegalArgumentException(
          "The home and the Maildir of an account are absolute paths.");
    }
    if (uid < 0 || uid > ID_MAX || gid < 0 || gid > ID_MAX) {
      throw new IllegalArgumentException(
          "uid and gid of an account are numbers from 0 to " + ID_MAX + ".");
    }
    Objects.requireNonNull(fullName);
    Objects.requireNonNull(quota);
    Objects.requireNonNull(options);
  }

  /**
   * An account from what a database, a directory or a program says of it.
   *
   * @param base where a relative home starts: the data directory
   * @param name also the address
   * @param gecos the full name up to its first comma, and more
   * @param home not empty
   * @param maildir absolute or relative to the home; empty: {@code Maildir}
   * @param uid decimal
   * @param gid decimal
   * @param options as Courier writes them
   * @return empty if name or home is, or a number or a path is none: such an account cannot sign in
   */
  public static Optional<AccountPrincipal> of(
      Path base,
      String name,
      String gecos,
      String home,
      String maildir,
      String uid,
      String gid,
      String quota,
      String options) {
    long user = id(uid);
    long group = id(gid);
    if (name.isEmpty() || home.isEmpty() || user < 0 || group < 0) {
      return Optional.empty();
    }
    int comma = gecos.indexOf(',');
    try {
      Path directory = base.toAbsolutePath().resolve(home).normalize();
      return Optional.of(
          new AccountPrincipal(
              name,
              name,
              comma < 0 ? gecos : gecos.substring(0, comma),
              directory,
              directory.resolve(maildir.isEmpty() ? "Maildir" : maildir).normalize(),
              user,
              group,
              quota,
              AccountOptions.parse(options)));
    } catch (InvalidPathException notAPath) {
      return Optional.empty();
    }
  }

  /** A decimal number from 0 to 4294967295, or -1. */
  private static long id(String text) {
    if (text.isEmpty() || text.length() > 10) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    long value = Long.parseLong(text);
    return value <= ID_MAX ? value : -1;
  }

  /**
   * The account name: Elytron turns it into the attribute {@code AccountPrincipal} of an identity.
   */
  @Override
  public String getName() {
    return name;
  }

  /** By the name alone: an account is looked for among principals at each sign-in. */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** The same account with {@code defaults} for the options that it lacks. */
  public AccountPrincipal withDefaults(AccountOptions defaults) {
    return new AccountPrincipal(
        name, address, fullName, home, maildir, uid, gid, quota, options.withDefaults(defaults));
  }
}
