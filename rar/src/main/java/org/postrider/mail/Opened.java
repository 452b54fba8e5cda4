package org.postrider.mail;

import java.util.SortedSet;
import org.postrider.protocol.Rights;
import org.postrider.protocol.UidSet;

/**
 * What SELECT and EXAMINE tell.
 *
 * @param keywords that are in use in this mailbox
 * @param newKeywords true where a client may make new ones
 * @param uids of all messages, ascending
 * @param recent those this session is the first to be told of
 * @param firstUnseen lowest UID without {@code \Seen}; 0 where there is none
 * @param uidNext the UID that the next message gets
 * @param modSeq the state this tells of: {@link Messages#changes} goes on from it
 * @param rights what the account may do in it, now
 */
public record Opened(
    SelectedMailbox mailbox,
    SortedSet<String> keywords,
    boolean newKeywords,
    long[] uids,
    UidSet recent,
    long firstUnseen,
    long uidNext,
    long modSeq,
    Rights rights) {}
