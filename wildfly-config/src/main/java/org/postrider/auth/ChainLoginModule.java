package org.postrider.auth;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.security.auth.login.FailedLoginException;

/**
 * The whole {@link AuthChain} as one login module: what Elytron's {@code jaas-realm}, and through
 * it any other application of the server, signs mail accounts in with. The order of modules is the
 * one of {@code authdaemonrc}, with Courier's rules, and changes with that file.
 *
 * <p>Options: those of {@link AccountLoginModule}.
 */
public final class ChainLoginModule extends AccountLoginModule {

  private static final Map<Path, AuthChain> CHAINS = new ConcurrentHashMap<>();

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public ChainLoginModule() {}

  @Override
  protected Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    try {
      return Optional.of(
          chain().signIn(new SignInRequest(service(), name, new Evidence.Vouched())));
    } catch (FailedLoginException unknown) {
      return Optional.empty();
    }
  }

  @Override
  protected AccountPrincipal signIn(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    return chain().signIn(service(), name, password);
  }

  @Override
  protected void forEachAccount(Consumer<StoredAccount> action) throws TemporaryFailureException {
    chain().forEachAccount(service(), (module, account) -> action.accept(account));
  }

  @Override
  protected boolean changePassword(String name, char[] oldPassword, char[] newPassword)
      throws TemporaryFailureException {
    return chain().changePassword(service(), name, oldPassword, newPassword);
  }

  private AuthChain chain() throws TemporaryFailureException {
    return CHAINS.computeIfAbsent(home().toAbsolutePath().normalize(), AuthChain::new);
  }
}
