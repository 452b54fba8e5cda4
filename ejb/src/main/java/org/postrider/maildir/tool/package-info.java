/**
 * Commands in {@code sbin/} that work on Maildirs by the store's own classes, one class each. They
 * run without a server and beside one; the server never loads them.
 */
package org.postrider.maildir.tool;
