package org.postrider.auth.sasl;

import java.util.function.BiFunction;

/**
 * A mechanism that sends the password itself: possible everywhere, since every module knows
 * passwords.
 */
record PasswordMechanism(String name, BiFunction<SaslMechanisms, SaslPeer, SaslExchange> opening)
    implements SaslMechanism {

  @Override
  public boolean needsPrivacy() {
    return true;
  }

  @Override
  public boolean isPossible(SaslMechanisms site, SaslPeer peer) {
    return true;
  }

  @Override
  public SaslExchange open(SaslMechanisms site, SaslPeer peer) {
    return opening.apply(site, peer);
  }
}
