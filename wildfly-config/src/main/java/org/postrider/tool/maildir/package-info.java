/**
 * Courier's commands that work on Maildirs, one class each. They work on the files alone, whether a
 * server runs or not; what the server does with Maildirs is not here, and is not seen from here.
 */
package org.postrider.tool.maildir;
