/**
 * The administrator's console: one bean a page, the guard in front of all of them, and the words
 * and formats they use. Plain Faces pages with their own style sheet and script, so that the
 * content security policy is simply "from here only". What the mail server does is read from its
 * MXBean; files of the data directory are read through {@code org.postrider.auth}. No mail is read
 * here.
 */
package org.postrider.console;
