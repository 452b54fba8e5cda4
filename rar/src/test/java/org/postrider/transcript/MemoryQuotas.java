package org.postrider.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.Quotas;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.QuotaResource;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.QuotaUsage;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.SystemFlag;

/** The quota of the store in memory, counted anew for each question. */
final class MemoryQuotas implements Quotas {

  private static final String ROOT = "ROOT";
  private static final MailboxName TRASH = new MailboxName("INBOX.Trash");
  private static final Pattern LIMIT = Pattern.compile("(\\d+)([SC])");
  private static final int LEVEL_PERCENT = 90;

  private final MemoryMail mail;

  MemoryQuotas(MemoryMail mail) {
    this.mail = mail;
  }

  /** Octets as on disk, and messages. */
  record Amount(long octets, long messages) {
    static final Amount NONE = new Amount(0, 0);

    Amount plus(long messageOctets) {
      return new Amount(octets + messageOctets, messages + 1);
    }

    Amount plus(Amount other) {
      return new Amount(octets + other.octets, messages + other.messages);
    }

    Amount minus(Amount other) {
      return new Amount(octets - other.octets, messages - other.messages);
    }
  }

  static Amount limits(String quota) {
    Amount limits = Amount.NONE;
    for (Matcher limit = LIMIT.matcher(quota); limit.find(); ) {
      long number = Long.parseLong(limit.group(1));
      limits =
          limit.group(2).equals("S")
              ? new Amount(number, limits.messages())
              : new Amount(limits.octets(), number);
    }
    return limits;
  }

  static boolean counts(MailboxName name) {
    return !name.equals(TRASH);
  }

  private Amount used(Account account) {
    Amount used = Amount.NONE;
    for (var folder : mail.store(account).folders.entrySet()) {
      for (MemoryMessage message : folder.getValue().messages.values()) {
        if (counts(folder.getKey()) && !message.flags.has(SystemFlag.DELETED)) {
          used = used.plus(message.diskSize());
        }
      }
    }
    return used;
  }

  void require(Account account, Amount more) throws MailException {
    Amount limits = mail.store(account).limits;
    Amount sum = used(account).plus(mail.store(account).announced).plus(more);
    boolean full =
        (limits.octets() > 0 && sum.octets() > limits.octets())
            || (limits.messages() > 0 && sum.messages() > limits.messages());
    if (full && more.messages() > 0) {
      throw new MailException(Word.OVERQUOTA, "There is no room for this.");
    }
  }

  /** Notes whether what has just come brought the account to its warning level. */
  void arrived(Account account, Amount more) {
    MemoryMail.Store store = mail.store(account);
    Amount now = used(account);
    if (more.messages() > 0
        && isNearlyFull(store.limits, now)
        && !isNearlyFull(store.limits, now.minus(more))) {
      store.levelReached = true;
    }
  }

  private static boolean isNearlyFull(Amount limits, Amount used) {
    return (limits.octets() > 0 && used.octets() * 100 >= limits.octets() * LEVEL_PERCENT)
        || (limits.messages() > 0 && used.messages() * 100 >= limits.messages() * LEVEL_PERCENT);
  }

  @Override
  public List<QuotaRoot> roots(Account account, MailboxName name) throws MailException {
    synchronized (mail) {
      if (name.isPersonal()) {
        return List.of(root(account));
      }
      throw new MailException(Word.CANNOT, "Mailboxes are below INBOX.");
    }
  }

  @Override
  public QuotaRoot root(Account account, String name) throws MailException {
    synchronized (mail) {
      requireOwn(name);
      return root(account);
    }
  }

  private static void requireOwn(String name) throws MailException {
    if (!name.equals(ROOT)) {
      throw new MailException(Word.NONEXISTENT, "There is no such quota root.");
    }
  }

  private QuotaRoot root(Account account) {
    Amount limits = mail.store(account).limits;
    Amount used = used(account);
    List<QuotaUsage> usages = new ArrayList<>();
    if (limits.octets() > 0) {
      usages.add(
          new QuotaUsage(QuotaResource.STORAGE, units(used.octets()), units(limits.octets())));
    }
    if (limits.messages() > 0) {
      usages.add(new QuotaUsage(QuotaResource.MESSAGE, used.messages(), limits.messages()));
    }
    return new QuotaRoot(ROOT, usages);
  }

  private static long units(long octets) {
    return (octets + 1023) / 1024;
  }

  @Override
  public QuotaRoot limit(Account account, String name, Map<QuotaResource, Long> limits)
      throws MailException {
    synchronized (mail) {
      requireOwn(name);
      if (!account.quota().isEmpty()) {
        throw new MailException(Word.CANNOT, "The record sets it.");
      }
      for (long limit : limits.values()) {
        if (limit < 1 || limit > Long.MAX_VALUE / 1024) {
          throw new MailException(Word.CANNOT, "This is no limit.");
        }
      }
      mail.store(account).limits =
          new Amount(
              limits.getOrDefault(QuotaResource.STORAGE, 0L) * 1024,
              limits.getOrDefault(QuotaResource.MESSAGE, 0L));
      return root(account);
    }
  }

  @Override
  public boolean takeLevelReached(Account account) {
    synchronized (mail) {
      boolean reached = mail.store(account).levelReached;
      mail.store(account).levelReached = false;
      return reached;
    }
  }
}
