package org.postrider.bean;

import jakarta.annotation.security.PermitAll;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.SignInThrottle;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.mail.Account;
import org.postrider.mail.Accounts;
import org.postrider.mail.MailException;
import org.postrider.protocol.ResponseCode.Word;

/**
 * Signs accounts in, by the JAAS chain of the data directory, and makes a Maildir that is missing.
 */
@Stateless
@Local(Accounts.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@PermitAll
public class AccountsBean implements Accounts {

  /** Courier's name of the service, by which userdb tells its passwords apart. */
  private static final String SERVICE = "imap";

  @EJB private MailStore store;

  /** For the container. */
  public AccountsBean() {}

  AccountsBean(MailStore store) {
    this.store = store;
  }

  @Override
  public Account signIn(String name, char[] password, InetAddress client) throws MailException {
    SignInThrottle.Attempt attempt = store.throttle().begin(client, name);
    AccountPrincipal principal;
    try {
      principal = store.chain().signIn(SERVICE, name, password);
    } catch (FailedLoginException e) {
      attempt.failed();
      throw new MailException(
          Word.AUTHENTICATIONFAILED, "Sign-in failed: the name or the password is wrong.");
    } catch (TemporaryFailureException e) {
      throw new MailException(Word.UNAVAILABLE, e.getMessage());
    }
    attempt.succeeded();
    if (principal.options().isOn("disableimap")) {
      throw new MailException(Word.AUTHORIZATIONFAILED, "IMAP is switched off for this account.");
    }
    Account account = account(principal);
    prepare(account, principal.home());
    return account;
  }

  @Override
  public long answerDelay(String name, InetAddress client, boolean accepted) {
    SignInThrottle throttle = store.throttle();
    return (accepted ? throttle.welcomeDelay(client) : throttle.refusalDelay(client, name))
        .toMillis();
  }

  private static Account account(AccountPrincipal principal) {
    Map<String, String> options = new HashMap<>();
    principal
        .options()
        .values()
        .forEach((option, values) -> options.put(option, String.join(",", values)));
    return new Account(
        principal.name(),
        principal.address(),
        principal.fullName(),
        principal.maildir().normalize(),
        principal.quota(),
        options);
  }

  private void prepare(Account account, Path home) throws MailException {
    try {
      makeParents(account.maildir().getParent(), home.normalize());
      store.maildir(account).prepare();
    } catch (IOException e) {
      throw new MailException(
          Word.UNAVAILABLE,
          "The mailbox of this account can't be opened or made on the server; please tell its"
              + " administrator.",
          e);
    }
  }

  /**
   * Makes what is missing above a Maildir: within the account's home only, and the home itself only
   * in the data directory. Anywhere else a missing home is more likely a file system that is not
   * mounted.
   */
  private void makeParents(Path parent, Path home) throws IOException {
    if (Files.isDirectory(parent) || !parent.startsWith(home)) {
      return;
    }
    Path mail = store.home().resolve("mail");
    if (!Files.isDirectory(home) && !home.startsWith(mail)) {
      throw new IOException("The account's home directory is missing: " + home);
    }
    Files.createDirectories(
        parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
