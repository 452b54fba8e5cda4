package org.postrider.bean;

import java.io.IOException;
import org.postrider.maildir.Folder;
import org.postrider.maildir.Identity;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.Rights;

/**
 * A mailbox of another account, in that account's own files. What can't be there reads like what is
 * not there, so that nothing tells of an account that shares nothing.
 */
final class VirtualPlace extends MaildirPlace {

  /**
   * @param local its name as its owner says it
   * @param who is no owner
   */
  VirtualPlace(Maildir maildir, MailboxName local, Identity who) {
    super(maildir, local, who);
  }

  @Override
  Rights rights(MailboxName name) throws IOException {
    try {
      return super.rights(name);
    } catch (MaildirException e) {
      return Rights.NONE; // no mailbox can have the name
    }
  }

  @Override
  public Folder folder() throws IOException, MaildirException {
    try {
      return super.folder();
    } catch (MaildirException e) {
      throw new MaildirException(Reason.NONEXISTENT, Maildir.NO_SUCH_MAILBOX);
    }
  }

  @Override
  public QuotaRoot quotaRoot() {
    return QuotaRoots.ofOthers(QuotaRoots.VIRTUAL);
  }
}
