package org.postrider.mail;

import org.postrider.protocol.Flags;

/**
 * The flags of one message after a change.
 *
 * @param flags all of them, without {@code \Recent}
 * @param modSeq of the change; one command that changes many messages gives them all the same
 */
public record FlagChange(long uid, Flags flags, long modSeq) {}
