package org.postrider.auth;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.login.FailedLoginException;

/**
 * Courier's authuserdb, and its authcram: signs in the accounts of {@link Userdb} and adds an
 * {@link AccountPrincipal} to the subject.
 *
 * <p>Options, besides those of {@link AccountLoginModule}: {@code userdb}, a file or a directory;
 * default: {@code etc/userdb} in the data directory.
 *
 * <p>What counts for a service S, each field with {@code S} and a hyphen before it first, and
 * without otherwise:
 *
 * <table>
 *   <caption>Fields</caption>
 *   <tr><td>{@code Spw}, else {@code systempw}</td><td>the password's hash</td></tr>
 *   <tr><td>{@code hmac-md5pw}, {@code hmac-sha1pw}, {@code hmac-sha256pw}</td><td>{@link
 *       CramContext}</td></tr>
 *   <tr><td>{@code scram-sha-1pw}, {@code scram-sha-256pw}</td><td>the secret of RFC 5802 as RFC
 *       5803 writes it</td></tr>
 * </table>
 *
 * <p>{@link FailedLoginException}: no such account, a record without uid, gid, home or password, or
 * the wrong password; the text and the work done are the same. {@link TemporaryFailureException}:
 * the userdb cannot be read, or others may read it.
 */
public final class UserdbLoginModule extends AccountLoginModule {

  private static final Logger LOG = System.getLogger(UserdbLoginModule.class.getName());

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public UserdbLoginModule() {}

  @Override
  protected Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    return userdb().lookup(name).flatMap(record -> stored(record, usable(record)));
  }

  @Override
  protected String typicalHash() throws TemporaryFailureException {
    return userdb().typicalHash();
  }

  @Override
  protected void forEachAccount(Consumer<StoredAccount> action) throws TemporaryFailureException {
    // Who is only listed does not sign in: nothing to tell the log of locked passwords.
    userdb().forEach(record -> stored(record, record.password(service())).ifPresent(action));
  }

  @Override
  protected boolean changePassword(String name, char[] oldPassword, char[] newPassword)
      throws TemporaryFailureException {
    Optional<UserdbRecord> record = userdb().lookup(name);
    return record.isPresent()
        && record.get().account(home()).isPresent()
        && new UserdbPasswordChange(root(), service())
            .change(record.get(), oldPassword, newPassword);
  }

  private Userdb userdb() throws TemporaryFailureException {
    return Userdb.at(root());
  }

  private Path root() throws TemporaryFailureException {
    Optional<String> path = option("userdb");
    return path.isPresent()
        ? home().resolve(path.get())
        : DataDirectory.etc(home()).resolve("userdb");
  }

  private Optional<StoredAccount> stored(UserdbRecord record, Optional<String> hash) {
    try {
      return record
          .account(home())
          .map(
              account ->
                  new StoredAccount(
                      account, new Secrets(hash, Optional.empty(), record.contexts(service()))));
    } catch (TemporaryFailureException noHome) {
      return Optional.empty(); // userdb() has said so before
    }
  }

  private Optional<String> usable(UserdbRecord record) {
    return record.password(service()).filter(hash -> isUsable(record.name(), hash));
  }

  private static boolean isUsable(String name, String hash) {
    Optional<String> defect = PasswordHash.defect(hash);
    defect.ifPresent(
        reason -> LOG.log(Level.WARNING, "Account {0} cannot sign in: {1}.", name, reason));
    return defect.isEmpty();
  }
}
