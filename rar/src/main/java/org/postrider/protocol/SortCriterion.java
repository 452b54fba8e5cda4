package org.postrider.protocol;

/**
 * One of the things that messages are sorted by.
 *
 * @param reverse true: descending; messages that do not differ stay in the mailbox's order
 * @rfc 5256 5 ({@code sort-criterion})
 */
public record SortCriterion(SortKey key, boolean reverse) {}
