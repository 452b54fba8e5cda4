package org.postrider.auth;

import java.security.Principal;

/**
 * Somebody who signed in to the console: not a mail account, even if one has the same name.
 *
 * @param name as in {@code etc/administrators}; not empty
 */
public record AdministratorPrincipal(String name) implements Principal {

  /** Checks the name. */
  public AdministratorPrincipal {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("An administrator needs a name.");
    }
  }

  @Override
  public String getName() {
    return name;
  }
}
