package org.postrider.mail;

import java.util.Map;
import java.util.Set;

/**
 * What the administrator decided about signing in: Courier's settings, under their names in its
 * file {@code imapd}, and ours.
 *
 * @param host what this server calls itself to clients
 * @param mechanisms SASL mechanisms to announce where they can succeed
 * @param mechanismsUnderTls the same once there is TLS
 * @param domain {@code DEFDOMAIN}: added to names without one; empty: nothing is
 * @param separators {@code DOMAINSEP}: characters by which a name has a domain; empty: the first
 *     one of {@code domain}
 * @param services {@code AUTHSERVICE143}: the service name by port; others are {@code imap}
 * @param certificateField {@code TLS_EXTERNAL}: what in a client certificate names its account;
 *     empty: nothing
 * @param forwarding whether mail may be on another server
 */
public record SignInSettings(
    String host,
    Set<String> mechanisms,
    Set<String> mechanismsUnderTls,
    String domain,
    String separators,
    Map<Integer, String> services,
    String certificateField,
    Forwarding forwarding) {

  /**
   * Announced where nobody says otherwise: what works without further settings, and what has
   * settings of its own by which it is switched on. Those by challenge are asked for by name, as
   * with Courier.
   */
  public static final Set<String> MECHANISMS =
      Set.of("PLAIN", "LOGIN", "EXTERNAL", "GSSAPI", "OAUTHBEARER", "XOAUTH2");

  public static final SignInSettings DEFAULT =
      new SignInSettings("localhost", MECHANISMS, MECHANISMS, "", "", Map.of(), "", Forwarding.OFF);

  public SignInSettings {
    mechanisms = Set.copyOf(mechanisms);
    mechanismsUnderTls = Set.copyOf(mechanismsUnderTls);
    services = Map.copyOf(services);
  }

  /** The service name of a port. */
  public String service(int port) {
    return services.getOrDefault(port, "imap");
  }
}
