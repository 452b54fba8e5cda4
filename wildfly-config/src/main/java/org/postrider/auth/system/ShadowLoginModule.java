package org.postrider.auth.system;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountLoginModule;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.Secrets;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;

/**
 * Courier's authshadow: users of the operating system whose hash is in {@code shadow}. An account
 * that has expired is none; a password that had to be changed by now fits nobody. The Maildir is
 * {@code Maildir} in the home. Users of the name service are found by name, but not listed.
 * Passwords are changed by the system's passwd program, not here.
 *
 * <p>Options, besides those of {@link AccountLoginModule}: {@code passwd} and {@code shadow}, other
 * files than those in {@code /etc}, without the name service.
 *
 * <p>{@link FailedLoginException}: no such user, a home that is no absolute path, expired, no hash
 * of a known kind, or the wrong password. {@link TemporaryFailureException}: a file cannot be read
 * (only root and the group shadow may) or the name service fails.
 */
public final class ShadowLoginModule extends AccountLoginModule {

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public ShadowLoginModule() {}

  @Override
  protected Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    SystemUsers users = users();
    Optional<SystemUser> user = users.user(name);
    Optional<ShadowRecord> shadow = user.isPresent() ? users.shadow(name) : Optional.empty();
    return shadow.isPresent() ? stored(user.get(), shadow.get()) : Optional.empty();
  }

  /** The system keeps hashes, if it shows anything at all. */
  @Override
  protected boolean serves(String mechanism) {
    return false;
  }

  @Override
  protected String typicalHash() throws TemporaryFailureException {
    Optional<String> found = SystemUsers.typicalHash(users().shadow());
    return found.isPresent() ? found.get() : super.typicalHash();
  }

  @Override
  protected void forEachAccount(Consumer<StoredAccount> action) throws TemporaryFailureException {
    PasswdFile shadow = users().shadow();
    TemporaryFailureException[] failed = new TemporaryFailureException[1];
    users()
        .passwd()
        .forEach(
            (name, line) -> {
              try {
                Optional<ShadowRecord> found = shadow.find(name).flatMap(ShadowRecord::parse);
                if (found.isPresent()) {
                  SystemUser.parse(line)
                      .flatMap(user -> stored(user, found.get()))
                      .ifPresent(action);
                }
                return true;
              } catch (TemporaryFailureException unreadable) {
                failed[0] = unreadable;
                return false;
              }
            });
    if (failed[0] != null) {
      throw failed[0];
    }
  }

  private SystemUsers users() {
    return SystemUsers.of(option("passwd"), option("shadow"));
  }

  private static Optional<StoredAccount> stored(SystemUser user, ShadowRecord shadow) {
    long today = LocalDate.now(ZoneOffset.UTC).toEpochDay();
    if (shadow.isExpired(today)) {
      return Optional.empty();
    }
    boolean fits = !shadow.isPasswordExpired(today) && PasswordHash.defect(shadow.hash()).isEmpty();
    return user.account()
        .map(
            account ->
                new StoredAccount(account, fits ? Secrets.ofHash(shadow.hash()) : Secrets.NONE));
  }
}
