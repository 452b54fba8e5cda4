package org.postrider.bean;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.postrider.maildir.AccessList;
import org.postrider.maildir.Folder;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.maildir.SharedFolders;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;
import org.postrider.protocol.RightsChange;

/** A folder of a sharable Maildir, or a level above some. */
record SharedPlace(SharedFolders shared, MailboxName name) implements Place {

  /** Courier's name for the root of the quota of all of them. */
  private static final String QUOTA_ROOT = "SHARED";

  @Override
  public Rights rights() throws IOException, MaildirException {
    return shared.rights(name);
  }

  /** Folders are made by who owns the Maildir, with maildirmake. */
  @Override
  public Optional<Rights> rightsAbove() {
    return Optional.of(Rights.of(Right.LOOKUP));
  }

  @Override
  public Folder folder() throws IOException, MaildirException {
    return shared.folder(name);
  }

  @Override
  public void create() throws MaildirException {
    throw notHere("Shared folders are made by their owner, with maildirmake -s.");
  }

  /** Ends the account's subscription; the folder stays. */
  @Override
  public void delete() throws IOException, MaildirException {
    shared.unsubscribe(name);
  }

  @Override
  public List<Folder> tree() throws IOException, MaildirException {
    return List.of(folder());
  }

  @Override
  public void rename(Place to) throws MaildirException {
    throw notHere("A shared folder can't be renamed; its owner named it.");
  }

  @Override
  public AccessList list() throws MaildirException {
    throw noList();
  }

  @Override
  public void change(AccessIdentifier identifier, RightsChange change) throws MaildirException {
    throw noList();
  }

  private static MaildirException noList() {
    return notHere("A shared folder has no access list; the permissions of its files say it all.");
  }

  private static MaildirException notHere(String text) {
    return new MaildirException(Reason.CANNOT, text);
  }

  @Override
  public QuotaRoot quotaRoot() {
    return QuotaRoots.ofOthers(QUOTA_ROOT);
  }
}
