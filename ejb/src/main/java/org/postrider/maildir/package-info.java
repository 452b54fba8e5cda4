/**
 * The files: Maildirs with Courier's names, UID lists, keywords, subscriptions and locks, and the
 * folders as all sessions of this JVM share them in memory.
 *
 * <p>Each class that owns a file format tells it at its top, with the order of its writes and what
 * a crash leaves. Names of files are octets, held as text of ISO 8859-1 ({@link
 * org.postrider.maildir.FileNames}). Knows neither beans nor the wire. RFC 3501 2.3, Maildir++.
 */
package org.postrider.maildir;
