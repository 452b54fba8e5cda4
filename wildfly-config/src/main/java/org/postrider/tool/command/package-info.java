/**
 * What the commands in {@code sbin/} have in common: each is a {@link
 * org.postrider.tool.command.Tool} with one description, of which its help and its manual page are
 * made, and finds the data directory as {@link org.postrider.tool.command.Places} says. What a
 * command does is in the packages beside this one.
 */
package org.postrider.tool.command;
