package org.postrider.mail;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxPattern;
import org.postrider.protocol.StatusItem;

/**
 * The mailboxes of an account. All names are checked here once more against what the account may
 * see; a name never reaches a file outside its Maildir.
 *
 * <p>Each call asks for the rights that RFC 4314 section 4 names, and answers {@code [NOPERM]}
 * where they are missing, or {@code [NONEXISTENT]} where the account may not even know of the
 * mailbox.
 */
public interface Mailboxes {

  /**
   * What the names of shared mailboxes begin with, the separator included, one for each kind that
   * there is for the account, whether it has any mailboxes or not.
   *
   * @rfc 2342
   */
  List<String> shared(Account account) throws MailException;

  /**
   * Existing mailboxes (and parents that exist only by their children, {@code \Noselect}) that
   * match and that the account may know of.
   *
   * @rfc 3501 6.3.8
   */
  List<MailboxEntry> list(Account account, MailboxPattern pattern) throws MailException;

  /**
   * Subscribed names that match, whether they exist or not.
   *
   * @rfc 3501 6.3.9
   */
  List<MailboxEntry> subscribed(Account account, MailboxPattern pattern) throws MailException;

  /**
   * @throws MailException {@code [ALREADYEXISTS]}, {@code [CANNOT]}
   */
  void create(Account account, MailboxName name) throws MailException;

  /**
   * Removes the mailbox and its messages; those below it stay.
   *
   * @throws MailException {@code [NONEXISTENT]}, {@code [CANNOT]} (INBOX, Trash)
   */
  void delete(Account account, MailboxName name) throws MailException;

  /**
   * Renames a mailbox and all below it; INBOX gives its messages to a new mailbox and stays, empty.
   *
   * @throws MailException {@code [NONEXISTENT]}, {@code [ALREADYEXISTS]}, {@code [CANNOT]}
   * @rfc 3501 6.3.5
   */
  void rename(Account account, MailboxName from, MailboxName to) throws MailException;

  void subscribe(Account account, MailboxName name) throws MailException;

  void unsubscribe(Account account, MailboxName name) throws MailException;

  /**
   * Counts, without selecting: no message loses {@code \Recent} by it.
   *
   * @throws MailException {@code [NONEXISTENT]}
   */
  Map<StatusItem, Long> status(Account account, MailboxName name, Set<StatusItem> items)
      throws MailException;

  /**
   * @throws MailException {@code [NONEXISTENT]}
   */
  Opened open(Account account, MailboxName name, boolean readOnly) throws MailException;
}
