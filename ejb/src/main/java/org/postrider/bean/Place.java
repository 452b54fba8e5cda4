package org.postrider.bean;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.postrider.maildir.AccessList;
import org.postrider.maildir.Folder;
import org.postrider.maildir.MaildirException;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.Rights;
import org.postrider.protocol.RightsChange;

/**
 * Where a mailbox name leads for an account: whose files, under which name there, and as whom the
 * account comes. It need not exist. What is asked of it here needs no right: {@link Access} has
 * asked for those before.
 */
interface Place {

  /** What the account may do here, or would where there is no mailbox. */
  Rights rights() throws IOException, MaildirException;

  /**
   * What it may do with the level above, where it wants to make this mailbox; empty where nothing
   * can be above it that is the account's, so that nobody needs a right.
   */
  Optional<Rights> rightsAbove() throws IOException, MaildirException;

  /**
   * The messages.
   *
   * @throws MaildirException NONEXISTENT
   */
  Folder folder() throws IOException, MaildirException;

  /**
   * Makes the mailbox.
   *
   * @throws MaildirException ALREADY_EXISTS, CANNOT, LIMIT, OVER_QUOTA
   */
  void create() throws IOException, MaildirException;

  /**
   * Removes it, with its messages.
   *
   * @throws MaildirException NONEXISTENT, CANNOT
   */
  void delete() throws IOException, MaildirException;

  /**
   * The folders that {@link #rename} takes along: this one, and those below; none where none is.
   */
  List<Folder> tree() throws IOException, MaildirException;

  /**
   * Gives it, and what is below, another name.
   *
   * @throws MaildirException NONEXISTENT, ALREADY_EXISTS; CANNOT, also where the other place is of
   *     another account or kind
   */
  void rename(Place to) throws IOException, MaildirException;

  /** The access list. */
  AccessList list() throws IOException, MaildirException;

  /**
   * @throws MaildirException as {@link org.postrider.maildir.AccessFiles#change}
   */
  void change(AccessIdentifier identifier, RightsChange change)
      throws IOException, MaildirException;

  /** The quota that holds here, as this account may know it. */
  QuotaRoot quotaRoot() throws IOException, MaildirException;
}
