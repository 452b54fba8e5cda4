package org.postrider.maildir;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.postrider.protocol.UidSet;

/**
 * What happened in a folder since a state.
 *
 * @param modSeq the state after it
 * @param vanished gone; may name more than ever were there
 * @param arrived new messages
 * @param recent those of them that no session was told of before
 * @param flags older messages with other flags, ascending by UID
 * @param keywords all in use, where one was added; else empty
 */
public record FolderChanges(
    long modSeq,
    UidSet vanished,
    UidSet arrived,
    UidSet recent,
    List<MessageState> flags,
    Optional<SortedSet<String>> keywords) {

  public FolderChanges {
    flags = List.copyOf(flags);
  }

  static FolderChanges none(long modSeq) {
    return new FolderChanges(
        modSeq, UidSet.EMPTY, UidSet.EMPTY, UidSet.EMPTY, List.of(), Optional.empty());
  }
}
