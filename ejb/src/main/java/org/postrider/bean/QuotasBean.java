package org.postrider.bean;

import jakarta.annotation.security.PermitAll;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.Quotas;
import org.postrider.maildir.QuotaLimits;
import org.postrider.maildir.QuotaState;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.QuotaResource;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.QuotaUsage;
import org.postrider.protocol.ResponseCode.Word;

/**
 * The quota of an account, from its Maildir. An account has one root, called as Courier calls it.
 */
@Stateless
@Local(Quotas.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@PermitAll
public class QuotasBean implements Quotas {

  private static final String ROOT = "ROOT";
  private static final long UNIT_OCTETS = 1024;

  @EJB private MailStore store;

  /** For the container. */
  public QuotasBean() {}

  QuotasBean(MailStore store) {
    this.store = store;
  }

  @Override
  public List<QuotaRoot> roots(Account account, MailboxName name) throws MailException {
    if (name.isPersonal()) {
      return List.of(root(account, ROOT));
    }
    if (name.value().startsWith("shared.") || name.value().startsWith("#shared.")) {
      return List.of(); // what others have is theirs to know
    }
    throw new MailException(
        Word.CANNOT, "Mailboxes of this account are INBOX and those below it, INBOX.NAME.");
  }

  @Override
  public QuotaRoot root(Account account, String name) throws MailException {
    requireOwn(name);
    return toldAs(name, Refusals.ask(() -> store.maildir(account).quota()));
  }

  private static void requireOwn(String name) throws MailException {
    if (!name.equals(ROOT)) {
      throw new MailException(
          Word.NONEXISTENT,
          "There is no such quota root; GETQUOTAROOT INBOX tells which there is.");
    }
  }

  private static QuotaRoot toldAs(String name, QuotaState state) {
    List<QuotaUsage> usages = new ArrayList<>();
    if (state.limits().octets() > 0) {
      usages.add(
          new QuotaUsage(
              QuotaResource.STORAGE, units(state.used().octets()), units(state.limits().octets())));
    }
    if (state.limits().messages() > 0) {
      usages.add(
          new QuotaUsage(
              QuotaResource.MESSAGE,
              Math.max(0, state.used().messages()),
              state.limits().messages()));
    }
    return new QuotaRoot(name, usages);
  }

  /** Units of 1,024 octets, as Courier rounds them: up. */
  private static long units(long octets) {
    return octets <= 0 ? 0 : (octets - 1) / UNIT_OCTETS + 1;
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
            limit(limits, QuotaResource.STORAGE, UNIT_OCTETS),
            limit(limits, QuotaResource.MESSAGE, 1));
    return Refusals.ask(
        () -> {
          store.maildir(account).limit(wanted);
          return toldAs(name, store.maildir(account).quota());
        });
  }

  private static long limit(Map<QuotaResource, Long> limits, QuotaResource resource, long unit)
      throws MailException {
    if (!limits.containsKey(resource)) {
      return 0;
    }
    long limit = limits.get(resource);
    if (limit < 1 || limit > Long.MAX_VALUE / UNIT_OCTETS) {
      throw new MailException(
          Word.CANNOT,
          "A limit here is 1 to "
              + Long.MAX_VALUE / UNIT_OCTETS
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
