package org.postrider.connector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * How other servers are spoken to that have an account's mail.
 *
 * @param tls how the connection is protected
 * @param authorities whose signature under the other server's certificate counts: a PEM file or a
 *     directory of such; empty: whom Java trusts
 * @param timeLimit for connecting and signing in there
 * @param foreign {@code IMAP_PROXY_FOREIGN}: their capabilities are others than those told here
 */
record ProxySettings(Tls tls, Optional<Path> authorities, Duration timeLimit, boolean foreign) {

  /** As Courier does it. */
  static final ProxySettings DEFAULT =
      new ProxySettings(Tls.NONE, Optional.empty(), Duration.ofSeconds(20), false);

  /** TLS between the two servers. */
  enum Tls {
    /** Passwords and mail cross the network between the servers in clear text, as with Courier. */
    NONE,
    /** Or nothing is sent. */
    STARTTLS,
    /** From the first octet, on port 993. */
    IMAPS
  }

  /**
   * @throws IllegalArgumentException where a setting is none, with a sentence for the administrator
   */
  static ProxySettings read(Settings.Chosen chosen) {
    String tls = chosen.text("imap.proxy-tls", "", "none").strip();
    String authorities = chosen.text("imap.proxy-authorities", "", "").strip();
    Duration timeLimit =
        Duration.ofSeconds(
            chosen.number("imap.proxy-seconds", "", DEFAULT.timeLimit().toSeconds()));
    boolean foreign = chosen.courier().flag("IMAP_PROXY_FOREIGN").orElse(false);
    try {
      return new ProxySettings(
          Tls.valueOf(tls.toUpperCase(Locale.ROOT)),
          authorities.isEmpty() ? Optional.empty() : Optional.of(Path.of(authorities)),
          timeLimit,
          foreign);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "imap.proxy-tls is " + tls + "; it is one of none, starttls, imaps.", e);
    }
  }
}
