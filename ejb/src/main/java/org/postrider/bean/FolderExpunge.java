package org.postrider.bean;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postrider.mail.Expunging;
import org.postrider.mail.SelectedMailbox;
import org.postrider.maildir.Deletions;
import org.postrider.maildir.Folder;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.Trash;
import org.postrider.maildir.TrashRules;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.UidSet;

/**
 * Expunges by the rules of the site: for good, or into Trash; with or without a line in the log for
 * each file. What is in Trash, what others have shared, and what the session has copied elsewhere
 * goes for good in any case.
 */
final class FolderExpunge {

  private static final System.Logger LOG = System.getLogger("org.postrider.imapd");

  private final MailStore store;
  private final SelectedMailbox mailbox;
  private final Folder folder;
  private final Expunging how;
  private final Maildir maildir;
  private final TrashRules rules;

  FolderExpunge(MailStore store, SelectedMailbox mailbox, Folder folder, Expunging how) {
    this.store = store;
    this.mailbox = mailbox;
    this.folder = folder;
    this.how = how;
    this.maildir = store.maildir(mailbox.account());
    this.rules = maildir.trash();
  }

  /** Answers the UIDs that are gone. */
  UidSet run(Optional<UidSet> among) throws IOException, MaildirException {
    UidSet named = among.orElse(UidSet.ofRange(1, UidSet.MAX_UID));
    Deletions told = rules.logsDeletions() ? new Lines() : Deletions.UNSEEN;
    try {
      if (!goesToTrash()) {
        return folder.expunge(mailbox.uidValidity(), named, told);
      }
      UidSet copied = named.intersection(how.copied());
      UidSet gone = folder.expunge(mailbox.uidValidity(), copied, told);
      UidSet moved = new Trash(maildir).take(folder, mailbox.uidValidity(), named, told);
      if (!moved.isEmpty()) {
        store.watch().tell(maildir.folder(rules.trash()).directory());
      }
      return gone.union(moved);
    } finally {
      store.watch().tell(folder.directory());
    }
  }

  private boolean goesToTrash() {
    MailboxName name = mailbox.name();
    return rules.keepsExpunged() && name.isPersonal() && !name.equals(rules.trash());
  }

  /** Courier's lines of the log: names are relative to the Maildir. */
  private final class Lines implements Deletions {

    private final String prefix = "EXPUNGED, " + how.who() + ", old_name=" + place() + "cur/";

    /** In another account's Maildir nothing tells of whose it is but the whole path. */
    private String place() {
      return mailbox.name().isPersonal()
          ? "./" + directory(mailbox.name())
          : printable(folder.directory().toString()) + "/";
    }

    @Override
    public void removed(String name) {
      LOG.log(System.Logger.Level.INFO, () -> prefix + printable(name));
    }

    @Override
    public void moved(String name, String newName) {
      LOG.log(
          System.Logger.Level.INFO,
          () ->
              prefix
                  + printable(name)
                  + ", new_name="
                  + directory(rules.trash())
                  + "cur/"
                  + printable(newName)
                  + ": only new_name will be left");
    }

    private static String directory(MailboxName name) {
      if (name.isInbox()) {
        return "";
      }
      String own = name.isPersonal() ? name.value().substring("INBOX".length()) : name.value();
      return printable(own) + "/";
    }

    /** What a file is called makes no line of its own. */
    private static String printable(String octets) {
      StringBuilder text = new StringBuilder();
      new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)
          .codePoints()
          .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? '?' : c)
          .forEach(text::appendCodePoint);
      return text.toString();
    }
  }
}
