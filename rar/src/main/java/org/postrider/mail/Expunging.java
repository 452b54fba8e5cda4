package org.postrider.mail;

import org.postrider.protocol.UidSet;

/**
 * What the store has to know of a session that expunges.
 *
 * @param copied messages that the session has copied elsewhere since it selected the mailbox: where
 *     expunged messages go into Trash, these do not, so that COPY, STORE and EXPUNGE move a message
 * @param who the session, as lines of the log name it: {@code user=anna, ip=[192.0.2.7]}
 */
public record Expunging(UidSet copied, String who) {

  /** Nothing was copied, and nobody knows who it is. */
  public static final Expunging PLAIN = new Expunging(UidSet.EMPTY, "");
}
