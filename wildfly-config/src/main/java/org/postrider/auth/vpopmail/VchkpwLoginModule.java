package org.postrider.auth.vpopmail;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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
 * TemporaryFailureException}: a file cannot be read or is damaged.
 */
public final class VchkpwLoginModule extends AccountLoginModule {

  private static final String ASSIGN = "/var/qmail/users/assign";
  private static final Path PASSWD = Path.of("/etc/passwd");

  private static final Logger LOG = System.getLogger(VchkpwLoginModule.class.getName());
  private static final AtomicBoolean SAID = new AtomicBoolean();

  /** The hash that was found last, for names that are not known. */
  private static volatile String lastHash;

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public VchkpwLoginModule() {}

  @Override
  protected Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    Optional<VpopmailHome> vpopmail = vpopmail();
    Optional<StoredAccount> found =
        vpopmail.isPresent() ? vpopmail.get().find(name) : Optional.empty();
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
    Optional<VpopmailHome> vpopmail = vpopmail();
    if (vpopmail.isPresent()) {
      vpopmail.get().forEach(action);
    }
  }

  /** Empty, and said once, where there is none: a module that nobody has set up is skipped. */
  private Optional<VpopmailHome> vpopmail() throws TemporaryFailureException {
    Optional<String[]> user =
        PasswdFile.at(PASSWD).find("vpopmail").map(line -> line.split(":", -1));
    user = user.filter(column -> column.length > 5);
    Optional<String> home = option("vpopmail_home");
    if (home.isEmpty() && user.isEmpty()) {
      if (SAID.compareAndSet(false, true)) {
        LOG.log(
            Level.WARNING,
            "There is no user vpopmail here, nor the option vpopmail_home, so authvchkpw knows"
                + " nobody; it is skipped.");
      }
      return Optional.empty();
    }
    return Optional.of(
        new VpopmailHome(
            Path.of(home.isPresent() ? home.get() : user.get()[5]),
            user.map(column -> new Vpasswd.Owner(column[2], column[3])),
            Path.of(option("assign").orElse(ASSIGN))));
  }
}
