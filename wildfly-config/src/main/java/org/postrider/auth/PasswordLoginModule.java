package org.postrider.auth;

import java.io.IOException;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;

/**
 * What the modules with a name and a password have in common: the two phases of {@link
 * LoginModule}, where the name and the password come from, and what is refused before anything is
 * looked up. One object serves one sign-in, on one thread.
 *
 * <p>Options, each also without its underscores ({@code tryFirstPass}), {@code true} or {@code
 * false}:
 *
 * <ul>
 *   <li>{@code try_first_pass}: take name and password from the shared state, where an earlier
 *       module left them under {@value #SHARED_NAME} and {@value #SHARED_PASSWORD}; if they are
 *       refused or not there, ask
 *   <li>{@code use_first_pass}: the same, but never ask
 *   <li>{@code store_pass}: leave name and password in the shared state for later modules, unless
 *       there are some
 * </ul>
 */
abstract class PasswordLoginModule implements LoginModule {

  static final String SHARED_NAME = "javax.security.auth.login.name";
  static final String SHARED_PASSWORD = "javax.security.auth.login.password";

  /** The answer to every sign-in that is refused, whatever the reason. */
  static final String REFUSED = "The account name or the password is wrong.";

  private static final int NAME_MAX_CHARACTERS = 1024;

  private Subject subject;
  private CallbackHandler handler;
  private Map<String, Object> sharedState;
  private Map<String, ?> options;
  private Accepted accepted = Accepted.NOBODY;
  private final List<Principal> added = new ArrayList<>();
  private final List<Object> addedCredentials = new ArrayList<>();

  /**
   * What a sign-in adds to the subject.
   *
   * @param principals who it is; none of them: nobody
   * @param credentials private ones
   */
  record Accepted(List<Principal> principals, List<?> credentials) {
    static final Accepted NOBODY = new Accepted(List.of(), List.of());
  }

  /**
   * Checks a password that is neither empty nor has a control character, nor has the name.
   *
   * @param password may not be kept: it is overwritten afterwards
   * @return the principals of the account, at least one
   * @throws FailedLoginException if the name is unknown or the password wrong: {@link #refused}
   * @throws TemporaryFailureException if that cannot be told
   */
  abstract List<Principal> authenticate(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException;

  /**
   * What the caller asks for, if it is one of ours, which asks for more than a password.
   *
   * @param asker never null
   * @return empty if it is any other caller
   * @throws LoginException as {@link #authenticate}
   */
  Optional<Accepted> answerRequest(CallbackHandler asker) throws LoginException {
    return Optional.empty();
  }

  /** What every refusal throws, with the same words whatever the reason. */
  protected static FailedLoginException refused() {
    return new FailedLoginException(REFUSED);
  }

  final Map<String, ?> options() {
    return options;
  }

  @Override
  @SuppressWarnings(
      "unchecked") // as every LoginModule must: the interface hides that the state is there to be
  // written
  public final void initialize(
      Subject subject,
      CallbackHandler handler,
      Map<String, ?> sharedState,
      Map<String, ?> options) {
    this.subject = subject;
    this.handler = handler;
    this.sharedState = (Map<String, Object>) sharedState;
    this.options = options;
  }

  @Override
  public final boolean login() throws LoginException {
    accepted = Accepted.NOBODY;
    if (handler != null) {
      Optional<Accepted> answered = answerRequest(handler);
      if (answered.isPresent()) {
        accepted = answered.get();
        return true;
      }
    }
    boolean neverAsk = isOn("use_first_pass");
    if ((neverAsk || isOn("try_first_pass"))
        && sharedState.get(SHARED_NAME) instanceof String name
        && sharedState.get(SHARED_PASSWORD) instanceof char[] password) {
      char[] copy = password.clone();
      try {
        accepted = ofPassword(name, copy);
        return true;
      } catch (FailedLoginException wrong) {
        if (neverAsk) {
          throw wrong;
        }
      } finally {
        Arrays.fill(copy, '\0');
      }
    } else if (neverAsk) {
      throw refused();
    }
    return ask();
  }

  private boolean ask() throws LoginException {
    if (handler == null) {
      throw new TemporaryFailureException(
          "This login module needs a callback handler that knows name and password.");
    }
    NameCallback name = new NameCallback("Account: ");
    PasswordCallback password = new PasswordCallback("Password: ", false);
    char[] copy = new char[0];
    try {
      handler.handle(new Callback[] {name, password});
      char[] given = password.getPassword();
      copy = given == null ? copy : given;
      accepted = ofPassword(name.getName() == null ? "" : name.getName(), copy);
      if (isOn("store_pass") && !sharedState.containsKey(SHARED_PASSWORD)) {
        sharedState.put(SHARED_NAME, name.getName());
        sharedState.put(SHARED_PASSWORD, copy.clone());
      }
      return true;
    } catch (IOException | UnsupportedCallbackException failed) {
      throw new TemporaryFailureException(
          "Name and password could not be asked for: " + failed.getMessage(), failed);
    } finally {
      Arrays.fill(copy, '\0');
      password.clearPassword();
    }
  }

  private Accepted ofPassword(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    checkName(name);
    checkPassword(password);
    return new Accepted(authenticate(name, password), List.of());
  }

  /** Refuses a name that is none: empty, very long, or with a control character. */
  static void checkName(String name) throws FailedLoginException {
    if (name.isEmpty() || name.length() > NAME_MAX_CHARACTERS) {
      throw refused();
    }
    for (int i = 0; i < name.length(); i++) {
      if (isControl(name.charAt(i))) {
        throw refused();
      }
    }
  }

  /** Refuses a password that is none: empty, or with a control character. */
  static void checkPassword(char[] password) throws FailedLoginException {
    if (password.length == 0) {
      throw refused();
    }
    for (char character : password) {
      if (isControl(character)) {
        throw refused();
      }
    }
  }

  private static boolean isControl(char character) {
    return character < ' ' || character == 0x7F;
  }

  @Override
  public final boolean commit() throws LoginException {
    if (accepted.principals.isEmpty()) {
      return false;
    }
    Accepted committed = accepted;
    accepted = Accepted.NOBODY;
    if (subject.isReadOnly()) {
      throw new LoginException("The subject is read-only: no principal can be added to it.");
    }
    for (Principal principal : committed.principals) {
      if (subject.getPrincipals().add(principal)) {
        added.add(principal);
      }
    }
    for (Object credential : committed.credentials) {
      if (subject.getPrivateCredentials().add(credential)) {
        addedCredentials.add(credential);
      }
    }
    return true;
  }

  @Override
  public final boolean abort() throws LoginException {
    boolean hadSucceeded = !accepted.principals.isEmpty() || !added.isEmpty();
    accepted = Accepted.NOBODY;
    if (!added.isEmpty()) {
      logout();
    }
    return hadSucceeded;
  }

  @Override
  public final boolean logout() throws LoginException {
    accepted = Accepted.NOBODY;
    if (!added.isEmpty() && subject.isReadOnly()) {
      throw new LoginException("The subject is read-only: its principals cannot be taken away.");
    }
    subject.getPrincipals().removeAll(added);
    subject.getPrivateCredentials().removeAll(addedCredentials);
    added.clear();
    addedCredentials.clear();
    return true;
  }

  private boolean isOn(String option) {
    Object value = options.get(option);
    if (value == null) {
      value = options.get(camelCase(option));
    }
    return value != null && Boolean.parseBoolean(value.toString().strip());
  }

  private static String camelCase(String option) {
    StringBuilder name = new StringBuilder();
    for (String word : option.split("_")) {
      name.append(
          name.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return name.toString();
  }
}
