/**
 * One conversation with one client: its states, what it knows of its mailbox, and the order in
 * which things are said.
 *
 * <p>Straight blocking code that does not know where it runs: a test runs it over pipes. Commands
 * themselves are in {@code command}; sockets are in {@code connector}. RFC 3501 sections 3, 5 and
 * 7.
 */
package org.postrider.session;
