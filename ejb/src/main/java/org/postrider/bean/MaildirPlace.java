package org.postrider.bean;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postrider.maildir.AccessList;
import org.postrider.maildir.Folder;
import org.postrider.maildir.Identity;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.protocol.RightsChange;

/** A mailbox in somebody's Maildir: the account's own, or another's. */
abstract class MaildirPlace implements Place {

  private final Maildir maildir;
  private final MailboxName local;
  private final Identity who;

  /**
   * @param local its name as the Maildir's owner says it
   */
  MaildirPlace(Maildir maildir, MailboxName local, Identity who) {
    this.maildir = maildir;
    this.local = local;
    this.who = who;
  }

  final Maildir maildir() {
    return maildir;
  }

  final MailboxName local() {
    return local;
  }

  Rights rights(MailboxName name) throws IOException, MaildirException {
    return maildir.access().of(name).rights(who);
  }

  @Override
  public final Rights rights() throws IOException, MaildirException {
    return rights(local);
  }

  @Override
  public final Optional<Rights> rightsAbove() throws IOException, MaildirException {
    if (local.isInbox() || !local.isPersonal()) {
      return Optional.empty();
    }
    String above = local.value().substring(0, local.value().lastIndexOf(MailboxName.SEPARATOR));
    return Optional.of(rights(new MailboxName(above)));
  }

  @Override
  public Folder folder() throws IOException, MaildirException {
    return maildir.folder(local);
  }

  @Override
  public final void create() throws IOException, MaildirException {
    maildir.create(local);
  }

  @Override
  public final void delete() throws IOException, MaildirException {
    maildir.delete(local);
  }

  @Override
  public final List<Folder> tree() throws IOException, MaildirException {
    List<Folder> folders = new ArrayList<>();
    for (MailboxName name : maildir.mailboxes()) {
      if (name.equals(local) || name.isBelow(local)) {
        folders.add(maildir.folder(name));
      }
    }
    return folders;
  }

  @Override
  public final void rename(Place to) throws IOException, MaildirException {
    if (!(to instanceof MaildirPlace other) || !other.maildir.isSame(maildir)) {
      throw new MaildirException(
          Reason.CANNOT,
          "A mailbox can't be renamed into another account; make one there and move the messages.");
    }
    if (local.isInbox() && !who.owner()) {
      throw new MaildirException(Reason.CANNOT, "The INBOX of another account can't be renamed.");
    }
    maildir.rename(local, other.local);
  }

  @Override
  public final AccessList list() throws IOException, MaildirException {
    return maildir.access().of(local);
  }

  @Override
  public final void change(AccessIdentifier identifier, RightsChange change)
      throws IOException, MaildirException {
    maildir.access().change(local, identifier, change);
  }

  /** A mailbox of the account itself. */
  static final class Own extends MaildirPlace {
    private final boolean listsCount;

    /**
     * @param listsCount false where the account has all rights but {@code a}, whatever the lists
     *     say
     */
    Own(Maildir maildir, MailboxName name, Identity who, boolean listsCount) {
      super(maildir, name, who);
      this.listsCount = listsCount;
    }

    @Override
    Rights rights(MailboxName name) throws IOException, MaildirException {
      return listsCount ? super.rights(name) : Rights.ALL.minus(Right.ADMINISTER);
    }

    @Override
    public QuotaRoot quotaRoot() throws IOException, MaildirException {
      maildir().has(local()); // refuses a name that no mailbox can have
      return QuotaRoots.own(maildir());
    }
  }
}
