/**
 * Courier-IMAP 1.x' authvchkpw: the virtual domains of vpopmail, read from its {@code vpasswd}
 * files and their constant databases. Nothing is ever written.
 */
package org.postrider.auth.vpopmail;
