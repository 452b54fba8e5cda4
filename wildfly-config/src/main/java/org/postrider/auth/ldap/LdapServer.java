package org.postrider.auth.ldap;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One of the servers that hold the directory.
 *
 * @param host its name, which its certificate must have, or its address
 * @param port 1 to 65535
 * @param tls whether the connection begins with TLS: {@code ldaps}
 */
record LdapServer(String host, int port, boolean tls) {

  private static final int SERVERS_MAX = 16;
  private static final int PORT = 389;
  private static final int TLS_PORT = 636;

  /**
   * The servers of {@code LDAP_URI}, separated by blanks or commas.
   *
   * @throws IOException if there is none, more than {@value #SERVERS_MAX}, or one that is not
   *     {@code ldap://host[:port]} or {@code ldaps://host[:port]}
   */
  static List<LdapServer> list(String uris) throws IOException {
    List<String> each = Arrays.stream(uris.split("[\\s,]+")).filter(it -> !it.isEmpty()).toList();
    if (each.isEmpty() || each.size() > SERVERS_MAX) {
      throw new IOException("LDAP_URI must have 1 to " + SERVERS_MAX + " servers");
    }
    LdapServer[] servers = new LdapServer[each.size()];
    for (int i = 0; i < servers.length; i++) {
      servers[i] = parse(each.get(i));
    }
    return List.of(servers);
  }

  private static LdapServer parse(String text) throws IOException {
    URI uri;
    try {
      // "ldap:///" is the LDAP library's way to say localhost; to java.net it has no host.
      uri = new URI(text.replaceFirst("(?i)^(ldaps?)://(?=[:/]|$)", "$1://localhost"));
    } catch (URISyntaxException wrong) {
      throw new IOException("LDAP_URI has \"" + text + "\", which is no URI", wrong);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("ldaps");
    if ((!tls && !scheme.equals("ldap")) || uri.getHost() == null || uri.getPort() > 0xFFFF) {
      throw new IOException(
          "LDAP_URI has \""
              + text
              + "\", which is neither ldap://HOST[:PORT] nor ldaps://HOST[:PORT]");
    }
    String host = uri.getHost();
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    int port = uri.getPort() > 0 ? uri.getPort() : tls ? TLS_PORT : PORT;
    return new LdapServer(host, port, tls);
  }

  /** As in {@code LDAP_URI}. */
  @Override
  public String toString() {
    return (tls ? "ldaps://" : "ldap://")
        + (host.indexOf(':') < 0 ? host : "[" + host + "]")
        + ":"
        + port;
  }
}
