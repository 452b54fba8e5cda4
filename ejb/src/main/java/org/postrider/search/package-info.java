/**
 * SEARCH over messages: which of them a key is true of, at the least cost, without ever building a
 * message in memory. SORT and THREAD: what these ask of headers, read once, in flat arrays.
 *
 * <p>What the store knows (flags, dates, sizes) comes in by {@link
 * org.postrider.search.SearchableMessage}; the rest is read from the file by {@code message}. RFC
 * 3501 section 6.4.4, RFC 5256.
 */
package org.postrider.search;
