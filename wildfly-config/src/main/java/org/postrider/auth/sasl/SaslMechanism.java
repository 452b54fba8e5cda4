package org.postrider.auth.sasl;

/** A way to sign in. */
interface SaslMechanism {

  /** Its registered name: {@code SCRAM-SHA-256}. */
  String name();

  /**
   * Whether what the client sends could be used by whoever reads along, so that it is taken only
   * where a password is.
   */
  boolean needsPrivacy();

  /**
   * Whether somebody at this peer can sign in by it at all, as far as that is known before it is
   * tried. Asked whenever capabilities are told: cheap.
   */
  boolean isPossible(SaslMechanisms site, SaslPeer peer);

  /** A new exchange; only where it {@link #isPossible}. */
  SaslExchange open(SaslMechanisms site, SaslPeer peer);
}
