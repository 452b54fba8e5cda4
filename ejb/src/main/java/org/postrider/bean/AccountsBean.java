package org.postrider.bean;

import jakarta.annotation.security.PermitAll;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.net.InetAddress;
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
    return admit(principal);
  }

  @Override
  public long answerDelay(String name, InetAddress client, boolean accepted) {
    SignInThrottle throttle = store.throttle();
    return (accepted ? throttle.welcomeDelay(client) : throttle.refusalDelay(client, name))
        .toMillis();
  }

  /** Obeys what the module said about the account: its options, and where and whose its mail is. */
  private Account admit(AccountPrincipal principal) throws MailException {
    if (principal.options().isOn("disableimap")) {
      throw new MailException(Word.AUTHORIZATIONFAILED, "IMAP access disabled for this account.");
    }
    Account account =
        new Account(
            principal.name(),
            principal.address(),
            principal.fullName(),
            principal.maildir().normalize(),
            principal.uid(),
            principal.gid(),
            principal.quota(),
            principal.options().values());
    store.accountHome().prepare(account, principal.home().normalize(), store.maildir(account));
    return account;
  }
}
