/**
 * Sends the messages that are put into the Outbox: by the system's sendmail command or by the
 * server's mail session. Which mailbox that is, who may write there and what is stored is asked
 * elsewhere.
 */
package org.postrider.outbox;
