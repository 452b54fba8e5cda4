package org.postrider.maildir;

import org.postrider.protocol.Flags;

/**
 * The flags of a message.
 *
 * @param flags all of them, without {@code \Recent}
 * @param modSeq of their last change
 */
public record MessageState(long uid, Flags flags, long modSeq) {}
