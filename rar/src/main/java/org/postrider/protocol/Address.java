package org.postrider.protocol;

/**
 * One address of an envelope. A group begins with an address that has only a mailbox (its name),
 * and ends with one that has nothing at all.
 *
 * @param name display name, may hold encoded words; null where there is none
 * @param route source route; null nearly always
 * @param mailbox local part; null ends a group
 * @param host domain; null begins or ends a group
 * @rfc 3501 7.4.2
 */
public record Address(String name, String route, String mailbox, String host) {}
