package org.postrider.mail;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.postrider.protocol.Rights;
import org.postrider.protocol.UidSet;

/**
 * What happened in a mailbox since a state.
 *
 * @param modSeq the state after them
 * @param vanished UIDs that are gone; may name some that the caller never heard of
 * @param arrived UIDs of new messages, ascending, all above those that were there
 * @param recent those among {@code arrived} that this session is the first to be told of
 * @param flags messages (not the arrived ones) whose flags are others now, ascending by UID
 * @param keywords all keywords in use, where one was added since; else empty
 * @param rights what the account may do in the mailbox, now
 */
public record Changes(
    long modSeq,
    UidSet vanished,
    UidSet arrived,
    UidSet recent,
    List<FlagChange> flags,
    Optional<SortedSet<String>> keywords,
    Rights rights) {

  public Changes {
    flags = List.copyOf(flags);
  }
}
