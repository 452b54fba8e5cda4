package org.postrider.bean;

import jakarta.annotation.security.PermitAll;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.postrider.mail.Account;
import org.postrider.mail.Changes;
import org.postrider.mail.Delivery;
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
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.MessageState;
import org.postrider.maildir.Published;
import org.postrider.maildir.Transfer;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.ResponseCode.AppendUid;
import org.postrider.protocol.ResponseCode.CopyUid;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.SearchKey;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/** The messages of a mailbox, from its Maildir. */
@Stateless
@Local(Messages.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@PermitAll
public class MessagesBean implements Messages {

  @EJB private MailStore store;

  /** For the container. */
  public MessagesBean() {}

  MessagesBean(MailStore store) {
    this.store = store;
  }

  @Override
  public Changes changes(SelectedMailbox mailbox, long since) throws MailException {
    FolderChanges changes =
        Refusals.ask(
            () -> folder(mailbox).changes(mailbox.uidValidity(), since, mailbox.readOnly()));
    return new Changes(
        changes.modSeq(),
        changes.vanished(),
        changes.arrived(),
        changes.recent(),
        flagChanges(changes.flags()),
        changes.keywords());
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
            new MessageReading(folder(mailbox), mailbox.uidValidity(), store.structures(), items)
                .read(uids));
  }

  @Override
  public Stored store(SelectedMailbox mailbox, UidSet uids, StoreMode mode, Flags flags)
      throws MailException {
    refuseReadOnly(mailbox);
    Flags asked = flags.minus(SystemFlag.RECENT);
    UnaryOperator<Flags> change =
        switch (mode) {
          case REPLACE -> before -> asked;
          case ADD -> before -> before.plus(asked);
          case REMOVE -> before -> before.minus(asked);
        };
    return Refusals.ask(
        () -> {
          Folder folder = folder(mailbox);
          try {
            FlagsStored stored = folder.store(mailbox.uidValidity(), uids, change);
            return new Stored(stored.modSeq(), flagChanges(stored.messages()));
          } finally {
            store.watch().tell(folder.directory());
          }
        });
  }

  @Override
  public Optional<CopyUid> copy(SelectedMailbox mailbox, UidSet uids, MailboxName target)
      throws MailException {
    Folder from = Refusals.ask(() -> folder(mailbox));
    return Refusals.askOfTarget(
        () -> {
          Folder to = store.maildir(mailbox.account()).folder(target);
          Optional<Transfer> copied = Transfer.copy(from, mailbox.uidValidity(), uids, to);
          store.watch().tell(to.directory());
          return copied.map(MessagesBean::copyUid);
        });
  }

  @Override
  public Optional<CopyUid> move(SelectedMailbox mailbox, UidSet uids, MailboxName target)
      throws MailException {
    refuseReadOnly(mailbox);
    Folder from = Refusals.ask(() -> folder(mailbox));
    return Refusals.askOfTarget(
        () -> {
          Folder to = store.maildir(mailbox.account()).folder(target);
          Optional<Transfer> moved = Transfer.move(from, mailbox.uidValidity(), uids, to);
          store.watch().tell(to.directory());
          store.watch().tell(from.directory());
          return moved.map(MessagesBean::copyUid);
        });
  }

  private static CopyUid copyUid(Transfer transfer) {
    return new CopyUid(transfer.uidValidity(), transfer.source(), transfer.target());
  }

  @Override
  public UidSet expunge(SelectedMailbox mailbox, Optional<UidSet> among) throws MailException {
    refuseReadOnly(mailbox);
    return Refusals.ask(
        () -> {
          Folder folder = folder(mailbox);
          UidSet gone = folder.expunge(mailbox.uidValidity(), among);
          if (!gone.isEmpty()) {
            store.watch().tell(folder.directory());
          }
          return gone;
        });
  }

  @Override
  public UidSet search(SelectedMailbox mailbox, SearchKey key) throws MailException {
    return Refusals.ask(
        () ->
            new FolderSearch(folder(mailbox), mailbox.uidValidity(), store.structures()).run(key));
  }

  @Override
  public Delivery prepare(
      Account account, MailboxName target, Flags flags, Optional<OffsetDateTime> date, long size)
      throws MailException {
    Instant instant = date.map(OffsetDateTime::toInstant).orElse(null);
    return Refusals.askOfTarget(
        () -> {
          Folder folder = store.maildir(account).folder(target);
          return new OpenDelivery(
              folder, folder.receive(flags.minus(SystemFlag.RECENT), instant, size));
        });
  }

  @Override
  public AppendUid deliver(List<Delivery> deliveries) throws MailException {
    List<Incoming> messages = new ArrayList<>();
    Folder folder = null;
    for (Delivery delivery : deliveries) {
      OpenDelivery open = (OpenDelivery) delivery;
      if (folder != null && !folder.directory().equals(open.folder().directory())) {
        throw new IllegalArgumentException("messages of one delivery are of one mailbox");
      }
      folder = open.folder();
      messages.add(open.message());
    }
    Folder target = folder;
    Published published = Refusals.askOfTarget(() -> target.publish(messages));
    store.watch().tell(target.directory());
    UidSet.Builder uids = new UidSet.Builder();
    for (long uid : published.uids()) {
      uids.add(uid);
    }
    return new AppendUid(published.uidValidity(), uids.build());
  }

  @Override
  public Watch watch(SelectedMailbox mailbox, Runnable changed) throws MailException {
    Folder folder = Refusals.ask(() -> folder(mailbox));
    var waiting = store.watch().await(folder.directory(), changed);
    return waiting::close;
  }

  private Folder folder(SelectedMailbox mailbox) throws java.io.IOException, MailException {
    try {
      return store.maildir(mailbox.account()).folder(mailbox.name());
    } catch (MaildirException e) {
      throw new MailException(
          Word.CLOSED, "This mailbox was removed or renamed meanwhile; select another.");
    }
  }

  private static void refuseReadOnly(SelectedMailbox mailbox) throws MailException {
    if (mailbox.readOnly()) {
      throw new MailException(
          Word.READ_ONLY, "This mailbox was opened for reading only; nothing was changed.");
    }
  }
}
