package org.postrider.bean;

import java.io.IOException;
import java.util.Collection;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.postrider.auth.AccountOptions;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.SelectedMailbox;
import org.postrider.maildir.AccessList;
import org.postrider.maildir.Folder;
import org.postrider.maildir.Identity;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;

/**
 * What an account may do: the one place where rights are asked for. The beans get folders nowhere
 * else. Which right a command needs is said where it is obeyed; what is answered where it is
 * missing is said here: {@code [NOPERM]} to whoever may know of the mailbox (right {@code l}), and
 * to others what they read where there is none.
 *
 * <p>Rights are asked anew for each call, so that a change counts at once; a session whose mailbox
 * may not be read any more ends.
 *
 * <p>With the option {@code disableshared} no access list counts: the owner has all rights but
 * {@code a}, as with Courier.
 *
 * @rfc 4314 4, 5.1.1, 6
 */
final class Access {

  /** With none of these a mailbox is opened for reading only: RFC 4314 section 5.2. */
  private static final Rights TO_WRITE =
      Rights.of(Right.INSERT, Right.EXPUNGE, Right.SEEN, Right.WRITE, Right.DELETE_MESSAGES);

  /** With none of these MYRIGHTS tells nothing: RFC 4314 section 4. */
  private static final Rights TO_ASK =
      Rights.of(
          Right.LOOKUP,
          Right.READ,
          Right.INSERT,
          Right.CREATE,
          Right.DELETE_MAILBOX,
          Right.ADMINISTER);

  private final Maildir maildir;
  private final Identity who;
  private final boolean listsCount;

  private Access(Maildir maildir, Identity who, boolean listsCount) {
    this.maildir = maildir;
    this.who = who;
    this.listsCount = listsCount;
  }

  /** An account's access to its own mailboxes. */
  static Access of(MailStore store, Account account) {
    AccountOptions options = new AccountOptions(account.options());
    Identity who = new Identity(account.address(), Set.copyOf(options.groups()), true);
    return new Access(store.maildir(account), who, !options.isOn("disableshared"));
  }

  /** For what needs no right, or whose right was asked for. */
  Maildir maildir() {
    return maildir;
  }

  /** What the account may do with a mailbox, or would with one of that name. */
  Rights rights(MailboxName name) throws IOException, MaildirException {
    return listsCount ? maildir.access().of(name).rights(who) : Rights.ALL.minus(Right.ADMINISTER);
  }

  /** Those that LIST shows. */
  SortedSet<MailboxName> visible(Collection<MailboxName> names)
      throws IOException, MaildirException {
    if (!listsCount) {
      return new TreeSet<>(names);
    }
    SortedSet<MailboxName> visible = new TreeSet<>();
    maildir
        .access()
        .of(names)
        .forEach(
            (name, list) -> {
              if (list.rights(who).has(Right.LOOKUP)) {
                visible.add(name);
              }
            });
    return visible;
  }

  /**
   * A mailbox that the account may use.
   *
   * @param rights all that it may do with it, now
   */
  record Grant(Folder folder, Rights rights) {

    /** True where it may change nothing. */
    boolean isReadOnly() {
      return !rights.hasAnyOf(TO_WRITE);
    }
  }

  /**
   * A mailbox by its name.
   *
   * @throws MailException NOPERM
   * @throws MaildirException NONEXISTENT
   */
  Grant on(MailboxName name, Right needed) throws IOException, MaildirException, MailException {
    Folder folder = maildir.folder(name);
    return new Grant(folder, require(name, needed));
  }

  /**
   * The mailbox that a session has selected.
   *
   * @param needed beyond reading
   * @throws MailException CLOSED where it is gone or may not be read any more; NOPERM
   */
  Grant onSelected(SelectedMailbox mailbox, Right... needed) throws IOException, MailException {
    Grant grant;
    try {
      grant = new Grant(maildir.folder(mailbox.name()), rights(mailbox.name()));
    } catch (MaildirException e) {
      throw new MailException(
          Word.CLOSED, "This mailbox was removed or renamed meanwhile; select another.");
    }
    if (!grant.rights().has(Right.READ)) {
      throw new MailException(
          Word.CLOSED, "The right to read this mailbox was taken away meanwhile.");
    }
    for (Right right : needed) {
      if (!grant.rights().has(right)) {
        throw noPermission(right);
      }
    }
    return grant;
  }

  /**
   * Asks for a right; answers all rights.
   *
   * @param name of something that is there: a mailbox, or a level above one
   * @throws MailException NOPERM
   * @throws MaildirException NONEXISTENT
   */
  Rights require(MailboxName name, Right needed)
      throws IOException, MaildirException, MailException {
    Rights rights = rights(name);
    if (!rights.has(needed)) {
      if (rights.has(Right.LOOKUP)) {
        throw noPermission(needed);
      }
      throw nonexistent();
    }
    return rights;
  }

  /**
   * Asks for the right to make a mailbox: {@code k} on what is above it.
   *
   * @param name any; where nothing of the account's can be above it, nobody needs a right for it
   * @throws MailException NOPERM
   */
  void requireCreation(MailboxName name) throws IOException, MaildirException, MailException {
    if (name.isPersonal() && !name.isInbox()) {
      String above = name.value().substring(0, name.value().lastIndexOf(MailboxName.SEPARATOR));
      if (!rights(new MailboxName(above)).has(Right.CREATE)) {
        throw noPermission(Right.CREATE);
      }
    }
  }

  /**
   * What the account may do with a mailbox, where it may know.
   *
   * @throws MaildirException NONEXISTENT
   */
  Rights told(MailboxName name) throws IOException, MaildirException {
    maildir.folder(name);
    Rights rights = rights(name);
    if (!rights.hasAnyOf(TO_ASK)) {
      throw nonexistent();
    }
    return rights;
  }

  /** The access list of a mailbox, for who may change it. */
  AccessList list(MailboxName name) throws IOException, MaildirException, MailException {
    on(name, Right.ADMINISTER);
    return maildir.access().of(name);
  }

  private static MaildirException nonexistent() {
    return new MaildirException(Reason.NONEXISTENT, Maildir.NO_SUCH_MAILBOX);
  }

  static MailException noPermission(Right needed) {
    return new MailException(
        Word.NOPERM,
        "You may not do this here: it needs the right \""
            + needed.letter()
            + "\" (MYRIGHTS tells which you have).");
  }
}
