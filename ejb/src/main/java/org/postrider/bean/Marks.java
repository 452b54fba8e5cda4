package org.postrider.bean;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.postrider.mail.MailException;
import org.postrider.mail.MailboxEntry;
import org.postrider.maildir.MaildirException;
import org.postrider.protocol.Right;

/**
 * Says of mailboxes in a list whether there is something in them that nobody has seen: {@code
 * \Marked}, {@code \Unmarked}. Of INBOX always, as with Courier; of all of them with {@code
 * IMAP_CHECK_ALL_FOLDERS}, which has every directory read for a list.
 *
 * @rfc 3501 7.2.2
 */
final class Marks {

  private final Access access;
  private final boolean all;

  Marks(Access access, boolean all) {
    this.access = access;
    this.all = all;
  }

  /** The entries with their marks; those that are no mailbox, or may not be read, have none. */
  List<MailboxEntry> on(List<MailboxEntry> entries) throws IOException {
    List<MailboxEntry> marked = new ArrayList<>(entries.size());
    for (MailboxEntry entry : entries) {
      // To look into a folder shared by permissions is to subscribe to it, which LIST does not.
      boolean wanted = entry.name().isInbox() || (all && !PermissionNamespace.isHere(entry.name()));
      marked.add(wanted && !entry.attributes().contains("\\Noselect") ? withMark(entry) : entry);
    }
    return marked;
  }

  private MailboxEntry withMark(MailboxEntry entry) throws IOException {
    try {
      boolean unseen = access.on(entry.name(), Right.READ).folder().hasUnseen();
      List<String> attributes = new ArrayList<>();
      attributes.add(unseen ? "\\Marked" : "\\Unmarked");
      attributes.addAll(entry.attributes());
      return new MailboxEntry(entry.name(), attributes);
    } catch (MailException | MaildirException e) {
      return entry;
    }
  }
}
