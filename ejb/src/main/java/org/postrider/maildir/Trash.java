package org.postrider.maildir;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * Where expunged messages go with {@code IMAP_MOVE_EXPUNGE_TO_TRASH}: a mailbox of the account as
 * any other, made where there is none. They are moved as by MOVE, so that each is at any moment in
 * one of the two or in both; they have {@code \Deleted} and {@code \Draft} no more, keep their
 * other flags, their keywords and their date, and the time of their last change is now.
 *
 * <p>That messages count for the quota in there and did not before, as where it is not called
 * {@code Trash}, is no reason to refuse: nothing comes that was not there.
 */
public final class Trash {

  private static final Flags DROPPED = Flags.of(SystemFlag.DELETED, SystemFlag.DRAFT);

  private final Maildir maildir;

  /** The Trash of an account. */
  public Trash(Maildir maildir) {
    this.maildir = maildir;
  }

  /**
   * Moves what is marked deleted.
   *
   * @param from another mailbox of the account
   * @param told each file that goes
   * @return the UIDs that are gone
   * @throws MaildirException CLOSED; CANNOT, LIMIT where there can be no Trash
   */
  public UidSet take(Folder from, long validity, UidSet among, Deletions told)
      throws IOException, MaildirException {
    if (from.deleted(validity, among).isEmpty()) {
      return UidSet.EMPTY;
    }
    Folder trash = folder();
    Optional<Transfer> moved =
        Transfer.bringOver(from, validity, () -> marked(from, validity, among), trash, true);
    if (moved.isEmpty()) {
      return UidSet.EMPTY;
    }
    if (!told.equals(Deletions.UNSEEN)) {
      tell(
          from.messages(validity, moved.get().source()),
          trash.messages(moved.get().uidValidity(), moved.get().target()),
          told);
    }
    return from.expunge(validity, moved.get().source(), told);
  }

  private Folder folder() throws IOException, MaildirException {
    MailboxName name = maildir.trash().trash();
    if (!maildir.has(name)) {
      try {
        maildir.create(name);
      } catch (MaildirException e) {
        if (e.reason() != Reason.ALREADY_EXISTS) { // else another session was quicker
          throw e;
        }
      }
    }
    return maildir.folder(name);
  }

  private static List<StoredMessage> marked(Folder from, long validity, UidSet among)
      throws IOException, MaildirException {
    List<StoredMessage> messages = new ArrayList<>();
    for (StoredMessage message : from.deleted(validity, among)) {
      messages.add(message.withFlags(message.flags().minus(DROPPED)));
    }
    return messages;
  }

  /** Both in the same order; where another session was quick with one of them, nothing is said. */
  private static void tell(List<StoredMessage> old, List<StoredMessage> now, Deletions told) {
    for (int i = 0; i < old.size() && old.size() == now.size(); i++) {
      told.moved(old.get(i).base() + old.get(i).info(), now.get(i).base() + now.get(i).info());
    }
  }
}
