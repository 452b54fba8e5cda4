package org.postrider.auth;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;

/**
 * A module of mail accounts, and where one of your own begins: {@link #lookup} tells what is known
 * of a name, and everything else follows from it. Where the password cannot be seen, because
 * another system checks it, {@link #authenticate(String, char[])} is overridden as well.
 *
 * <p>Used by {@link AuthChain} it serves passwords, challenges (CRAM), SCRAM and look-ups by name
 * alone; used by any other JAAS application, a name and a password. The subject gets the {@link
 * AccountPrincipal} and a {@link RolePrincipal} for each group among the account's options. A new
 * object is made for each sign-in and used on one thread; what is expensive is kept elsewhere.
 *
 * <p>Options, besides those that any module has ({@code try_first_pass}, {@code use_first_pass},
 * {@code store_pass}): {@code home}, the data directory; {@code service}, whose password counts,
 * {@code imap} by default.
 */
public abstract class AccountLoginModule extends PasswordLoginModule {

  /** The option by which {@link AuthChain} tells that it answers {@link SignInCallback}. */
  static final String IN_CHAIN = "org.postrider.auth.chain";

  private static final String DEFAULT_SERVICE = "imap";

  private SignInRequest request;
  private Effort effort;

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  protected AccountLoginModule() {}

  /**
   * What is known of a name: Courier's second question, asked when something else than a password
   * proves who it is, when mail is delivered, and, unless overridden, when a password is checked.
   *
   * @param name neither empty nor with a control character; 1024 characters at most
   * @return empty if there is no such account
   * @throws TemporaryFailureException if that cannot be told
   */
  protected abstract Optional<StoredAccount> lookup(String name) throws TemporaryFailureException;

  /**
   * Checks a password: Courier's first question. By the secrets that {@link #lookup} finds, unless
   * overridden; a name that is not known takes as long as one that is.
   *
   * @param name neither empty nor with a control character; 1024 characters at most
   * @param password neither empty nor with a control character; may not be kept
   * @return the account
   * @throws FailedLoginException if the name is unknown or the password wrong: {@link #refused}
   * @throws TemporaryFailureException if that cannot be told
   */
  protected AccountPrincipal signIn(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    Optional<StoredAccount> found = lookup(name);
    return checked(found, found.map(StoredAccount::secrets).orElse(Secrets.NONE), password);
  }

  /**
   * Checks a password, and sees to it that a name that is not known takes as long as one that is:
   * within a chain that is made up for once, after the last module.
   *
   * @param found empty if the name is not known
   * @param secrets those that count for passwords; none of them: as if it were not known
   * @throws FailedLoginException if it does not fit, or is not known: {@link #refused}
   * @throws TemporaryFailureException as {@link #typicalHash}
   */
  protected final AccountPrincipal checked(
      Optional<StoredAccount> found, Secrets secrets, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    if (found.isEmpty() || (secrets.hash().isEmpty() && secrets.clear().isEmpty())) {
      if (effort != null) {
        effort.owe(typicalHash());
      } else {
        PasswordHash.verify(typicalHash(), password);
      }
      throw refused();
    }
    if (effort != null) {
      effort.spend();
    }
    if (!secrets.fits(password)) {
      throw refused();
    }
    return found.get().account();
  }

  /**
   * Checks the answer to a challenge. By the secrets that {@link #lookup} finds, unless overridden.
   *
   * @param name neither empty nor with a control character; 1024 characters at most
   * @return the account
   * @throws FailedLoginException if the name is unknown, the answer wrong, or nothing is there to
   *     check it by: {@link #refused}
   * @throws TemporaryFailureException if that cannot be told
   */
  protected AccountPrincipal signIn(String name, Evidence.Cram cram)
      throws FailedLoginException, TemporaryFailureException {
    StoredAccount found = lookup(name).orElseThrow(PasswordLoginModule::refused);
    if (!found.secrets().fits(cram)) {
      throw refused();
    }
    return found.account();
  }

  /**
   * A hash of the kind that most accounts have, which is checked for a name that is not known. Fits
   * nobody, unless overridden.
   *
   * @throws TemporaryFailureException if that cannot be told
   */
  protected String typicalHash() throws TemporaryFailureException {
    return PasswordHash.NOBODY;
  }

  /**
   * Whether an account of this module may be able to sign in by a mechanism that sends no password,
   * because {@link #lookup} finds secrets for it: asked before such a mechanism is announced to
   * clients, so it answers at once and from settings alone. True, unless overridden; a module that
   * lets another system check passwords says false.
   *
   * @param mechanism {@code CRAM-MD5}, {@code SCRAM-SHA-256}
   * @throws TemporaryFailureException if that cannot be told
   */
  protected boolean serves(String mechanism) throws TemporaryFailureException {
    return true;
  }

  /**
   * Hands over every account, with its secrets where they are at hand, one at a time. None, unless
   * overridden: a module may be one that cannot list.
   *
   * @throws TemporaryFailureException if it cannot be done, or not to the end
   */
  protected void forEachAccount(Consumer<StoredAccount> action) throws TemporaryFailureException {}

  /**
   * Changes a password, after the old one was checked. Unless overridden, nothing is ever changed.
   *
   * @param newPassword neither empty nor with a control character; may not be kept
   * @return false if this module keeps no password for the name, or the old one is wrong
   * @throws TemporaryFailureException if it could not be written
   */
  protected boolean changePassword(String name, char[] oldPassword, char[] newPassword)
      throws TemporaryFailureException {
    return false;
  }

  /**
   * The data directory.
   *
   * @throws TemporaryFailureException if nothing says where it is
   */
  protected final Path home() throws TemporaryFailureException {
    return DataDirectory.of(options());
  }

  /** An option's text; empty if it is not set. */
  protected final Optional<String> option(String name) {
    return options().get(name) instanceof String text && !text.isBlank()
        ? Optional.of(text.strip())
        : Optional.empty();
  }

  /** Courier's name of the service that somebody signs in to. */
  protected final String service() {
    return request != null ? request.service() : option("service").orElse(DEFAULT_SERVICE);
  }

  /** Where the client is; empty if that is not known. */
  protected final Optional<InetAddress> client() {
    return request == null ? Optional.empty() : request.client();
  }

  @Override
  final List<Principal> authenticate(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    AccountPrincipal account = signIn(name, password);
    List<Principal> principals = new ArrayList<>();
    principals.add(account);
    for (String group : account.options().groups()) {
      if (!group.isBlank()) {
        principals.add(new RolePrincipal(group.strip()));
      }
    }
    return principals;
  }

  @Override
  final Optional<Accepted> answerRequest(CallbackHandler asker) throws LoginException {
    // Only where the chain says so: the handler of another application may not like the question.
    if (options().get(IN_CHAIN) == null) {
      return Optional.empty();
    }
    SignInCallback callback = new SignInCallback();
    try {
      asker.handle(new Callback[] {callback});
    } catch (UnsupportedCallbackException | IOException failed) {
      throw new TemporaryFailureException("The sign-in could not be asked for.", failed);
    }
    request = callback.request();
    effort = callback.effort();
    checkName(request.name());
    return Optional.of(answer(request.name(), request.evidence()));
  }

  private Accepted answer(String name, Evidence evidence) throws LoginException {
    return switch (evidence) {
      case Evidence.Password given -> {
        checkPassword(given.password());
        char[] copy = given.password().clone();
        try {
          yield new Accepted(authenticate(name, copy), List.of());
        } finally {
          Arrays.fill(copy, '\0');
        }
      }
      case Evidence.Cram cram -> new Accepted(List.of(signIn(name, cram)), List.of());
      case Evidence.Scram scram -> {
        StoredAccount found = lookup(name).orElseThrow(PasswordLoginModule::refused);
        if (!found.secrets().serves(scram)) {
          throw refused();
        }
        yield new Accepted(List.of(found.account()), List.of(found.secrets()));
      }
      case Evidence.Vouched unused -> {
        StoredAccount found = lookup(name).orElseThrow(PasswordLoginModule::refused);
        yield new Accepted(List.of(found.account()), List.of(found.secrets()));
      }
    };
  }

  /** Lets the chain ask for what JAAS has no question for: with a request, but nobody to ask. */
  final void use(SignInRequest given) {
    request = given;
  }
}
