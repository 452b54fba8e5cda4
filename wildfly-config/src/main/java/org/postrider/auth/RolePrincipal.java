package org.postrider.auth;

import java.security.Principal;

/**
 * A role of somebody who signed in: {@code administrator} of the console, or a group of a mail
 * account, for other applications. Elytron turns it into a value of the attribute {@code
 * RolePrincipal}, after the name of this class, from which the security domain decodes roles.
 *
 * @param name not empty
 */
public record RolePrincipal(String name) implements Principal {

  /** Checks the name. */
  public RolePrincipal {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("A role needs a name.");
    }
  }

  @Override
  public String getName() {
    return name;
  }
}
