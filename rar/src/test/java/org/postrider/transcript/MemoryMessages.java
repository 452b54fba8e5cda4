package org.postrider.transcript;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.postrider.mail.Account;
import org.postrider.mail.Changes;
import org.postrider.mail.Delivery;
import org.postrider.mail.Expunging;
import org.postrider.mail.FlagChange;
import org.postrider.mail.MailException;
import org.postrider.mail.MessageBatch;
import org.postrider.mail.MessageData;
import org.postrider.mail.Messages;
import org.postrider.mail.SelectedMailbox;
import org.postrider.mail.StoreMode;
import org.postrider.mail.Stored;
import org.postrider.protocol.FetchData;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.Flags;
import org.postrider.protocol.Literal;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MessageThreads;
import org.postrider.protocol.Partial;
import org.postrider.protocol.ResponseCode.AppendUid;
import org.postrider.protocol.ResponseCode.CopyUid;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.protocol.SearchKey;
import org.postrider.protocol.SortCriterion;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.ThreadAlgorithm;
import org.postrider.protocol.UidSet;
import org.postrider.transcript.MemoryQuotas.Amount;

/**
 * The messages of the store in memory; message structure is left to the stores that can read it.
 */
final class MemoryMessages implements Messages {

  private static final Rights TO_FLAG = Rights.of(Right.SEEN, Right.WRITE, Right.DELETE_MESSAGES);

  private final MemoryMail mail;
  private final MemoryQuotas quotas;

  MemoryMessages(MemoryMail mail, MemoryQuotas quotas) {
    this.mail = mail;
    this.quotas = quotas;
  }

  @Override
  public Changes changes(SelectedMailbox mailbox, long since) throws MailException {
    synchronized (mail) {
      return mail.folder(mailbox).changes(since, mailbox.readOnly(), mail.rights(mailbox));
    }
  }

  @Override
  public MessageBatch fetch(SelectedMailbox mailbox, UidSet uids, List<FetchItem> items)
      throws MailException {
    synchronized (mail) {
      List<MessageData> answers = new ArrayList<>();
      for (var entry : mail.folder(mailbox).messages.entrySet()) {
        if (uids.contains(entry.getKey())) {
          List<FetchData> data = new ArrayList<>();
          for (FetchItem item : items) {
            if (item != FetchItem.Attribute.UID) {
              data.add(data(entry.getValue(), item));
            }
          }
          answers.add(new MessageData(entry.getKey(), data));
        }
      }
      return new MessageBatch(answers, List.of());
    }
  }

  private static FetchData data(MemoryMessage message, FetchItem item) throws MailException {
    return switch (item) {
      case FetchItem.Body body -> new FetchData.BodyData(body, literal(message, body));
      case FetchItem.Attribute attribute ->
          switch (attribute) {
            case FLAGS -> new FetchData.FlagsData(message.flags);
            case INTERNALDATE -> new FetchData.InternalDateData(message.date);
            case RFC822_SIZE -> new FetchData.SizeData(message.octets.length);
            case UID, ENVELOPE, BODY, BODYSTRUCTURE -> throw needsMime();
          };
    };
  }

  private static Literal literal(MemoryMessage message, FetchItem.Body body) throws MailException {
    if (!body.section().part().isEmpty()) {
      throw needsMime();
    }
    byte[] octets = message.section(body.section());
    if (body.partial().isPresent()) {
      Partial partial = body.partial().get();
      int from = (int) Math.min(partial.offset(), octets.length);
      int to = (int) Math.min(partial.offset() + partial.length(), octets.length);
      octets = Arrays.copyOfRange(octets, from, to);
    }
    return new Literal.Octets(octets);
  }

  private static MailException needsMime() {
    return new MailException(Word.CANNOT, "The store in memory does not read message structure.");
  }

  @Override
  public Stored store(SelectedMailbox mailbox, UidSet uids, StoreMode mode, Flags flags)
      throws MailException {
    synchronized (mail) {
      MemoryFolder folder = mail.writable(mailbox);
      Rights rights = mail.rights(mailbox);
      Flags asked = rights.changeable(flags);
      if (mode == StoreMode.REPLACE
          ? !rights.hasAnyOf(TO_FLAG)
          : asked.isEmpty() && !flags.isEmpty()) {
        throw MemoryAccess.refused(Right.WRITE);
      }
      Amount back =
          mode == StoreMode.ADD || !rights.has(Right.DELETE_MESSAGES)
              ? Amount.NONE
              : undeleted(folder, uids, mode, flags);
      Amount growth = MemoryQuotas.counts(mailbox.name()) ? back : Amount.NONE;
      quotas.require(mailbox.account(), growth);
      long before = folder.modSeq++;
      Flags spelled = folder.spelled(asked);
      List<FlagChange> changes = new ArrayList<>();
      boolean changed = false;
      for (var entry : folder.messages.entrySet()) {
        if (!uids.contains(entry.getKey())) {
          continue;
        }
        MemoryMessage message = entry.getValue();
        Flags after =
            switch (mode) {
              case REPLACE -> message.flags.minus(rights.changeable(message.flags)).plus(spelled);
              case ADD -> message.flags.plus(spelled);
              case REMOVE -> message.flags.minus(spelled);
            };
        if (!after.equals(message.flags)) {
          message.flags = after;
          message.changed = folder.modSeq;
          changed = true;
        }
        changes.add(new FlagChange(entry.getKey(), message.flags, message.changed));
      }
      quotas.arrived(mailbox.account(), growth);
      if (changed) {
        folder.changed();
      } else {
        folder.modSeq = before;
      }
      return new Stored(changed ? folder.modSeq : 0, changes);
    }
  }

  private static Amount undeleted(MemoryFolder folder, UidSet uids, StoreMode mode, Flags flags) {
    Amount amount = Amount.NONE;
    for (var entry : folder.messages.entrySet()) {
      boolean cleared = flags.has(SystemFlag.DELETED) == (mode == StoreMode.REMOVE);
      if (cleared
          && uids.contains(entry.getKey())
          && entry.getValue().flags.has(SystemFlag.DELETED)) {
        amount = amount.plus(entry.getValue().diskSize());
      }
    }
    return amount;
  }

  @Override
  public Optional<CopyUid> copy(SelectedMailbox mailbox, UidSet uids, MailboxName target)
      throws MailException {
    synchronized (mail) {
      return copy(mailbox, uids, target, false);
    }
  }

  private Optional<CopyUid> copy(
      SelectedMailbox mailbox, UidSet uids, MailboxName target, boolean moved)
      throws MailException {
    MemoryFolder from = mail.folder(mailbox);
    MemoryFolder to =
        mail.access().require(mailbox.account(), target, Right.INSERT, Word.TRYCREATE);
    Rights rights = mail.access().rightsAt(mailbox.account(), target);
    Amount growth = Amount.NONE;
    UidSet.Builder source = new UidSet.Builder();
    UidSet.Builder copies = new UidSet.Builder();
    for (long uid : from.uids().toArray()) {
      if (uids.contains(uid)) {
        source.add(uid);
        MemoryMessage message = from.messages.get(uid);
        boolean counted = MemoryQuotas.counts(target) && !message.flags.has(SystemFlag.DELETED);
        if (counted && !(moved && MemoryQuotas.counts(mailbox.name()))) {
          growth = growth.plus(message.diskSize());
        }
      }
    }
    quotas.require(mailbox.account(), growth);
    UidSet copied = source.build();
    if (copied.isEmpty()) {
      return Optional.empty();
    }
    to.modSeq++;
    for (long uid : copied.toArray()) {
      MemoryMessage message = from.messages.get(uid);
      copies.add(
          to.add(
              new MemoryMessage(
                  message.octets, message.date, rights.changeable(message.flags), to.modSeq)));
    }
    quotas.arrived(mailbox.account(), growth);
    to.changed();
    return Optional.of(new CopyUid(to.uidValidity, copied, copies.build()));
  }

  @Override
  public Optional<CopyUid> move(SelectedMailbox mailbox, UidSet uids, MailboxName target)
      throws MailException {
    synchronized (mail) {
      MemoryFolder from = mail.writable(mailbox, Right.DELETE_MESSAGES, Right.EXPUNGE);
      Optional<CopyUid> moved = copy(mailbox, uids, target, true);
      if (moved.isPresent()) {
        from.modSeq++;
        moved.get().source().forEach(from::remove);
        from.changed();
      }
      return moved;
    }
  }

  @Override
  public UidSet expunge(SelectedMailbox mailbox, Optional<UidSet> among, Expunging how)
      throws MailException {
    synchronized (mail) {
      MemoryFolder folder = mail.writable(mailbox, Right.EXPUNGE);
      UidSet.Builder gone = new UidSet.Builder();
      folder.messages.forEach(
          (uid, message) -> {
            if (message.flags.has(SystemFlag.DELETED)
                && (among.isEmpty() || among.get().contains(uid))) {
              gone.add(uid);
            }
          });
      UidSet expunged = gone.build();
      if (!expunged.isEmpty()) {
        folder.modSeq++;
        expunged.forEach(folder::remove);
        folder.changed();
      }
      return expunged;
    }
  }

  @Override
  public UidSet search(SelectedMailbox mailbox, SearchKey key) throws MailException {
    synchronized (mail) {
      UidSet.Builder found = new UidSet.Builder();
      found(mailbox, key).keySet().forEach(found::add);
      return found.build();
    }
  }

  @Override
  public long[] sort(SelectedMailbox mailbox, List<SortCriterion> order, SearchKey key)
      throws MailException {
    synchronized (mail) {
      return MemorySorting.sorted(found(mailbox, key), order);
    }
  }

  @Override
  public MessageThreads thread(SelectedMailbox mailbox, ThreadAlgorithm algorithm, SearchKey key)
      throws MailException {
    synchronized (mail) {
      return MemorySorting.threads(found(mailbox, key), algorithm);
    }
  }

  private NavigableMap<Long, MemoryMessage> found(SelectedMailbox mailbox, SearchKey key)
      throws MailException {
    NavigableMap<Long, MemoryMessage> found = new TreeMap<>(mail.folder(mailbox).messages);
    found.entrySet().removeIf(entry -> !matches(entry.getKey(), entry.getValue(), key));
    return found;
  }

  private static boolean matches(long uid, MemoryMessage message, SearchKey key) {
    return switch (key) {
      case SearchKey.All all -> true;
      case SearchKey.Messages messages ->
          throw new IllegalArgumentException("the session resolves numbers: " + messages);
      case SearchKey.Uids uids -> uids.uids().contains(uid);
      case SearchKey.Flagged flagged -> message.flags.has(flagged.flag());
      case SearchKey.Keyword keyword -> message.flags.hasKeyword(keyword.keyword());
      case SearchKey.Not not -> !matches(uid, message, not.key());
      case SearchKey.Or or -> matches(uid, message, or.left()) || matches(uid, message, or.right());
      case SearchKey.And and -> and.keys().stream().allMatch(part -> matches(uid, message, part));
      case SearchKey.Header header -> message.hasField(header.field(), header.text());
      case SearchKey.Body body -> MemoryMessage.contains(message.body(), body.text());
      case SearchKey.Text text -> MemoryMessage.contains(message.text(), text.text());
      case SearchKey.Larger larger -> message.octets.length > larger.octets();
      case SearchKey.Smaller smaller -> message.octets.length < smaller.octets();
      case SearchKey.Dated dated -> MemoryDates.matches(message, dated);
      case SearchKey.Arrived arrived -> arrived.includes(message.date.toInstant());
    };
  }

  /** A message on its way. */
  private final class Incoming implements Delivery {
    private final Account account;
    private final MailboxName target;
    private final Flags flags;
    private final OffsetDateTime date;
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();

    private Amount announced;

    Incoming(
        Account account, MailboxName target, Flags flags, OffsetDateTime date, Amount announced) {
      this.announced = announced;
      this.account = account;
      this.target = target;
      this.flags = flags;
      this.date = date;
    }

    @Override
    public void write(ByteBuffer buffer) {
      byte[] some = new byte[buffer.remaining()];
      buffer.get(some);
      octets.writeBytes(some);
    }

    @Override
    public void close() {
      synchronized (mail) {
        MemoryMail.Store store = mail.store(account);
        store.announced = store.announced.minus(announced);
        announced = Amount.NONE;
      }
    }
  }

  @Override
  public Delivery prepare(
      Account account, MailboxName target, Flags flags, Optional<OffsetDateTime> date, long size)
      throws MailException {
    synchronized (mail) {
      mail.access().require(account, target, Right.INSERT, Word.TRYCREATE);
      Flags kept = mail.access().rightsAt(account, target).changeable(flags);
      Amount growth = counted(target, kept, size);
      quotas.require(account, growth);
      MemoryMail.Store store = mail.store(account);
      store.announced = store.announced.plus(growth);
      OffsetDateTime now = OffsetDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
      return new Incoming(account, target, kept, date.orElse(now), growth);
    }
  }

  private static Amount counted(MailboxName target, Flags flags, long size) {
    boolean counts = MemoryQuotas.counts(target) && !flags.has(SystemFlag.DELETED);
    return counts ? Amount.NONE.plus(size) : Amount.NONE;
  }

  @Override
  public AppendUid deliver(List<Delivery> deliveries) throws MailException {
    synchronized (mail) {
      Incoming first = (Incoming) deliveries.getFirst();
      MemoryFolder folder = mail.folder(first.account, first.target, Word.TRYCREATE);
      folder.modSeq++;
      UidSet.Builder uids = new UidSet.Builder();
      for (Delivery delivery : deliveries) {
        Incoming in = (Incoming) delivery;
        in.close();
        MemoryMessage message =
            new MemoryMessage(in.octets.toByteArray(), in.date, in.flags, folder.modSeq);
        Amount growth = counted(in.target, in.flags, message.diskSize());
        uids.add(folder.add(message));
        quotas.arrived(in.account, growth);
      }
      folder.changed();
      return new AppendUid(folder.uidValidity, uids.build());
    }
  }

  @Override
  public Watch watch(SelectedMailbox mailbox, Runnable changed) throws MailException {
    synchronized (mail) {
      MemoryFolder folder = mail.folder(mailbox);
      folder.watchers.add(changed);
      return () -> folder.watchers.remove(changed);
    }
  }
}
