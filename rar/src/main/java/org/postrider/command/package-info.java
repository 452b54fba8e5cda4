/**
 * The commands, one file each: how it is read, what it does, what it answers; and {@code Commands},
 * the list of them.
 *
 * <p>A command asks the application through its session and never waits inside it. RFC 3501 section
 * 6 and extensions.
 */
package org.postrider.command;
