package org.postrider.maildir;

import java.util.SortedSet;
import org.postrider.protocol.UidSet;

/**
 * A folder as a session finds it.
 *
 * @param uids of all messages, ascending
 * @param recent messages that no session was told of before
 * @param firstUnseen lowest UID without {@code \Seen}; 0 where there is none
 * @param keywords in use
 * @param writable false where its directory can't be written
 */
public record FolderState(
    long uidValidity,
    long uidNext,
    long modSeq,
    long[] uids,
    UidSet recent,
    long firstUnseen,
    SortedSet<String> keywords,
    boolean writable) {}
