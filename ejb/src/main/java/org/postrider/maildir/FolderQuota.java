package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.postrider.protocol.Flags;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * What the messages of one folder are to the account's {@link Quota}: those of Trash, and those
 * that are marked deleted, are nothing. {@link Folder} holds its lock where its table is asked.
 */
final class FolderQuota {

  private final Disk disk;
  private final Quota quota;
  private final Path directory;
  private final Path cur;
  private final boolean counted;

  FolderQuota(Disk disk, Quota quota, Path directory) {
    this(disk, quota, directory, true);
  }

  /**
   * @param counted false for a folder whose messages are other people's
   */
  FolderQuota(Disk disk, Quota quota, Path directory, boolean counted) {
    this.disk = disk;
    this.counted = counted;
    this.quota = quota;
    this.directory = directory;
    this.cur = directory.resolve("cur");
  }

  /** False for Trash, and where the messages are not the account's. */
  boolean counts() throws IOException {
    return counted && quota.counts(directory);
  }

  /** True where what goes from here to there is no more than the account has already. */
  boolean countsWhereItGoes(FolderQuota there) throws IOException {
    return quota.isSame(there.quota) && counts();
  }

  /**
   * Keeps room for a message that a client announces.
   *
   * @throws MaildirException OVER_QUOTA
   */
  Quota.Reservation reserve(Flags flags, long octets) throws IOException, MaildirException {
    boolean counted = counts() && !flags.has(SystemFlag.DELETED);
    return quota.reserve(counted ? QuotaAmount.NONE.plusMessage(octets) : QuotaAmount.NONE);
  }

  /**
   * Fails where there is no room for copies of these messages.
   *
   * @throws MaildirException OVER_QUOTA
   */
  void require(List<StoredMessage> messages) throws IOException, MaildirException {
    QuotaAmount amount = QuotaAmount.NONE;
    for (StoredMessage message : messages) {
      if (!message.flags().has(SystemFlag.DELETED)) {
        amount = amount.plusMessage(Math.max(0, message.diskSize()));
      }
    }
    if (counts()) {
      quota.require(amount);
    }
  }

  /**
   * Counts messages before they are seen.
   *
   * @param messages sealed
   * @param counted true where they come from a folder in which they count as well
   * @throws MaildirException OVER_QUOTA
   */
  Quota.Claim claim(List<Incoming> messages, boolean counted) throws IOException, MaildirException {
    QuotaAmount amount = QuotaAmount.NONE;
    for (Incoming message : messages) {
      message.endReservation();
      if (!message.flags().has(SystemFlag.DELETED)) {
        amount = amount.plusMessage(message.octets());
      }
    }
    QuotaAmount all = counts() ? amount : QuotaAmount.NONE;
    return quota.claim(all, counted ? QuotaAmount.NONE : all);
  }

  /** Octets on disk of the messages that are marked deleted. */
  long deletedOctets(MessageTable messages) throws IOException {
    QuotaAmount amount = QuotaAmount.NONE;
    for (int i = 0; i < messages.size(); i++) {
      if (messages.flags(i).has(SystemFlag.DELETED)) {
        amount = amount.plusMessage(Math.max(0, octets(messages.base(i), messages.info(i))));
      }
    }
    return amount.octets();
  }

  private long octets(String base, String info) throws IOException {
    return QuotaCount.octets(disk, cur, new MessageFileName(base, info));
  }

  /** Begins to remove messages. */
  Removing removing() throws IOException {
    return new Removing(counts() ? quota.removal() : null);
  }

  /** Messages that go, one after the other. */
  final class Removing {
    private final Quota.Removal removal;

    private Removing(Quota.Removal removal) {
      this.removal = removal != null && removal.isCounted() ? removal : null;
    }

    /** What a message is that is there yet. */
    QuotaAmount of(String base, String info) throws IOException {
      return removal == null ? QuotaAmount.NONE : amount(base, info);
    }

    void gone(QuotaAmount amount) {
      if (removal != null) {
        removal.add(amount);
      }
    }

    /** All messages of a folder that is being removed. */
    void goneWith(Path folder) {
      if (removal != null) {
        removal.addAll(folder);
      }
    }

    void end() {
      if (removal != null) {
        removal.end();
      }
    }
  }

  private QuotaAmount amount(String base, String info) throws IOException {
    if (!QuotaCount.counts(info)) {
      return QuotaAmount.NONE;
    }
    long octets = octets(base, info);
    return octets < 0 ? QuotaAmount.NONE : QuotaAmount.NONE.plusMessage(octets);
  }

  /**
   * Begins to change flags: what is to be no longer marked deleted is counted at once.
   *
   * @throws MaildirException OVER_QUOTA
   */
  Flagging flagging(MessageTable messages, UidSet uids, UnaryOperator<Flags> change)
      throws IOException, MaildirException {
    boolean touched = false;
    QuotaAmount back = QuotaAmount.NONE;
    for (int i : messages.select(uids)) {
      Flags before = messages.flags(i);
      boolean after = change.apply(before).has(SystemFlag.DELETED);
      if (before.has(SystemFlag.DELETED) != after) {
        touched = true;
        long octets = after ? 0 : octets(messages.base(i), messages.info(i));
        back = after || octets < 0 ? back : back.plusMessage(octets);
      }
    }
    if (!touched || !counts()) {
      return new Flagging(null, QuotaAmount.NONE, null);
    }
    Quota.Claim claim = quota.claim(back, back);
    return new Flagging(claim, back, quota.removal());
  }

  /** Flags that change, message by message. */
  final class Flagging {
    private final Quota.Claim claim;
    private final Quota.Removal removal;
    private final QuotaAmount claimed;
    private QuotaAmount back = QuotaAmount.NONE;

    private Flagging(Quota.Claim claim, QuotaAmount claimed, Quota.Removal removal) {
      this.claim = claim;
      this.claimed = claimed;
      this.removal = removal;
    }

    /** A message has another info now. */
    void renamed(String base, String before, String after) throws IOException {
      if (claim != null && QuotaCount.counts(before) != QuotaCount.counts(after)) {
        if (QuotaCount.counts(after)) {
          back = back.plus(amount(base, after));
        } else if (removal.isCounted()) {
          removal.add(QuotaAmount.NONE.plusMessage(Math.max(0, octets(base, after))));
        }
      }
    }

    /** All that could be changed is changed. */
    void end() {
      if (claim != null) {
        claim.settle();
        claim.end();
        if (removal.isCounted()) {
          removal.add(claimed.plus(back.negated())); // what was counted and did not come
        }
        removal.end();
      }
    }
  }
}
