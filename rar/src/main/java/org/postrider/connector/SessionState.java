package org.postrider.connector;

/**
 * A connection, as an administrator sees it.
 *
 * @param id as in the log
 * @param account empty before sign-in
 * @param address of the client
 * @param client what it says of itself by ID; empty where it said nothing
 * @param tls the TLS version; empty without TLS
 * @param state {@code connected}, {@code signed in}, {@code selected} or {@code proxied}
 * @param mailbox that is selected, or the server that has the mail; empty where there is none
 * @param ageSeconds since it connected
 * @param idleSeconds since its last command ended
 * @param commands so far
 */
public record SessionState(
    String id,
    String account,
    String address,
    int port,
    String client,
    String tls,
    String state,
    String mailbox,
    long ageSeconds,
    long idleSeconds,
    long commands) {}
