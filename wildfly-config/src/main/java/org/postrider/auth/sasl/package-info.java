/**
 * The SASL mechanisms (RFC 4422), one file each, listed in {@link
 * org.postrider.auth.sasl.SaslMechanisms}: from the octets of a client to an account of {@link
 * org.postrider.auth.AuthChain}.
 *
 * <p>They know of no protocol: base64, continuation lines, the waiting after a refusal and the log
 * are the work of whoever runs an exchange.
 */
package org.postrider.auth.sasl;
