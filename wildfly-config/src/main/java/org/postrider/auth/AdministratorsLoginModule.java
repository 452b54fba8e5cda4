package org.postrider.auth;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.login.FailedLoginException;

/**
 * Signs in those who administer the server, of the file {@link Administrators}, and adds an {@link
 * AdministratorPrincipal} and a {@link RolePrincipal} for each role to the subject. It serves the
 * JAAS entry {@code postrider-console}.
 *
 * <p>Options, besides those of {@code PasswordLoginModule} ({@code try_first_pass}, {@code
 * use_first_pass}, {@code store_pass}): {@code home}, the data directory; default: the system
 * property {@code postrider.home}, else the variable {@code POSTRIDER_HOME}.
 *
 * <p>{@link FailedLoginException}: no such administrator or the wrong password; text and work are
 * the same. {@link TemporaryFailureException}: the file cannot be read, or others may read it.
 */
public final class AdministratorsLoginModule extends PasswordLoginModule {

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public AdministratorsLoginModule() {}

  @Override
  List<Principal> authenticate(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    Administrators administrators = Administrators.in(DataDirectory.of(options()));
    Optional<UserdbRecord> record = administrators.find(name);
    Optional<String> stored =
        record
            .flatMap(found -> found.field("systempw"))
            .filter(hash -> PasswordHash.defect(hash).isEmpty());
    boolean right = PasswordHash.verify(stored.orElse(PasswordHash.NOBODY), password);
    if (!right || stored.isEmpty()) {
      throw refused();
    }
    List<Principal> principals = new ArrayList<>();
    principals.add(new AdministratorPrincipal(name));
    for (String role : Administrators.roles(record.get())) {
      principals.add(new RolePrincipal(role));
    }
    return principals;
  }
}
