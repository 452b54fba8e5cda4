package org.postrider.mail;

import java.util.List;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.Rights;
import org.postrider.protocol.RightsChange;

/**
 * Who may do what with a mailbox. Whoever may not know of a mailbox (no right {@code l}) reads
 * {@code [NONEXISTENT]} in the same words as for one that is not there; who may know of it, {@code
 * [NOPERM]}.
 *
 * @rfc 4314 3, 4, 6
 */
public interface AccessControl {

  /**
   * The access list, in its order; needs {@code a}.
   *
   * @throws MailException {@code [NONEXISTENT]}, {@code [NOPERM]}
   */
  List<AccessEntry> list(Account account, MailboxName name) throws MailException;

  /**
   * Changes the rights of an identifier; needs {@code a}. An identifier without rights is not in
   * the list any more.
   *
   * @throws MailException {@code [NONEXISTENT]}, {@code [NOPERM]}; {@code [CANNOT]}: the owner
   *     would lose {@code a} or {@code l}, or administrators anything, or the store can't keep the
   *     identifier; {@code [LIMIT]}
   */
  void change(Account account, MailboxName name, AccessIdentifier identifier, RightsChange change)
      throws MailException;

  /**
   * What can be granted to an identifier; needs {@code a}.
   *
   * @throws MailException {@code [NONEXISTENT]}, {@code [NOPERM]}
   */
  GrantableRights grantable(Account account, MailboxName name, AccessIdentifier identifier)
      throws MailException;

  /**
   * The account's own rights; needs any of {@code l r i k x a}.
   *
   * @throws MailException {@code [NONEXISTENT]}
   */
  Rights rights(Account account, MailboxName name) throws MailException;
}
