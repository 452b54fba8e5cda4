package org.postrider.mail;

import java.util.List;

/**
 * What a STORE did.
 *
 * @param modSeq the sequence number of this change, which all messages that it changed carry; 0
 *     where it changed none
 * @param messages every message that was named and exists, ascending, with its flags now
 */
public record Stored(long modSeq, List<FlagChange> messages) {
  public Stored {
    messages = List.copyOf(messages);
  }
}
