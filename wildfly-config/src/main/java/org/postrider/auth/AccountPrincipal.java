package org.postrider.auth;

import java.nio.file.Path;
import java.security.Principal;
import java.util.Objects;

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
   * The account name: Elytron turns it into the attribute {@code AccountPrincipal} of an identity.
   */
  @Override
  public String getName() {
    return name;
  }

  /** The same account with {@code defaults} for the options that it lacks. */
  public AccountPrincipal withDefaults(AccountOptions defaults) {
    return new AccountPrincipal(
        name, address, fullName, home, maildir, uid, gid, quota, options.withDefaults(defaults));
  }
}
