/**
 * Reading messages: envelope, body structure, where each part begins and ends, header fields,
 * encoded words, dates.
 *
 * <p>Everything reads front to back through one fixed buffer and is bounded in depth, parts and
 * header text; nothing here builds a message in memory, and nothing fails on what a message says:
 * broken ones get the best structure that is legal. RFC 5322, 2045 to 2047, 2183, 2231.
 */
package org.postrider.message;
