package org.postrider.bean;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postrider.auth.AccountOptions;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.SelectedMailbox;
import org.postrider.maildir.Folder;
import org.postrider.maildir.Identity;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;

/**
 * What an account may do: the one place where a name becomes a {@link Place} and rights are asked
 * for. The beans get folders nowhere else. Which right a command needs is said where it is obeyed;
 * what is answered where it is missing is said here: {@code [NOPERM]} to whoever may know of the
 * mailbox (right {@code l}), and to others what they read where there is none.
 *
 * <p>Rights are asked anew for each call, so that a change counts at once; a session whose mailbox
 * may not be read any more ends.
 *
 * <p>With the option {@code disableshared} no access list counts, and nothing of others is there:
 * the owner has all rights but {@code a}, as with Courier.
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

  /** The kinds of mailboxes, the first that holds a name has it; the last one holds any. */
  private final List<Namespace> namespaces;

  private Access(List<Namespace> namespaces) {
    this.namespaces = namespaces;
  }

  /** An account's access to all mailboxes that its names can lead to. */
  static Access of(MailStore store, Account account) {
    AccountOptions options = new AccountOptions(account.options());
    boolean shared = !options.isOn("disableshared");
    Set<String> groups = Set.copyOf(options.groups());
    Maildir own = store.maildir(account);
    List<Namespace> namespaces = new ArrayList<>();
    if (shared) {
      Identity guest = new Identity(account.address(), groups, false);
      String indexGroup = options.first("sharedgroup").orElse("");
      namespaces.add(new VirtualNamespace(store.shared(), account, own, guest, indexGroup));
      namespaces.add(new PermissionNamespace(own.shared(store.sharedMaildirs())));
    }
    Identity owner = new Identity(account.address(), groups, true);
    namespaces.add(new PersonalNamespace(own, owner, shared));
    return new Access(namespaces);
  }

  /** All kinds, those of shared mailboxes in the order in which NAMESPACE tells them. */
  List<Namespace> namespaces() {
    return namespaces;
  }

  /** The kind that a name is of. */
  Namespace namespace(MailboxName name) {
    for (Namespace namespace : namespaces) {
      if (namespace.holds(name)) {
        return namespace;
      }
    }
    throw new IllegalStateException("the last kind holds any name");
  }

  /** Where a name leads, whatever the account may do there. */
  private Place place(MailboxName name) throws IOException, MaildirException {
    return namespace(name).place(name);
  }

  /**
   * A mailbox that the account may use.
   *
   * @param rights all that it may do with it, now
   */
  record Grant(Place place, Folder folder, Rights rights) {

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
    Place place = place(name);
    Folder folder = place.folder();
    return new Grant(place, folder, require(place, needed));
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
      Place place = place(mailbox.name());
      grant = new Grant(place, place.folder(), place.rights());
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

  private static Rights require(Place place, Right needed)
      throws IOException, MaildirException, MailException {
    Rights rights = place.rights();
    if (!rights.has(needed)) {
      if (rights.has(Right.LOOKUP)) {
        throw noPermission(needed);
      }
      throw nonexistent();
    }
    return rights;
  }

  /**
   * Where a mailbox may be made: with {@code k} on what is above it. Who has it not reads the same
   * whether there is something or nothing.
   *
   * @throws MailException NOPERM
   */
  Place toCreate(MailboxName name) throws IOException, MaildirException, MailException {
    Place place;
    try {
      place = place(name);
    } catch (MaildirException e) {
      if (e.reason() == Reason.NONEXISTENT) {
        throw noPermission(Right.CREATE);
      }
      throw e;
    }
    Optional<Rights> above = place.rightsAbove();
    if (above.isPresent() && !above.get().has(Right.CREATE)) {
      throw noPermission(Right.CREATE);
    }
    return place;
  }

  /**
   * Gives a mailbox, or a level above some, another name.
   *
   * @return what had the old name
   * @throws MailException NOPERM
   * @throws MaildirException as {@link Place#rename}
   */
  List<Folder> rename(MailboxName from, MailboxName to)
      throws IOException, MaildirException, MailException {
    Place source = place(from);
    List<Folder> renamed = source.tree();
    if (renamed.isEmpty()) {
      throw nonexistent();
    }
    require(source, Right.DELETE_MAILBOX);
    source.rename(toCreate(to));
    return renamed;
  }

  /**
   * What the account may do with a mailbox, where it may know.
   *
   * @throws MaildirException NONEXISTENT
   */
  Rights told(MailboxName name) throws IOException, MaildirException {
    Place place = place(name);
    place.folder();
    Rights rights = place.rights();
    if (!rights.hasAnyOf(TO_ASK)) {
      throw nonexistent();
    }
    return rights;
  }

  /**
   * The quota that holds for a mailbox.
   *
   * @throws MailException NOPERM
   * @throws MaildirException NONEXISTENT, CANNOT
   */
  QuotaRoot quotaRoot(MailboxName name) throws IOException, MaildirException, MailException {
    Place place = place(name);
    if (namespace(name).prefix().isPresent()) {
      place.folder();
      require(place, Right.READ);
    }
    return place.quotaRoot();
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
