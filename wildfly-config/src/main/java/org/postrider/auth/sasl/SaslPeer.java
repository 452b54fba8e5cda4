package org.postrider.auth.sasl;

import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLSession;
import org.postrider.auth.Evidence;
import org.postrider.auth.SignInRequest;

/**
 * The other end of a connection, and what the administrator decided for it.
 *
 * @param service Courier's service name, which decides whose password counts: {@code imap}
 * @param host what this server calls itself
 * @param address where the client is; empty if that is not known
 * @param allowsPassword whether a password may cross this connection
 * @param tls after the handshake; empty in clear text
 * @param wanted names of the mechanisms that are to be announced where they are possible
 * @param certificateField the part of a client certificate that names its account, as in {@code
 *     TLS_EXTERNAL}; empty: none does
 * @param domain what is added to names
 */
public record SaslPeer(
    String service,
    String host,
    Optional<InetAddress> address,
    boolean allowsPassword,
    Optional<SSLSession> tls,
    Set<String> wanted,
    String certificateField,
    DefaultDomain domain) {

  /** Copies what it is given. */
  public SaslPeer {
    wanted = Set.copyOf(wanted);
  }

  /** The question to the modules. */
  SignInRequest request(String name, Evidence evidence) {
    return new SignInRequest(service, domain.complete(name), evidence, address);
  }

  /**
   * Whether the account that somebody wants to be is the one that they are; an empty wish is.
   *
   * @param authorization as the client sent it
   * @param name as the client sent it
   */
  boolean mayBe(String authorization, String name) {
    return authorization.isEmpty() || domain.complete(authorization).equals(domain.complete(name));
  }
}
