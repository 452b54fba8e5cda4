package org.postrider.bean;

import jakarta.annotation.security.PermitAll;
import jakarta.ejb.EJB;
import jakarta.ejb.Local;
import jakarta.ejb.Stateless;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.MailboxEntry;
import org.postrider.mail.Mailboxes;
import org.postrider.mail.Opened;
import org.postrider.mail.SelectedMailbox;
import org.postrider.maildir.Folder;
import org.postrider.maildir.FolderCounts;
import org.postrider.maildir.FolderState;
import org.postrider.maildir.Maildir;
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
  public List<MailboxEntry> list(Account account, MailboxPattern pattern) throws MailException {
    return Refusals.ask(
        () -> {
          Access access = Access.of(store, account);
          SortedSet<MailboxName> names = access.visible(access.maildir().mailboxes());
          List<MailboxEntry> entries = entries(names, true, pattern);
          Set<MailboxName> visible =
              access.visible(entries.stream().map(MailboxEntry::name).toList());
          entries.removeIf(entry -> !visible.contains(entry.name()));
          return entries;
        });
  }

  @Override
  public List<MailboxEntry> subscribed(Account account, MailboxPattern pattern)
      throws MailException {
    return Refusals.ask(
        () -> entries(store.maildir(account).subscriptions(), pattern.endsInPercent(), pattern));
  }

  /**
   * @param withParents also names that only have others below them
   */
  private static List<MailboxEntry> entries(
      SortedSet<MailboxName> names, boolean withParents, MailboxPattern pattern) {
    Set<MailboxName> parents = new HashSet<>();
    for (MailboxName name : names) {
      addParents(name, parents);
    }
    SortedSet<MailboxName> all = new TreeSet<>(names);
    if (withParents) {
      all.addAll(parents);
    }
    List<MailboxEntry> entries = new ArrayList<>();
    for (MailboxName name : all) {
      if (pattern.matches(name.value())) {
        String children = parents.contains(name) ? "\\HasChildren" : "\\HasNoChildren";
        entries.add(
            new MailboxEntry(
                name, names.contains(name) ? List.of(children) : List.of("\\Noselect", children)));
      }
    }
    return entries;
  }

  private static void addParents(MailboxName name, Set<MailboxName> parents) {
    String value = name.value();
    for (int dot = value.lastIndexOf(MailboxName.SEPARATOR);
        dot > 0;
        dot = value.lastIndexOf('.', dot - 1)) {
      if (!parents.add(new MailboxName(value.substring(0, dot)))) {
        return;
      }
    }
  }

  @Override
  public void create(Account account, MailboxName name) throws MailException {
    Refusals.ask(
        () -> {
          Access access = Access.of(store, account);
          access.requireCreation(name);
          access.maildir().create(name);
          return name;
        });
  }

  @Override
  public void delete(Account account, MailboxName name) throws MailException {
    Refusals.ask(
        () -> {
          Access access = Access.of(store, account);
          Folder folder = access.on(name, Right.DELETE_MAILBOX).folder();
          access.maildir().delete(name);
          store.watch().tell(folder.directory());
          return name;
        });
  }

  @Override
  public void rename(Account account, MailboxName from, MailboxName to) throws MailException {
    Refusals.ask(
        () -> {
          Access access = Access.of(store, account);
          Maildir maildir = access.maildir();
          List<Folder> renamed = new ArrayList<>();
          for (MailboxName name : maildir.mailboxes()) {
            if (name.equals(from) || name.isBelow(from)) {
              renamed.add(maildir.folder(name));
            }
          }
          if (!renamed.isEmpty()) {
            access.require(from, Right.DELETE_MAILBOX);
            access.requireCreation(to);
          }
          maildir.rename(from, to);
          for (Folder folder : renamed) {
            store.watch().tell(folder.directory());
          }
          return to;
        });
  }

  @Override
  public void subscribe(Account account, MailboxName name) throws MailException {
    Refusals.ask(
        () -> {
          store.maildir(account).subscribe(name);
          return name;
        });
  }

  @Override
  public void unsubscribe(Account account, MailboxName name) throws MailException {
    Refusals.ask(
        () -> {
          store.maildir(account).unsubscribe(name);
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
