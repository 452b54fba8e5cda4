package org.postrider.transcript;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.MailboxEntry;
import org.postrider.mail.Mailboxes;
import org.postrider.mail.Opened;
import org.postrider.mail.SelectedMailbox;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxPattern;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.protocol.StatusItem;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/** The mailboxes of the store in memory. */
final class MemoryMailboxes implements Mailboxes {

  private static final Rights TO_WRITE =
      Rights.of(Right.INSERT, Right.EXPUNGE, Right.SEEN, Right.WRITE, Right.DELETE_MESSAGES);

  private final MemoryMail mail;

  MemoryMailboxes(MemoryMail mail) {
    this.mail = mail;
  }

  @Override
  public List<String> shared(Account account) {
    return List.of("#shared."); // though nobody shares anything here
  }

  @Override
  public List<MailboxEntry> list(Account account, MailboxPattern pattern) {
    synchronized (mail) {
      NavigableSet<MailboxName> real = new TreeSet<>(mail.store(account).folders.navigableKeySet());
      real.removeIf(name -> !isVisible(account, name));
      List<MailboxEntry> entries = new ArrayList<>();
      for (MailboxName name : withParents(real)) {
        if (pattern.matches(name.value()) && isVisible(account, name)) {
          entries.add(entry(name, real.contains(name), real));
        }
      }
      return entries;
    }
  }

  @Override
  public List<MailboxEntry> subscribed(Account account, MailboxPattern pattern) {
    synchronized (mail) {
      NavigableSet<MailboxName> names = new TreeSet<>(mail.store(account).subscribed);
      names.removeIf(name -> name.isElsewhere() && !pattern.beginsWith("#"));
      List<MailboxEntry> entries = new ArrayList<>();
      for (MailboxName name : pattern.endsInPercent() ? withParents(names) : names) {
        if (pattern.matches(name.value())) {
          entries.add(entry(name, names.contains(name), names));
        }
      }
      return entries;
    }
  }

  private boolean isVisible(Account account, MailboxName name) {
    return mail.access().rightsAt(account, name).has(Right.LOOKUP);
  }

  private static MailboxEntry entry(MailboxName name, boolean real, Set<MailboxName> all) {
    List<String> attributes = new ArrayList<>();
    if (!real) {
      attributes.add("\\Noselect");
    }
    boolean parent = all.stream().anyMatch(other -> other.isBelow(name));
    attributes.add(parent ? "\\HasChildren" : "\\HasNoChildren");
    return new MailboxEntry(name, attributes);
  }

  /** The names and all that they are below of. */
  private static NavigableSet<MailboxName> withParents(Set<MailboxName> names) {
    NavigableSet<MailboxName> all = new TreeSet<>(names);
    for (MailboxName name : names) {
      String value = name.value();
      for (int dot = value.indexOf('.'); dot > 0; dot = value.indexOf('.', dot + 1)) {
        all.add(new MailboxName(value.substring(0, dot)));
      }
    }
    return all;
  }

  @Override
  public void create(Account account, MailboxName name) throws MailException {
    synchronized (mail) {
      refuseForeign(name);
      mail.access().requireParent(account, name);
      Map<MailboxName, MemoryFolder> folders = mail.store(account).folders;
      if (folders.containsKey(name)) {
        throw new MailException(Word.ALREADYEXISTS, "There is a mailbox " + name + " already.");
      }
      folders.put(name, inheriting(account, name));
    }
  }

  private MemoryFolder inheriting(Account account, MailboxName name) {
    MemoryFolder folder = mail.newFolder();
    folder.acl.clear();
    folder.acl.putAll(mail.access().listAt(account, name));
    return folder;
  }

  @Override
  public void delete(Account account, MailboxName name) throws MailException {
    synchronized (mail) {
      if (name.isInbox()) {
        throw new MailException(Word.CANNOT, "INBOX can't be deleted.");
      }
      MemoryFolder folder =
          mail.access().require(account, name, Right.DELETE_MAILBOX, Word.NONEXISTENT);
      mail.store(account).folders.remove(name);
      folder.changed();
    }
  }

  @Override
  public void rename(Account account, MailboxName from, MailboxName to) throws MailException {
    synchronized (mail) {
      refuseForeign(to);
      Map<MailboxName, MemoryFolder> folders = mail.store(account).folders;
      List<MailboxName> moved = new ArrayList<>();
      for (MailboxName name : folders.keySet()) {
        if (name.equals(from) || (!from.isInbox() && name.isBelow(from))) {
          moved.add(name);
        }
      }
      if (moved.isEmpty()) {
        throw new MailException(Word.NONEXISTENT, "There is no mailbox " + from + ".");
      }
      mail.access().require(account, from, Right.DELETE_MAILBOX);
      mail.access().requireParent(account, to);
      if (to.isInbox() || folders.containsKey(to)) {
        throw new MailException(Word.ALREADYEXISTS, "There is a mailbox " + to + " already.");
      }
      if (to.isBelow(from) && !from.isInbox()) {
        throw new MailException(Word.CANNOT, "A mailbox can't be moved below itself.");
      }
      if (from.isInbox()) {
        renameInbox(folders, to, inheriting(account, to));
        return;
      }
      Map<MailboxName, MemoryFolder> renamed = new TreeMap<>();
      for (MailboxName name : moved) {
        String rest = name.value().substring(from.value().length());
        MemoryFolder folder = folders.remove(name);
        renamed.put(new MailboxName(to.value() + rest), folder);
        folder.changed();
      }
      folders.putAll(renamed);
    }
  }

  private static void renameInbox(
      Map<MailboxName, MemoryFolder> folders, MailboxName to, MemoryFolder folder) {
    MemoryFolder inbox = folders.get(MailboxName.INBOX);
    inbox.modSeq++;
    for (long uid : inbox.uids().toArray()) {
      MemoryMessage message = inbox.messages.get(uid);
      folder.add(new MemoryMessage(message.octets, message.date, message.flags, folder.modSeq));
      inbox.remove(uid);
    }
    folders.put(to, folder);
    inbox.changed();
  }

  private static void refuseForeign(MailboxName name) throws MailException {
    if (name.isElsewhere()) {
      throw new MailException(Word.NOPERM, "That is somebody else's.");
    }
    if (!name.isPersonal()) {
      throw new MailException(Word.CANNOT, "Mailboxes are below INBOX: INBOX." + name + ".");
    }
  }

  @Override
  public void subscribe(Account account, MailboxName name) {
    synchronized (mail) {
      mail.store(account).subscribed.add(name);
    }
  }

  @Override
  public void unsubscribe(Account account, MailboxName name) {
    synchronized (mail) {
      mail.store(account).subscribed.remove(name);
    }
  }

  @Override
  public Map<StatusItem, Long> status(Account account, MailboxName name, Set<StatusItem> items)
      throws MailException {
    synchronized (mail) {
      MemoryFolder folder = mail.access().require(account, name, Right.READ, Word.NONEXISTENT);
      Map<StatusItem, Long> status = new EnumMap<>(StatusItem.class);
      for (StatusItem item : items) {
        long value =
            switch (item) {
              case MESSAGES -> folder.messages.size();
              case RECENT -> folder.recentCount();
              case UIDNEXT -> folder.uidNext;
              case UIDVALIDITY -> folder.uidValidity;
              case UNSEEN ->
                  folder.messages.values().stream()
                      .filter(message -> !message.flags.has(SystemFlag.SEEN))
                      .count();
              case DELETED -> deleted(folder).count();
              case DELETED_STORAGE -> deleted(folder).mapToLong(MemoryMessage::diskSize).sum();
            };
        status.put(item, value);
      }
      return status;
    }
  }

  private static Stream<MemoryMessage> deleted(MemoryFolder folder) {
    return folder.messages.values().stream()
        .filter(message -> message.flags.has(SystemFlag.DELETED));
  }

  @Override
  public Opened open(Account account, MailboxName name, boolean readOnly) throws MailException {
    synchronized (mail) {
      MemoryFolder folder = mail.access().require(account, name, Right.READ, Word.NONEXISTENT);
      Rights rights = mail.access().rightsAt(account, name);
      UidSet uids = folder.uids();
      return new Opened(
          new SelectedMailbox(
              account, name, folder.uidValidity, readOnly || !rights.hasAnyOf(TO_WRITE)),
          folder.keywords(),
          true,
          uids.toArray(),
          folder.recentAmong(uids, readOnly),
          folder.firstUnseen(),
          folder.uidNext,
          folder.modSeq,
          rights);
    }
  }
}
