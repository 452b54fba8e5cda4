package org.postrider.bean;

import jakarta.annotation.security.PermitAll;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.sasl.DefaultDomain;
import org.postrider.auth.sasl.PrivacyRequiredException;
import org.postrider.auth.sasl.SaslExchange;
import org.postrider.auth.sasl.SaslPeer;
import org.postrider.mail.Account;
import org.postrider.mail.Accounts;
import org.postrider.mail.MailException;
import org.postrider.mail.Peer;
import org.postrider.mail.SignInExchange;
import org.postrider.mail.SignInSettings;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.QuotaLimits;
import org.postrider.protocol.ResponseCode.Word;

/**
 * Signs accounts in, by the JAAS chain of the data directory, and makes a Maildir that is missing.
 */
@Stateless
@Local(Accounts.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@PermitAll
public class AccountsBean implements Accounts {

  private static final System.Logger LOG = System.getLogger("org.postrider.imapd");

  @EJB private MailStore store;

  /** For the container. */
  public AccountsBean() {}

  AccountsBean(MailStore store) {
    this.store = store;
  }

  @Override
  public List<String> mechanisms(Peer peer) {
    return store.mechanisms().announced(saslPeer(peer));
  }

  @Override
  public SignInExchange signIn(String mechanism, Peer peer) throws MailException {
    try {
      SaslExchange exchange =
          store
              .mechanisms()
              .open(mechanism, saslPeer(peer))
              .orElseThrow(
                  () ->
                      new MailException(
                          Word.CANNOT,
                          "There is no SASL mechanism "
                              + mechanism
                              + " here; CAPABILITY lists those there are."));
      return new SaslSignIn(
          exchange, store.throttle(), peer, principal -> admit(store, peer, principal));
    } catch (PrivacyRequiredException e) {
      throw new MailException(
          Word.PRIVACYREQUIRED,
          "Passwords are not taken in clear text here; use STARTTLS or the IMAPS port.");
    }
  }

  private static SaslPeer saslPeer(Peer peer) {
    SignInSettings settings = peer.settings();
    return new SaslPeer(
        settings.service(peer.port()),
        settings.host(),
        Optional.of(peer.address()),
        peer.allowsPassword(),
        peer.tls(),
        peer.tls().isPresent() ? settings.mechanismsUnderTls() : settings.mechanisms(),
        settings.certificateField(),
        new DefaultDomain(settings.domain(), settings.separators()));
  }

  /** Obeys what the module said about the account: its options, and where and whose its mail is. */
  private static Account admit(MailStore store, Peer peer, AccountPrincipal principal)
      throws MailException {
    if (principal.options().isOn("disableimap")) {
      throw new MailException(Word.AUTHORIZATIONFAILED, "IMAP access disabled for this account.");
    }
    if (peer.tls().isEmpty() && principal.options().isOn("disableinsecureimap")) {
      throw new MailException(
          Word.PRIVACYREQUIRED,
          "IMAP access disabled via insecure connection. Use STARTTLS or the IMAPS port.");
    }
    Account account =
        new Account(
            principal.name(),
            principal.address(),
            principal.fullName(),
            store.maildir(principal.home(), principal.maildir()).normalize(),
            principal.uid(),
            principal.gid(),
            principal.quota(),
            principal.options().values());
    if (peer.settings().forwarding().elsewhere(account).isPresent()) {
      return account; // nothing of its mail is here
    }
    if (peer.settings().forwarding().on() && account.option("mailhost").isEmpty()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "proxy enabled, but no proxy host defined for {0}",
          account.name());
    }
    Maildir maildir = store.maildir(account);
    store.accountHome().prepare(account, principal.home().normalize(), maildir);
    obeyQuota(account, maildir);
    Account placed = atItsPlace(account);
    store.ageing().begin(store.maildir(placed));
    return placed;
  }

  /**
   * With the path of its Maildir that leads through no symbolic links: the folders in memory are
   * known by their paths, and others may come to them by another one.
   *
   * @throws MailException UNAVAILABLE where it is gone already
   */
  private static Account atItsPlace(Account account) throws MailException {
    try {
      return account.withMaildir(account.maildir().toRealPath());
    } catch (IOException e) {
      throw Refusals.failed(e);
    }
  }

  @Override
  public void signedOut(Account account) {
    store.ageing().begin(store.maildir(account));
  }

  /** The record's quota wins over the one in the Maildir, as when a delivery agent brings mail. */
  private static void obeyQuota(Account account, Maildir maildir) {
    QuotaLimits limits = QuotaLimits.parse(account.quota());
    if (limits.isNone() && !account.quota().isBlank()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The quota of {0} is none and is not obeyed: {1}; write it as 10000000S,1000C",
          account.name(),
          account.quota());
    }
    try {
      maildir.obey(limits);
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The quota of " + account.name() + " can't be written into its Maildir",
          e);
    }
  }
}
