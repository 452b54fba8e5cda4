package org.postrider.maildir;

/**
 * Where messages went.
 *
 * @param uids in the order of the messages, ascending
 */
public record Published(long uidValidity, long[] uids) {}
