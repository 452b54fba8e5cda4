package org.postrider.maildir;

import java.util.List;

/**
 * What a change of flags did.
 *
 * @param modSeq the state that all changed messages carry; 0 where none was changed
 * @param messages all that were named and are there, ascending, with their flags now
 */
public record FlagsStored(long modSeq, List<MessageState> messages) {
  public FlagsStored {
    messages = List.copyOf(messages);
  }
}
