package org.postrider.auth;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.Principal;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.kerberos.KerberosPrincipal;
import javax.security.auth.login.AccountException;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.CredentialException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;

/**
 * The sign-in of mail accounts: Courier's modules, in the order of {@code authmodulelist} in {@code
 * authdaemonrc}, as JAAS login modules. Without that file it is {@code AUTHMODULES} in {@code
 * imapd}, as in Courier-IMAP 1.x, and userdb alone without both. The file is read again when it
 * changes; if the new one cannot be understood, the log says so and the old order stays. Any thread
 * may sign in, any number at a time.
 *
 * <p>Courier's rule: a module that rejects is followed by the next one, whether it does not know
 * the account or the password is wrong; one that cannot tell ends the sign-in as a temporary
 * failure, because those after it may have older passwords. JAAS has no flag for that rule, so
 * {@link #signIn} runs a {@link LoginContext} of its own for each module. Used as a {@link
 * Configuration}, this gives the chain in JAAS terms, all {@code SUFFICIENT}, under the name
 * {@value #ENTRY}; nothing is ever set for the whole JVM.
 *
 * <p>A module that is no {@link AccountLoginModule} may say who somebody is, but not where the mail
 * is: whom it accepts is looked up by name in the other modules of the chain.
 */
public final class AuthChain extends Configuration implements AutoCloseable {

  /** The name of the JAAS entry for mail accounts. */
  public static final String ENTRY = "postrider";

  private static final Logger LOG = System.getLogger(AuthChain.class.getName());

  private static final long SAY_AGAIN_NANOS = 60_000_000_000L;

  private final Path home;
  private final WatchedFile<Authdaemonrc> settings;
  private final WatchedFile<Authdaemonrc> older;
  private final AuthModules known;
  private final Kerberos kerberos;
  private volatile Chain chain;
  private volatile Said lastSaid;

  /** The modules in use, and from which state of the two files they were made. */
  private record Chain(
      List<AuthModules.Module> modules, Authdaemonrc settings, Configuration foreign) {}

  private record Said(String detail, long at) {}

  /**
   * The chain of a data directory.
   *
   * @param home the data directory; nothing is read yet
   */
  public AuthChain(Path home) {
    this(home, AuthModules.BUILT_IN);
  }

  /** With other modules than those that this server has. */
  AuthChain(Path home, Map<String, AuthModules.BuiltIn> builtIn) {
    Path root = home.toAbsolutePath().normalize();
    Path etc = DataDirectory.etc(root);
    this.home = root;
    settings = Authdaemonrc.watch(etc);
    older = new WatchedFile<>(etc.resolve("imapd"), Authdaemonrc.DEFAULT, Authdaemonrc::ofImapd);
    known = new AuthModules(root, etc, builtIn);
    kerberos = new Kerberos(etc);
  }

  /**
   * Signs an account in with a password.
   *
   * @param service Courier's service name, which decides whose password counts: {@code imap} for
   *     IMAP
   * @param name the account name as the client gave it
   * @param password is not changed; the caller overwrites it
   * @return the account, with the site's default options
   * @throws FailedLoginException if every module rejects it; the text is always the same
   * @throws TemporaryFailureException if a module cannot tell, or there is none; the log has the
   *     reason, at most once a minute
   */
  public AccountPrincipal signIn(String service, String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    return signIn(new SignInRequest(service, name, new Evidence.Password(password))).account();
  }

  /**
   * Signs an account in, or looks one up.
   *
   * @return the account, with the site's default options; its secrets only for {@link
   *     Evidence.Scram} and {@link Evidence.Vouched}
   * @throws FailedLoginException if every module rejects it; the text is always the same
   * @throws TemporaryFailureException if a module cannot tell, or there is none; the log has the
   *     reason, at most once a minute
   */
  public StoredAccount signIn(SignInRequest request)
      throws FailedLoginException, TemporaryFailureException {
    try {
      Chain current = current();
      return within(() -> ask(current, request));
    } catch (TemporaryFailureException failed) {
      say(failed);
      throw failed;
    }
  }

  /**
   * Hands over every account of every module that can list its own, in the order of the chain. An
   * account that two modules know comes twice.
   *
   * @param service whose passwords count
   * @param action gets the module's name in {@code authmodulelist}, and the account with the site's
   *     default options
   * @throws TemporaryFailureException if a module could not list its accounts, or not to the end
   */
  public void forEachAccount(String service, BiConsumer<String, StoredAccount> action)
      throws TemporaryFailureException {
    Chain current = current();
    for (AuthModules.Module module : current.modules) {
      if (module.knowsAccounts()) {
        AccountLoginModule opened = module.open();
        opened.use(new SignInRequest(service, "", new Evidence.Vouched()));
        opened.forEachAccount(found -> action.accept(module.name(), withDefaults(found, current)));
      }
    }
  }

  /**
   * Changes a password in the first module where the old one is right and that can.
   *
   * @param service whose password
   * @return false if there is none
   * @throws TemporaryFailureException if a module cannot tell, or could not write it
   */
  public boolean changePassword(String service, String name, char[] oldPassword, char[] newPassword)
      throws TemporaryFailureException {
    try {
      PasswordLoginModule.checkName(name);
      PasswordLoginModule.checkPassword(oldPassword);
      PasswordLoginModule.checkPassword(newPassword);
    } catch (FailedLoginException notUsable) {
      return false;
    }
    for (AuthModules.Module module : current().modules) {
      if (module.knowsAccounts()) {
        AccountLoginModule opened = module.open();
        opened.use(new SignInRequest(service, name, new Evidence.Password(oldPassword)));
        if (opened.changePassword(name, oldPassword, newPassword)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The modules that this server has of its own, by their names, in alphabetical order. */
  public static List<String> builtIn() {
    return AuthModules.BUILT_IN.keySet().stream().sorted().toList();
  }

  /**
   * Whether a module of the chain may know accounts that can sign in by a mechanism that sends no
   * password.
   *
   * @param mechanism {@code CRAM-MD5}, {@code SCRAM-SHA-256}
   * @return false also while the chain cannot be used at all
   */
  public boolean serves(String mechanism) {
    try {
      for (AuthModules.Module module : current().modules) {
        if (module.knowsAccounts() && isServed(module, mechanism)) {
          return true;
        }
      }
    } catch (TemporaryFailureException failed) {
      say(failed);
    }
    return false;
  }

  private boolean isServed(AuthModules.Module module, String mechanism) {
    try {
      return module.open().serves(mechanism);
    } catch (TemporaryFailureException failed) {
      say(failed);
      return false;
    }
  }

  /** What the site's Kerberos is to these accounts. */
  public Kerberos kerberos() {
    return kerberos;
  }

  /**
   * The modules in use, by their names in {@code authmodulelist}, in order.
   *
   * @throws TemporaryFailureException if there is none
   */
  public List<String> modules() throws TemporaryFailureException {
    return current().modules.stream().map(AuthModules.Module::name).toList();
  }

  /**
   * Closes what the modules keep open between sign-ins, such as connections to a directory. Another
   * sign-in, also one through another chain of the same data directory, opens it again.
   */
  @Override
  public void close() {
    KeptOpen.close(home);
  }

  /** The chain for any JAAS application, or null for another name than {@value #ENTRY}. */
  @Override
  public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
    if (!name.equals(ENTRY)) {
      return null;
    }
    try {
      return current().modules.stream()
          .flatMap(module -> module.entries().stream())
          .map(
              entry ->
                  new AppConfigurationEntry(
                      entry.getLoginModuleName(),
                      LoginModuleControlFlag.SUFFICIENT,
                      entry.getOptions()))
          .toArray(AppConfigurationEntry[]::new);
    } catch (TemporaryFailureException failed) {
      say(failed);
      return null;
    }
  }

  private StoredAccount ask(Chain current, SignInRequest request)
      throws FailedLoginException, TemporaryFailureException {
    // Foreign modules may take an empty name for whoever runs the server.
    PasswordLoginModule.checkName(request.name());
    if (request.evidence() instanceof Evidence.Password given) {
      PasswordLoginModule.checkPassword(given.password());
    }
    Effort effort = new Effort();
    for (AuthModules.Module module : current.modules) {
      boolean answers = module.knowsAccounts() || request.evidence() instanceof Evidence.Password;
      Subject subject = new Subject();
      if (answers && isAccepted(module, subject, request, effort)) {
        Optional<StoredAccount> account = account(current, module, subject, request);
        if (account.isPresent()) {
          return withDefaults(account.get(), current);
        }
      }
    }
    if (request.evidence() instanceof Evidence.Password given) {
      effort.settle(given.password());
    }
    throw PasswordLoginModule.refused();
  }

  /** Whom a subject stands for; empty if no module knows where the mail is. */
  private Optional<StoredAccount> account(
      Chain current, AuthModules.Module module, Subject subject, SignInRequest request)
      throws TemporaryFailureException {
    for (AccountPrincipal account : subject.getPrincipals(AccountPrincipal.class)) {
      return Optional.of(
          new StoredAccount(
              account,
              subject.getPrivateCredentials(Secrets.class).stream()
                  .findFirst()
                  .orElse(Secrets.NONE)));
    }
    if (!kerberos.recognises(subject)) {
      return Optional.empty();
    }
    for (String name : names(subject, request.name())) {
      SignInRequest lookup =
          new SignInRequest(request.service(), name, new Evidence.Vouched(), request.client());
      for (AuthModules.Module other : current.modules) {
        Subject found = new Subject();
        if (other.knowsAccounts() && isAccepted(other, found, lookup, new Effort())) {
          return account(current, other, found, lookup)
              .map(account -> new StoredAccount(account.account(), Secrets.NONE));
        }
      }
    }
    LOG.log(
        Level.WARNING,
        "{0} accepted a sign-in, but no module of the chain knows its account; it counts as"
            + " rejected.",
        module.name());
    return Optional.empty();
  }

  /**
   * The names by which a foreign module's principal may be known: its own, in small letters as
   * well, and the one that was typed if it is the same person in that realm. What a Kerberos
   * principal is called follows from the accepted realms.
   */
  private Set<String> names(Subject subject, String typed) throws TemporaryFailureException {
    Set<String> names = new LinkedHashSet<>();
    for (Principal principal : subject.getPrincipals()) {
      String name = principal.getName();
      if (principal instanceof KerberosPrincipal) {
        names.addAll(kerberos.names(name));
      } else if (!(principal instanceof RolePrincipal) && name != null && !name.isEmpty()) {
        names.add(name);
        names.add(name.toLowerCase(Locale.ROOT));
        if (local(name).equalsIgnoreCase(local(typed))) {
          names.add(typed);
        }
      }
    }
    return names;
  }

  private static String local(String name) {
    int at = name.indexOf('@');
    return at < 0 ? name : name.substring(0, at);
  }

  private static StoredAccount withDefaults(StoredAccount found, Chain current) {
    return new StoredAccount(
        found.account().withDefaults(current.settings.defaults()), found.secrets());
  }

  private static boolean isAccepted(
      AuthModules.Module module, Subject subject, SignInRequest request, Effort effort)
      throws TemporaryFailureException {
    CallbackHandler handler = callbacks -> answer(callbacks, request, effort);
    try {
      new LoginContext(ENTRY, subject, handler, new OneModule(module.entries(), request.service()))
          .login();
      return true;
    } catch (FailedLoginException | AccountException | CredentialException rejected) {
      LOG.log(Level.DEBUG, "{0}: rejected, the next module is tried.", module.name());
      return false;
    } catch (TemporaryFailureException failed) {
      throw failed;
    } catch (LoginException broken) {
      if (Kerberos.isRejection(broken)) {
        LOG.log(Level.DEBUG, "{0}: rejected, the next module is tried.", module.name());
        return false;
      }
      throw new TemporaryFailureException(module.name() + " failed: " + firstLine(broken), broken);
    }
  }

  /** A defect in a module arrives as a message with a whole stack in it. */
  private static String firstLine(LoginException broken) {
    return String.valueOf(broken.getMessage()).lines().findFirst().orElse("");
  }

  private static void answer(Callback[] callbacks, SignInRequest request, Effort effort)
      throws UnsupportedCallbackException {
    for (Callback callback : callbacks) {
      switch (callback) {
        case SignInCallback asked -> asked.answer(request, effort);
        case NameCallback asked -> asked.setName(request.name());
        case PasswordCallback asked when request.evidence() instanceof Evidence.Password given ->
            asked.setPassword(given.password());
        default ->
            throw new UnsupportedCallbackException(
                callback, "Only a name and a password are known.");
      }
    }
  }

  /** What is done where {@link LoginContext} finds the modules. */
  private interface Question<R> {
    R ask() throws FailedLoginException, TemporaryFailureException;
  }

  private static <R> R within(Question<R> question)
      throws FailedLoginException, TemporaryFailureException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // LoginContext finds modules through it, and on a thread of the EAR it would look there.
    thread.setContextClassLoader(AuthModules.loader());
    try {
      return question.ask();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private Chain current() throws TemporaryFailureException {
    Authdaemonrc now = settings.get();
    if (now.equals(Authdaemonrc.DEFAULT)) {
      now = older.get();
    }
    Configuration foreign = known.foreign();
    Chain made = chain;
    if (made == null || !made.settings.equals(now) || !made.foreign.equals(foreign)) {
      made = new Chain(known.named(now.modules(), settings.path()), now, foreign);
      chain = made;
    }
    if (made.modules.isEmpty()) {
      throw new TemporaryFailureException(
          "authmodulelist in "
              + settings.path()
              + " names no module that this server has: "
              + String.join(", ", known.names())
              + ".");
    }
    return made;
  }

  private void say(TemporaryFailureException failed) {
    long now = System.nanoTime();
    Said said = lastSaid;
    if (said == null || !said.detail.equals(failed.detail()) || now - said.at > SAY_AGAIN_NANOS) {
      lastSaid = new Said(failed.detail(), now);
      LOG.log(Level.ERROR, "Sign-in fails for the time being. {0}", failed.detail());
    }
  }

  /** A configuration of one module's entries, whatever name it is asked for. */
  private static final class OneModule extends Configuration {

    private final List<AppConfigurationEntry> entries;

    OneModule(List<AppConfigurationEntry> entries, String service) {
      this.entries = entries.stream().map(entry -> inChain(entry, service)).toList();
    }

    private static AppConfigurationEntry inChain(AppConfigurationEntry entry, String service) {
      Map<String, Object> options = new HashMap<>(entry.getOptions());
      options.put("service", service);
      options.put(AccountLoginModule.IN_CHAIN, "true");
      return new AppConfigurationEntry(entry.getLoginModuleName(), entry.getControlFlag(), options);
    }

    @Override
    public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
      return entries.toArray(AppConfigurationEntry[]::new);
    }
  }
}
