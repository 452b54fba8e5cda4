package org.postrider.bean;

import jakarta.annotation.security.PermitAll;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.MailboxEntry;
import org.postrider.mail.Mailboxes;
import org.postrider.mail.Opened;
import org.postrider.mail.SelectedMailbox;
import org.postrider.maildir.Folder;
import org.postrider.maildir.FolderCounts;
import org.postrider.maildir.FolderState;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxPattern;
import org.postrider.protocol.Right;
import org.postrider.protocol.StatusItem;

/** The mailboxes of an account, from its Maildir. */
@Stateless
@Local(Mailboxes.class)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
@PermitAll
public class MailboxesBean implements Mailboxes {

  @EJB private MailStore store;

  /** For the container. */
  public MailboxesBean() {}

  MailboxesBean(MailStore store) {
    this.store = store;
  }

  @Override
  public List<String> shared(Account account) {
    return Access.of(store, account).namespaces().stream()
        .flatMap(namespace -> namespace.prefix().stream())
        .toList();
  }

  @Override
  public List<MailboxEntry> list(Account account, MailboxPattern pattern) throws MailException {
    return Refusals.ask(
        () -> {
          Access access = Access.of(store, account);
          List<MailboxEntry> entries = new ArrayList<>();
          for (Namespace namespace : access.namespaces()) {
            entries.addAll(namespace.list(pattern));
          }
          entries.sort(Comparator.comparing(MailboxEntry::name));
          return new Marks(access, store.marksAll()).on(entries);
        });
  }

  @Override
  public List<MailboxEntry> subscribed(Account account, MailboxPattern pattern)
      throws MailException {
    return Refusals.ask(
        () -> {
          Access access = Access.of(store, account);
          List<MailboxEntry> entries = new ArrayList<>();
          for (Namespace namespace : access.namespaces()) {
            entries.addAll(namespace.subscribed(pattern));
          }
          entries.sort(Comparator.comparing(MailboxEntry::name));
          return new Marks(access, store.marksAll()).on(entries);
        });
  }

  @Override
  public void create(Account account, MailboxName name) throws MailException {
    Refusals.ask(
        () -> {
          Access.of(store, account).toCreate(name).create();
          return name;
        });
  }

  @Override
  public void delete(Account account, MailboxName name) throws MailException {
    Refusals.ask(
        () -> {
          Access.Grant grant = Access.of(store, account).on(name, Right.DELETE_MAILBOX);
          grant.place().delete();
          store.watch().tell(grant.folder().directory());
          return name;
        });
  }

  @Override
  public void rename(Account account, MailboxName from, MailboxName to) throws MailException {
    Refusals.ask(
        () -> {
          for (Folder folder : Access.of(store, account).rename(from, to)) {
            store.watch().tell(folder.directory());
          }
          return to;
        });
  }

  @Override
  public void subscribe(Account account, MailboxName name) throws MailException {
    Refusals.ask(
        () -> {
          Access.of(store, account).namespace(name).subscribe(name);
          return name;
        });
  }

  @Override
  public void unsubscribe(Account account, MailboxName name) throws MailException {
    Refusals.ask(
        () -> {
          Access.of(store, account).namespace(name).unsubscribe(name);
          return name;
        });
  }

  @Override
  public Map<StatusItem, Long> status(Account account, MailboxName name, Set<StatusItem> items)
      throws MailException {
    Folder folder = Refusals.ask(() -> Access.of(store, account).on(name, Right.READ).folder());
    FolderCounts counts = Refusals.ask(folder::counts);
    long deletedOctets =
        items.contains(StatusItem.DELETED_STORAGE) ? Refusals.ask(folder::deletedOctets) : 0;
    Map<StatusItem, Long> answers = new EnumMap<>(StatusItem.class);
    for (StatusItem item : items) {
      answers.put(
          item,
          switch (item) {
            case MESSAGES -> counts.messages();
            case RECENT -> counts.recent();
            case UIDNEXT -> counts.uidNext();
            case UIDVALIDITY -> counts.uidValidity();
            case UNSEEN -> counts.unseen();
            case DELETED -> counts.deleted();
            case DELETED_STORAGE -> deletedOctets;
          });
    }
    return answers;
  }

  @Override
  public Opened open(Account account, MailboxName name, boolean readOnly) throws MailException {
    Access.Grant grant = Refusals.ask(() -> Access.of(store, account).on(name, Right.READ));
    boolean mayWrite = !readOnly && !grant.isReadOnly();
    FolderState state = Refusals.ask(() -> grant.folder().open(!mayWrite));
    boolean writable = mayWrite && state.writable();
    return new Opened(
        new SelectedMailbox(account, name, state.uidValidity(), !writable),
        state.keywords(),
        writable,
        state.uids(),
        state.recent(),
        state.firstUnseen(),
        state.uidNext(),
        state.modSeq(),
        grant.rights());
  }
}
