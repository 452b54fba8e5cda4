package org.postrider.mail;

import org.postrider.protocol.MailboxName;

/**
 * A mailbox that a session has selected: enough to find it again, by any bean on any thread.
 *
 * @param account whose session it is
 * @param uidValidity as it was at SELECT; where it is another by now, every question answers {@code
 *     MailException [CLOSED]} and the session ends
 * @param readOnly true after EXAMINE, or where the account may not write
 */
public record SelectedMailbox(
    Account account, MailboxName name, long uidValidity, boolean readOnly) {}
