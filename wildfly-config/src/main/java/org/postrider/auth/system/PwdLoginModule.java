package org.postrider.auth.system;

import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountLoginModule;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.Secrets;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;

/**
 * Courier's authpwd: users of the operating system whose hash is in {@code passwd} itself, as on
 * systems without {@code shadow}. The Maildir is {@code Maildir} in the home. Users of the name
 * service are found by name, but not listed. Passwords are changed by the system's passwd program,
 * not here.
 *
 * <p>Option, besides those of {@link AccountLoginModule}: {@code passwd}, another file than {@code
 * /etc/passwd}, without the name service.
 *
 * <p>{@link FailedLoginException}: no such user, a home that is no absolute path, no hash of a
 * known kind, or the wrong password. {@link TemporaryFailureException}: the file cannot be read or
 * the name service fails.
 */
public final class PwdLoginModule extends AccountLoginModule {

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public PwdLoginModule() {}

  @Override
  protected Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    return users().user(name).flatMap(PwdLoginModule::stored);
  }

  /** The system keeps hashes, if it shows anything at all. */
  @Override
  protected boolean serves(String mechanism) {
    return false;
  }

  @Override
  protected String typicalHash() throws TemporaryFailureException {
    Optional<String> found = SystemUsers.typicalHash(users().passwd());
    return found.isPresent() ? found.get() : super.typicalHash();
  }

  @Override
  protected void forEachAccount(Consumer<StoredAccount> action) throws TemporaryFailureException {
    users().forEach(user -> stored(user).ifPresent(action));
  }

  private SystemUsers users() {
    return SystemUsers.of(option("passwd"), Optional.empty());
  }

  private static Optional<StoredAccount> stored(SystemUser user) {
    return user.account()
        .map(
            account ->
                new StoredAccount(
                    account,
                    PasswordHash.defect(user.hash()).isEmpty()
                        ? Secrets.ofHash(user.hash())
                        : Secrets.NONE));
  }
}
