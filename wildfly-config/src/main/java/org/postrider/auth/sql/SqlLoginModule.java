package org.postrider.auth.sql;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountLoginModule;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.DataDirectory;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.PasswordKind;
import org.postrider.auth.Secrets;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;

/**
 * Courier's authmysql, authpgsql and authsqlite: accounts in a database, with Courier's settings
 * files ({@link SqlSettings}). A clear password serves challenges and SCRAM as well; where a hash
 * is there too, the hash decides about passwords. Accounts are listed and passwords changed, unless
 * the file has a {@code SELECT_CLAUSE} and no clause for that.
 *
 * <p>Options, besides those of {@link AccountLoginModule}: {@code database}, which is {@code
 * mysql}, {@code pgsql} or {@code sqlite}; {@code settings}, another file than {@code
 * etc/authmysqlrc} (and so on) of the data directory.
 *
 * <p>{@link FailedLoginException}: no row, a row without a uid, gid or home, no usable password, or
 * the wrong one. {@link TemporaryFailureException}: the settings are not usable or the database
 * does not answer within seconds. Where there is no settings file, nobody is known, and the log
 * says so once.
 */
public final class SqlLoginModule extends AccountLoginModule {

  private static final Logger LOG = System.getLogger(SqlLoginModule.class.getName());

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public SqlLoginModule() {}

  @Override
  protected Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    SqlAccounts accounts = accounts();
    if (!accounts.isSetUp()) {
      return Optional.empty();
    }
    Optional<SqlAccounts.Row> row = accounts.find(name, service());
    return row.isPresent() ? stored(row.get()) : Optional.empty();
  }

  @Override
  protected AccountPrincipal signIn(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    Optional<StoredAccount> found = lookup(name);
    Secrets secrets = found.map(StoredAccount::secrets).orElse(Secrets.NONE);
    return checked(found, forPasswords(secrets), password);
  }

  /** Of two passwords the hash counts, as in Courier. */
  private static Secrets forPasswords(Secrets secrets) {
    return secrets.hash().isEmpty()
        ? secrets
        : new Secrets(secrets.hash(), Optional.empty(), Map.of());
  }

  @Override
  protected String typicalHash() throws TemporaryFailureException {
    Optional<String> last = accounts().lastHash();
    return last.isPresent() ? last.get() : super.typicalHash();
  }

  @Override
  protected void forEachAccount(Consumer<StoredAccount> action) throws TemporaryFailureException {
    SqlAccounts accounts = accounts();
    if (!accounts.isSetUp()) {
      return;
    }
    accounts.forEach(
        row -> {
          try {
            stored(row).ifPresent(action);
          } catch (TemporaryFailureException noHome) {
            throw new IllegalStateException(noHome); // accounts() would have said so
          }
        });
  }

  @Override
  protected boolean changePassword(String name, char[] oldPassword, char[] newPassword)
      throws TemporaryFailureException {
    Optional<StoredAccount> found = lookup(name);
    byte[] octets = PasswordHash.octets(newPassword);
    if (octets == null) {
      return false;
    }
    try {
      Secrets secrets = found.map(StoredAccount::secrets).orElse(Secrets.NONE);
      return forPasswords(secrets).fits(oldPassword)
          && accounts()
              .change(
                  name,
                  service(),
                  new String(newPassword),
                  secrets
                      .hash()
                      .map(PasswordKind::after)
                      .orElse(PasswordKind.SHA512_CRYPT)
                      .hash(octets));
    } catch (IllegalArgumentException tooLong) {
      return false; // for the kind of the old hash
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
  }

  private SqlAccounts accounts() throws TemporaryFailureException {
    Dialect dialect =
        option("database")
            .flatMap(Dialect::named)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "The option database of this module is none of mysql, pgsql, sqlite."));
    Optional<String> settings = option("settings");
    return SqlAccounts.at(
        settings.isPresent()
            ? home().resolve(settings.get())
            : DataDirectory.etc(home()).resolve(dialect.file()),
        dialect);
  }

  private Optional<StoredAccount> stored(SqlAccounts.Row row) throws TemporaryFailureException {
    Optional<AccountPrincipal> account =
        AccountPrincipal.of(
            home(),
            row.name(),
            row.fullName(),
            row.home(),
            row.maildir(),
            row.uid(),
            row.gid(),
            row.quota(),
            row.options());
    if (account.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "Account {0} cannot sign in: the database has no number for its uid or gid, or no home.",
          row.name());
    }
    return account.map(
        found ->
            new StoredAccount(
                found,
                new Secrets(
                    Optional.of(row.crypt()).filter(hash -> isUsable(row.name(), hash)),
                    Optional.of(row.clear()).filter(clear -> !clear.isEmpty()),
                    Map.of())));
  }

  private static boolean isUsable(String name, String hash) {
    if (hash.isEmpty()) {
      return false;
    }
    Optional<String> defect = PasswordHash.defect(hash);
    defect.ifPresent(
        reason -> LOG.log(Level.WARNING, "Account {0} cannot sign in: {1}.", name, reason));
    return defect.isEmpty();
  }
}
