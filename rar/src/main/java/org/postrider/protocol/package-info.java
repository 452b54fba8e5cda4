/**
 * What is said between an IMAP client and this server: the value types of the grammar, without
 * their spelling.
 *
 * <p>Records check themselves when built, so that nobody checks again. Nothing here reads or writes
 * octets (that is {@code wire}), asks the store (that is {@code mail}) or knows a connection. RFC
 * 3501 and its extensions.
 */
package org.postrider.protocol;
