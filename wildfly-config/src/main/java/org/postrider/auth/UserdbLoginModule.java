package org.postrider.auth;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import javax.security.auth.login.FailedLoginException;

/**
 * Courier's authuserdb: signs in the accounts of {@link Userdb} and adds an {@link
 * AccountPrincipal} to the subject.
 *
 * <p>Options, besides those of {@code PasswordLoginModule} ({@code try_first_pass}, {@code
 * use_first_pass}, {@code store_pass}):
 *
 * <table>
 *   <caption>Options</caption>
 *   <tr><td>{@code home}</td><td>the data directory; default: the system property {@code postrider.home}, else the variable
 *       {@code POSTRIDER_HOME}</td></tr>
 *   <tr><td>{@code userdb}</td><td>the userdb, a file or a directory; default: {@code etc/userdb} in the data
 *       directory</td></tr>
 *   <tr><td>{@code service}</td><td>whose password counts: {@code <service>pw} if the record has it, and only otherwise
 *       {@code systempw}; default: {@code imap}</td></tr>
 * </table>
 *
 * <p>{@link FailedLoginException}: no such account, a record without uid, gid, home or password, or
 * the wrong password; the text and the work done are the same. {@link TemporaryFailureException}:
 * the userdb cannot be read, or others may read it.
 */
public final class UserdbLoginModule extends PasswordLoginModule {

  private static final Logger LOG = System.getLogger(UserdbLoginModule.class.getName());

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public UserdbLoginModule() {}

  @Override
  List<Principal> authenticate(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    Path home = DataDirectory.of(options());
    Userdb userdb =
        options().get("userdb") instanceof String path && !path.isBlank()
            ? Userdb.at(home.resolve(path))
            : Userdb.in(home);
    String service =
        options().get("service") instanceof String text && !text.isBlank() ? text : "imap";

    Optional<UserdbRecord> record = userdb.lookup(name);
    Optional<AccountPrincipal> account = record.flatMap(found -> found.account(home));
    Optional<String> stored =
        account
            .flatMap(unused -> record.get().password(service))
            .filter(hash -> isUsable(name, hash));
    boolean right = PasswordHash.verify(stored.orElse(userdb.typicalHash()), password);
    if (!right || stored.isEmpty()) {
      throw refused();
    }
    return List.of(account.get());
  }

  private static boolean isUsable(String name, String hash) {
    Optional<String> defect = PasswordHash.defect(hash);
    defect.ifPresent(
        reason -> LOG.log(Level.WARNING, "Account {0} cannot sign in: {1}.", name, reason));
    return defect.isEmpty();
  }
}
