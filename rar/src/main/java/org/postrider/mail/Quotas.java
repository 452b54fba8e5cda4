package org.postrider.mail;

import java.util.List;
import java.util.Map;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.QuotaResource;
import org.postrider.protocol.QuotaRoot;

/**
 * How much mail an account may have, and has.
 *
 * @rfc 9208
 */
public interface Quotas {

  /**
   * The roots that hold for a mailbox, whether it exists or not; none where nothing is ever
   * limited.
   *
   * @throws MailException {@code [CANNOT]} where no mailbox of the account can have the name
   */
  List<QuotaRoot> roots(Account account, MailboxName name) throws MailException;

  /**
   * @throws MailException {@code [NONEXISTENT]}
   */
  QuotaRoot root(Account account, String name) throws MailException;

  /**
   * Sets limits; what is not named is not limited any more.
   *
   * @param limits in units of their resource
   * @return the root as it is now
   * @throws MailException {@code [NOPERM]}, {@code [NONEXISTENT]}, {@code [CANNOT]}
   */
  QuotaRoot limit(Account account, String name, Map<QuotaResource, Long> limits)
      throws MailException;

  /**
   * True once after a command stored something that brought the account to the level from which on
   * it is warned.
   */
  boolean takeLevelReached(Account account) throws MailException;
}
