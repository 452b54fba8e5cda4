package org.postrider.connector;

/**
 * A listener, as an administrator sees it.
 *
 * @param name {@code imap} or {@code imaps}
 * @param tls {@code STARTTLS}, {@code TLS} or {@code none}
 * @param certificateExpires ISO 8601; empty without TLS
 * @param connections open now
 * @param accepted since the start
 * @param refused since the start, by a limit
 */
public record ListenerState(
    String name,
    String address,
    int port,
    String tls,
    String certificateExpires,
    int connections,
    long accepted,
    long refused) {}
