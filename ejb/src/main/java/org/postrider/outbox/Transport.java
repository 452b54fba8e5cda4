package org.postrider.outbox;

/** A way for messages to leave this server. Any thread. */
interface Transport {

  /**
   * Sends one message, once; comes back within the time that is set for it.
   *
   * @throws UnsentException where it was not sent, or that can't be told
   */
  void send(Letter letter, Sender sender) throws UnsentException;
}
