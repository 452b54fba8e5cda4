package org.postrider.auth;

import java.util.Optional;

/**
 * Courier's authcustom as long as a site has not made it something: it knows nobody. An entry of
 * that name in {@code etc/jaas.conf} takes its place.
 */
public final class NobodyLoginModule extends AccountLoginModule {

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public NobodyLoginModule() {}

  @Override
  protected Optional<StoredAccount> lookup(String name) {
    return Optional.empty();
  }

  @Override
  protected boolean serves(String mechanism) {
    return false;
  }
}
