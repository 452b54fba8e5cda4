package org.postrider.bean;

import jakarta.annotation.security.PermitAll;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.postrider.mail.Account;
import org.postrider.mail.Changes;
import org.postrider.mail.Delivery;
import org.postrider.mail.Expunging;
import org.postrider.mail.FlagChange;
import org.postrider.mail.MailException;
import org.postrider.mail.MessageBatch;
import org.postrider.mail.Messages;
import org.postrider.mail.SelectedMailbox;
import org.postrider.mail.StoreMode;
import org.postrider.mail.Stored;
import org.postrider.maildir.FlagsStored;
import org.postrider.maildir.Folder;
import org.postrider.maildir.FolderChanges;
import org.postrider.maildir.Incoming;
import org.postrider.maildir.MessageState;
import org.postrider.maildir.Published;
import org.postrider.maildir.Transfer;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MessageThreads;
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

/** The messages of a mailbox, from its Maildir. */
@Stateless
@Local(Messages.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@PermitAll
public class MessagesBean implements Messages {

  private static final Rights OF_FLAGS = Rights.of(Right.SEEN, Right.WRITE, Right.DELETE_MESSAGES);

  @EJB private MailStore store;

  /** For the container. */
  public MessagesBean() {}

  MessagesBean(MailStore store) {
    this.store = store;
  }

  @Override
  public Changes changes(SelectedMailbox mailbox, long since) throws MailException {
    Access.Grant grant = Refusals.ask(() -> selected(mailbox));
    FolderChanges changes =
        Refusals.ask(
            () -> grant.folder().changes(mailbox.uidValidity(), since, mailbox.readOnly()));
    return new Changes(
        changes.modSeq(),
        changes.vanished(),
        changes.arrived(),
        changes.recent(),
        flagChanges(changes.flags()),
        changes.keywords(),
        grant.rights());
  }

  private static List<FlagChange> flagChanges(List<MessageState> states) {
    List<FlagChange> changes = new ArrayList<>(states.size());
    for (MessageState state : states) {
      changes.add(new FlagChange(state.uid(), state.flags(), state.modSeq()));
    }
    return changes;
  }

  @Override
  public MessageBatch fetch(SelectedMailbox mailbox, UidSet uids, List<FetchItem> items)
      throws MailException {
    return Refusals.ask(
        () ->
            new MessageReading(
                    selected(mailbox).folder(), mailbox.uidValidity(), store.structures(), items)
                .read(uids));
  }

  @Override
  public Stored store(SelectedMailbox mailbox, UidSet uids, StoreMode mode, Flags flags)
      throws MailException {
    refuseReadOnly(mailbox);
    return Refusals.ask(
        () -> {
          Access.Grant grant = selected(mailbox);
          UnaryOperator<Flags> change =
              change(mode, flags.minus(SystemFlag.RECENT), grant.rights());
          Folder folder = grant.folder();
          try {
            FlagsStored stored = folder.store(mailbox.uidValidity(), uids, change);
            return new Stored(stored.modSeq(), flagChanges(stored.messages()));
          } finally {
            store.watch().tell(folder.directory());
          }
        });
  }

  /**
   * What becomes of a message's flags; those that the account has no right to stay.
   *
   * @throws MailException NOPERM where it has a right to none that is asked for: RFC 4314 section 4
   */
  private static UnaryOperator<Flags> change(StoreMode mode, Flags asked, Rights rights)
      throws MailException {
    Flags allowed = rights.changeable(asked);
    boolean hopeless =
        mode == StoreMode.REPLACE
            ? !rights.hasAnyOf(OF_FLAGS)
            : allowed.isEmpty() && !asked.isEmpty();
    if (hopeless) {
      throw Access.noPermission(
          asked.equals(Flags.of(SystemFlag.SEEN))
              ? Right.SEEN
              : asked.equals(Flags.of(SystemFlag.DELETED)) ? Right.DELETE_MESSAGES : Right.WRITE);
    }
    return switch (mode) {
      case REPLACE -> before -> before.minus(rights.changeable(before)).plus(allowed);
      case ADD -> before -> before.plus(allowed);
      case REMOVE -> before -> before.minus(allowed);
    };
  }

  @Override
  public Optional<CopyUid> copy(SelectedMailbox mailbox, UidSet uids, MailboxName target)
      throws MailException {
    Folder from = Refusals.ask(() -> selected(mailbox).folder());
    Outgoing outgoing = Outgoing.to(store, mailbox.account(), target);
    return outgoing.stored(
        () -> {
          Access.Grant grant = Access.of(store, mailbox.account()).on(target, Right.INSERT);
          Folder to = grant.folder();
          Optional<Transfer> copied =
              Transfer.copy(
                  from,
                  mailbox.uidValidity(),
                  uids,
                  to,
                  grant.rights()::changeable,
                  outgoing.prelude());
          store.watch().tell(to.directory());
          return copied.map(MessagesBean::copyUid);
        });
  }

  @Override
  public Optional<CopyUid> move(SelectedMailbox mailbox, UidSet uids, MailboxName target)
      throws MailException {
    refuseReadOnly(mailbox);
    Folder from =
        Refusals.ask(() -> selected(mailbox, Right.DELETE_MESSAGES, Right.EXPUNGE).folder());
    Outgoing outgoing = Outgoing.to(store, mailbox.account(), target);
    return outgoing.stored(
        () -> {
          Access.Grant grant = Access.of(store, mailbox.account()).on(target, Right.INSERT);
          Folder to = grant.folder();
          UnaryOperator<Flags> kept = grant.rights()::changeable;
          long validity = mailbox.uidValidity();
          Optional<Transfer> moved =
              outgoing.isSent()
                  ? Transfer.move(from, validity, uids, to, kept, outgoing.prelude())
                  : Transfer.move(from, validity, uids, to, kept);
          store.watch().tell(to.directory());
          store.watch().tell(from.directory());
          return moved.map(MessagesBean::copyUid);
        });
  }

  private static CopyUid copyUid(Transfer transfer) {
    return new CopyUid(transfer.uidValidity(), transfer.source(), transfer.target());
  }

  @Override
  public UidSet expunge(SelectedMailbox mailbox, Optional<UidSet> among, Expunging how)
      throws MailException {
    refuseReadOnly(mailbox);
    return Refusals.ask(
        () -> {
          Folder folder = selected(mailbox, Right.EXPUNGE).folder();
          return new FolderExpunge(store, mailbox, folder, how).run(among);
        });
  }

  @Override
  public UidSet search(SelectedMailbox mailbox, SearchKey key) throws MailException {
    return Refusals.ask(
        () ->
            new FolderSearch(selected(mailbox).folder(), mailbox.uidValidity(), store.structures())
                .run(key));
  }

  @Override
  public long[] sort(SelectedMailbox mailbox, List<SortCriterion> order, SearchKey key)
      throws MailException {
    return Refusals.ask(() -> ordering(mailbox).sort(order, key));
  }

  @Override
  public MessageThreads thread(SelectedMailbox mailbox, ThreadAlgorithm algorithm, SearchKey key)
      throws MailException {
    return Refusals.ask(() -> ordering(mailbox).thread(algorithm, key));
  }

  private FolderOrdering ordering(SelectedMailbox mailbox) throws IOException, MailException {
    return new FolderOrdering(
        selected(mailbox).folder(), mailbox.uidValidity(), store.structures(), store.headers());
  }

  @Override
  public Delivery prepare(
      Account account, MailboxName target, Flags flags, Optional<OffsetDateTime> date, long size)
      throws MailException {
    Instant instant = date.map(OffsetDateTime::toInstant).orElse(null);
    return Refusals.askOfTarget(
        () -> {
          Access.Grant grant = Access.of(store, account).on(target, Right.INSERT);
          Flags kept = grant.rights().changeable(flags.minus(SystemFlag.RECENT));
          return new OpenDelivery(
              grant.folder(),
              grant.folder().receive(kept, instant, size),
              Outgoing.to(store, account, target));
        });
  }

  @Override
  public AppendUid deliver(List<Delivery> deliveries) throws MailException {
    List<Incoming> messages = new ArrayList<>();
    Folder folder = null;
    Outgoing outgoing = null;
    for (Delivery delivery : deliveries) {
      OpenDelivery open = (OpenDelivery) delivery;
      if (folder != null && !folder.directory().equals(open.folder().directory())) {
        throw new IllegalArgumentException("messages of one delivery are of one mailbox");
      }
      folder = open.folder();
      outgoing = open.outgoing();
      messages.add(open.message());
    }
    Folder target = folder;
    Outgoing first = outgoing;
    Published published = first.stored(() -> target.publish(messages, first.prelude()));
    store.watch().tell(target.directory());
    UidSet.Builder uids = new UidSet.Builder();
    for (long uid : published.uids()) {
      uids.add(uid);
    }
    return new AppendUid(published.uidValidity(), uids.build());
  }

  @Override
  public Watch watch(SelectedMailbox mailbox, Runnable changed) throws MailException {
    Folder folder = Refusals.ask(() -> selected(mailbox).folder());
    List<org.postrider.maildir.Watch.Waiting> waiting = new ArrayList<>();
    for (Path place : folder.places()) {
      waiting.add(store.watch().await(place, changed));
    }
    return () -> waiting.forEach(org.postrider.maildir.Watch.Waiting::close);
  }

  private Access.Grant selected(SelectedMailbox mailbox, Right... needed)
      throws IOException, MailException {
    return Access.of(store, mailbox.account()).onSelected(mailbox, needed);
  }

  private static void refuseReadOnly(SelectedMailbox mailbox) throws MailException {
    if (mailbox.readOnly()) {
      throw new MailException(
          Word.READ_ONLY, "This mailbox was opened for reading only; nothing was changed.");
    }
  }
}
