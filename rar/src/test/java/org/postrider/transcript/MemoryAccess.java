package org.postrider.transcript;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postrider.mail.AccessControl;
import org.postrider.mail.AccessEntry;
import org.postrider.mail.Account;
import org.postrider.mail.GrantableRights;
import org.postrider.mail.MailException;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.protocol.RightsChange;

/** Access lists of the store in memory, where everybody is the owner of what they see. */
final class MemoryAccess implements AccessControl {

  private static final Rights OF_OWNER = Rights.of(Right.ADMINISTER, Right.LOOKUP);
  private static final Rights ANY =
      Rights.of(
          Right.LOOKUP,
          Right.READ,
          Right.INSERT,
          Right.CREATE,
          Right.DELETE_MAILBOX,
          Right.ADMINISTER);

  private final MemoryMail mail;

  MemoryAccess(MemoryMail mail) {
    this.mail = mail;
  }

  /** What an INBOX begins with. */
  static Map<AccessIdentifier, Rights> initial() {
    Map<AccessIdentifier, Rights> list = new LinkedHashMap<>();
    list.put(AccessIdentifier.OWNER, Rights.ALL);
    list.put(AccessIdentifier.ADMINISTRATORS, Rights.ALL);
    return list;
  }

  /** The list of a mailbox, or of the nearest one above it. */
  Map<AccessIdentifier, Rights> listAt(Account account, MailboxName name) {
    Map<MailboxName, MemoryFolder> folders = mail.store(account).folders;
    String at = name.value();
    while (!folders.containsKey(new MailboxName(at)) && at.indexOf('.') > 0) {
      at = at.substring(0, at.lastIndexOf('.'));
    }
    MemoryFolder folder = folders.get(new MailboxName(at));
    return folder == null ? initial() : folder.acl;
  }

  Rights rightsAt(Account account, MailboxName name) {
    Map<AccessIdentifier, Rights> list = listAt(account, name);
    String user = "user=" + account.name();
    List<String> who = List.of("owner", "anyone", "anonymous", user);
    Rights granted = union(list, who, "").minus(union(list, who, "-"));
    return granted.plus(Right.ADMINISTER);
  }

  private static Rights union(Map<AccessIdentifier, Rights> list, List<String> who, String sign) {
    Rights union = Rights.NONE;
    for (String one : who) {
      union = union.plus(list.getOrDefault(new AccessIdentifier(sign + one), Rights.NONE));
    }
    return union;
  }

  /**
   * The folder, where the account has the right.
   *
   * @param code where there is none, or it may not know of it
   */
  MemoryFolder require(Account account, MailboxName name, Right right, Word code)
      throws MailException {
    MemoryFolder folder = mail.folder(account, name, code);
    Rights rights = rightsAt(account, name);
    if (!rights.has(right)) {
      throw rights.has(Right.LOOKUP) ? refused(right) : mail.nonexistent(name, code);
    }
    return folder;
  }

  /** The right to something that is there, a mailbox or a level above one. */
  void require(Account account, MailboxName name, Right right) throws MailException {
    Rights rights = rightsAt(account, name);
    if (!rights.has(right)) {
      throw rights.has(Right.LOOKUP) ? refused(right) : mail.nonexistent(name, Word.NONEXISTENT);
    }
  }

  /** CREATE and RENAME: the right to make mailboxes there. */
  void requireParent(Account account, MailboxName name) throws MailException {
    int dot = name.value().lastIndexOf('.');
    if (dot > 0
        && !rightsAt(account, new MailboxName(name.value().substring(0, dot))).has(Right.CREATE)) {
      throw refused(Right.CREATE);
    }
  }

  static MailException refused(Right right) {
    return new MailException(Word.NOPERM, "The right \"" + right.letter() + "\" is needed.");
  }

  @Override
  public List<AccessEntry> list(Account account, MailboxName name) throws MailException {
    synchronized (mail) {
      List<AccessEntry> entries = new ArrayList<>();
      require(account, name, Right.ADMINISTER, Word.NONEXISTENT)
          .acl
          .forEach((whom, rights) -> entries.add(new AccessEntry(whom, rights)));
      return entries;
    }
  }

  @Override
  public void change(
      Account account, MailboxName name, AccessIdentifier identifier, RightsChange change)
      throws MailException {
    synchronized (mail) {
      MemoryFolder folder = require(account, name, Right.ADMINISTER, Word.NONEXISTENT);
      if (identifier.stored().contains(" ")) {
        throw new MailException(Word.CANNOT, "An identifier has no space.");
      }
      Map<AccessIdentifier, Rights> list = new LinkedHashMap<>(folder.acl);
      Rights after = change.applyTo(list.getOrDefault(identifier, Rights.NONE));
      list.put(identifier, after);
      list.values().removeIf(Rights::isEmpty);
      List<String> owner = List.of("owner", "anyone", "anonymous");
      List<String> administrators = List.of("administrators", "anyone", "anonymous");
      if (!union(list, owner, "").minus(union(list, owner, "-")).hasAll(OF_OWNER)
          || !union(list, administrators, "")
              .minus(union(list, administrators, "-"))
              .hasAll(Rights.ALL)) {
        throw new MailException(Word.CANNOT, "The owner and administrators keep their rights.");
      }
      folder.acl.clear();
      folder.acl.putAll(list);
      folder.changed();
    }
  }

  @Override
  public GrantableRights grantable(Account account, MailboxName name, AccessIdentifier identifier)
      throws MailException {
    synchronized (mail) {
      require(account, name, Right.ADMINISTER, Word.NONEXISTENT);
      Rights everything = Rights.ALL.plus(Right.POST);
      Rights always =
          switch (identifier.stored()) {
            case "owner" -> OF_OWNER;
            case "administrators" -> Rights.ALL;
            default -> Rights.NONE;
          };
      Rights never =
          switch (identifier.stored()) {
            case "-owner" -> OF_OWNER;
            case "-administrators", "-anyone", "-anonymous" -> Rights.ALL;
            default -> always;
          };
      return new GrantableRights(always, everything.minus(never));
    }
  }

  @Override
  public Rights rights(Account account, MailboxName name) throws MailException {
    synchronized (mail) {
      mail.folder(account, name, Word.NONEXISTENT);
      Rights rights = rightsAt(account, name);
      if (!rights.hasAnyOf(ANY)) {
        throw mail.nonexistent(name, Word.NONEXISTENT);
      }
      return rights;
    }
  }
}
