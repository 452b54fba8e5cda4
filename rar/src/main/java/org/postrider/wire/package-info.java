/**
 * How it is spelled: octets to commands, responses to octets, names to modified UTF-7; and the
 * limits on all of it.
 *
 * <p>Reads forward and once; nothing here knows what a command does. RFC 3501 section 9, RFC 7888,
 * RFC 6855.
 */
package org.postrider.wire;
