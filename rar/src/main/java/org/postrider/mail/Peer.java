package org.postrider.mail;

import java.net.InetAddress;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * Who wants to sign in, as far as the connection tells.
 *
 * @param address of the client
 * @param port of this server, which the client connected to
 * @param allowsPassword whether a password may be sent over the connection as it is now
 * @param tls after the handshake: certificates, and what a channel is recognised by; empty in clear
 *     text
 * @param settings what the administrator decided
 */
public record Peer(
    InetAddress address,
    int port,
    boolean allowsPassword,
    Optional<SSLSession> tls,
    SignInSettings settings) {}
