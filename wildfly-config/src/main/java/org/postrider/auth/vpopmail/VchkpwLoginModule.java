package org.postrider.auth.vpopmail;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountLoginModule;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.system.PasswdFile;

/**
 * Courier-IMAP 1.x' authvchkpw: the accounts of vpopmail, from its files ({@link VpopmailHome}). An
 * account whose IMAP is switched off in vpopmail has the option {@code disableimap}. Clear
 * passwords, where vpopmail keeps them, serve challenges and SCRAM. Accounts are listed; passwords
 * are changed by vpopmail's own programs.
 *
 * <p>Options, besides those of {@link AccountLoginModule}: {@code vpopmail_home}, by default the
 * home of the system's user vpopmail; {@code assign}, by default {@value #ASSIGN}.
 *
 * <p>{@link FailedLoginException}: no such account or the wrong password. {@link
 * TemporaryFailureException}: there is no vpopmail, or a file cannot be read or is damaged.
 */
public final class VchkpwLoginModule extends AccountLoginModule {

  private static final String ASSIGN = "/var/qmail/users/assign";
  private static final Path PASSWD = Path.of("/etc/passwd");

  /** The hash that was found last, for names that are not known. */
  private static volatile String lastHash;

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public VchkpwLoginModule() {}

  @Override
  protected Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    Optional<StoredAccount> found = vpopmail().find(name);
    found.flatMap(account -> account.secrets().hash()).ifPresent(hash -> lastHash = hash);
    return found;
  }

  @Override
  protected String typicalHash() throws TemporaryFailureException {
    String last = lastHash;
    return last == null ? super.typicalHash() : last;
  }

  @Override
  protected void forEachAccount(Consumer<StoredAccount> action) throws TemporaryFailureException {
    vpopmail().forEach(action);
  }

  private VpopmailHome vpopmail() throws TemporaryFailureException {
    Optional<String[]> user =
        PasswdFile.at(PASSWD).find("vpopmail").map(line -> line.split(":", -1));
    user = user.filter(column -> column.length > 5);
    Optional<String> home = option("vpopmail_home");
    if (home.isEmpty() && user.isEmpty()) {
      throw new TemporaryFailureException(
          "authvchkpw: there is no user vpopmail here. Give the module the option vpopmail_home in"
              + " jaas.conf, or take authvchkpw out of authmodulelist.");
    }
    return new VpopmailHome(
        Path.of(home.isPresent() ? home.get() : user.get()[5]),
        user.map(column -> new Vpasswd.Owner(column[2], column[3])),
        Path.of(option("assign").orElse(ASSIGN)));
  }
}
