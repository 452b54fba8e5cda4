package org.postrider.bean;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.postrider.mail.MailboxEntry;
import org.postrider.maildir.MaildirException;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxPattern;

/**
 * The mailboxes of one kind, as one account reaches them: all whose names begin alike. One class a
 * kind; {@link Access} knows them all. Made anew for each question.
 *
 * @rfc 2342
 */
interface Namespace {

  /**
   * What all its names begin with, the separator included, as NAMESPACE tells it among the shared
   * ones; empty for the account's own mailboxes.
   */
  Optional<String> prefix();

  /** True where a name is one of a mailbox here, or of a level above one, or would be. */
  boolean holds(MailboxName name);

  /**
   * Where a name leads, whether there is a mailbox or not.
   *
   * @param name one that this holds
   * @throws MaildirException NONEXISTENT where the name leads nowhere: whose it would be is not
   *     there
   */
  Place place(MailboxName name) throws IOException, MaildirException;

  /** What LIST shows: mailboxes, and levels above them, that match and that the account may see. */
  List<MailboxEntry> list(MailboxPattern pattern) throws IOException, MaildirException;

  /** What LSUB shows: subscribed names that match, whether they exist or not. */
  List<MailboxEntry> subscribed(MailboxPattern pattern) throws IOException, MaildirException;

  /**
   * @param name one that this holds; it need not exist
   * @throws MaildirException CANNOT, LIMIT
   */
  void subscribe(MailboxName name) throws IOException, MaildirException;

  /**
   * @param name one that this holds; where it is not subscribed nothing happens
   */
  void unsubscribe(MailboxName name) throws IOException, MaildirException;
}
