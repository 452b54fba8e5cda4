package org.postrider.bean;

import java.util.Optional;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.maildir.Owner;
import org.postrider.maildir.Prelude;
import org.postrider.outbox.Sender;
import org.postrider.outbox.Sending;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.ResponseCode.Word;

/**
 * Messages that come into a mailbox and are sent first where it is the Outbox.
 *
 * @param sending empty for every other mailbox
 */
record Outgoing(Optional<Sending> sending) {

  static Outgoing to(MailStore store, Account account, MailboxName target) {
    if (!store.outbox().is(target)) {
      return new Outgoing(Optional.empty());
    }
    Sender sender =
        new Sender(
            account.name(),
            account.address(),
            account.maildir(),
            new Owner(account.uid(), account.gid()));
    return new Outgoing(Optional.of(store.outbox().sending(sender)));
  }

  boolean isSent() {
    return sending.isPresent();
  }

  /** What comes before they are stored. */
  Prelude prelude() {
    return sending.isPresent() ? sending.get() : Prelude.NOTHING;
  }

  /**
   * Stores them. What was sent and could not be stored must not look like what was not sent.
   *
   * @throws MailException as {@link Refusals#askOfTarget}
   */
  <R> R stored(Refusals.Question<R> question) throws MailException {
    try {
      return Refusals.askOfTarget(question);
    } catch (MailException e) {
      throw isGone() ? sentAndNotStored(e.getMessage(), e) : e;
    } catch (RuntimeException e) {
      if (isGone()) {
        throw sentAndNotStored("The server has made a mistake.", e);
      }
      throw e;
    }
  }

  private boolean isGone() {
    return sending.filter(Sending::isDone).isPresent();
  }

  private static MailException sentAndNotStored(String why, Exception cause) {
    return new MailException(
        Word.ALERT,
        "The message WAS SENT; do not send it again. But not all was done to keep it here: " + why,
        cause);
  }
}
