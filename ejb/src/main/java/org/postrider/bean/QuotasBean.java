package org.postrider.bean;

import jakarta.annotation.security.PermitAll;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.List;
import java.util.Map;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.Quotas;
import org.postrider.maildir.QuotaLimits;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.QuotaResource;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.ResponseCode.Word;

/**
 * The quota of an account, from its Maildir. An account has one root, called as Courier calls it.
 */
@Stateless
@Local(Quotas.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@PermitAll
public class QuotasBean implements Quotas {

  @EJB private MailStore store;

  /** For the container. */
  public QuotasBean() {}

  QuotasBean(MailStore store) {
    this.store = store;
  }

  @Override
  public List<QuotaRoot> roots(Account account, MailboxName name) throws MailException {
    return Refusals.ask(() -> List.of(Access.of(store, account).quotaRoot(name)));
  }

  @Override
  public QuotaRoot root(Account account, String name) throws MailException {
    if (name.equals(QuotaRoots.VIRTUAL)) {
      return QuotaRoots.ofOthers(name);
    }
    requireOwn(name);
    return Refusals.ask(() -> QuotaRoots.own(store.maildir(account)));
  }

  private static void requireOwn(String name) throws MailException {
    if (!name.equals(QuotaRoots.OWN)) {
      throw new MailException(
          Word.NONEXISTENT,
          "There is no such quota root; GETQUOTAROOT INBOX tells which there is.");
    }
  }

  @Override
  public QuotaRoot limit(Account account, String name, Map<QuotaResource, Long> limits)
      throws MailException {
    if (!account.isAdministrator()) {
      throw new MailException(Word.NOPERM, "Limits are set by administrators.");
    }
    requireOwn(name);
    if (!QuotaLimits.parse(account.quota()).isNone()) {
      throw new MailException(
          Word.CANNOT,
          "This quota is set in the account's record (" + account.quota() + "); change it there.");
    }
    QuotaLimits wanted =
        new QuotaLimits(
            limit(limits, QuotaResource.STORAGE, QuotaRoots.UNIT_OCTETS),
            limit(limits, QuotaResource.MESSAGE, 1));
    return Refusals.ask(
        () -> {
          store.maildir(account).limit(wanted);
          return QuotaRoots.own(store.maildir(account));
        });
  }

  private static long limit(Map<QuotaResource, Long> limits, QuotaResource resource, long unit)
      throws MailException {
    if (!limits.containsKey(resource)) {
      return 0;
    }
    long limit = limits.get(resource);
    if (limit < 1 || limit > Long.MAX_VALUE / QuotaRoots.UNIT_OCTETS) {
      throw new MailException(
          Word.CANNOT,
          "A limit here is 1 to "
              + Long.MAX_VALUE / QuotaRoots.UNIT_OCTETS
              + "; leave "
              + resource
              + " out to have it unlimited.");
    }
    return limit * unit;
  }

  @Override
  public boolean takeLevelReached(Account account) {
    return store.maildir(account).takeQuotaLevelReached();
  }
}
