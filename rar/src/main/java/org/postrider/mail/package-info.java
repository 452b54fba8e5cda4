/**
 * What the protocol asks of the application: accounts, mailboxes, messages, and the values they
 * answer with.
 *
 * <p>The three questions are interfaces because they have two real answers: the beans over
 * Maildirs, and the in-memory store of the tests. Everything passes by reference. Nothing here
 * knows the wire, the files or the container.
 */
package org.postrider.mail;
