package org.postrider.auth;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
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
 * etc/authdaemonrc}, as JAAS login modules. Without that file it is userdb alone. The file is read
 * again when it changes; if the new one cannot be understood, the log says so and the old order
 * stays. Any thread may sign in, any number at a time.
 *
 * <p>Courier's rule: a module that rejects is followed by the next one, whether it does not know
 * the account or the password is wrong; one that cannot tell ends the sign-in as a temporary
 * failure, because those after it may have older passwords. JAAS has no flag for that rule, so
 * {@link #signIn} runs a {@link LoginContext} of its own for each module. Used as a {@link
 * Configuration}, this gives the chain in JAAS terms, all {@code SUFFICIENT}, under the name
 * {@value #ENTRY}; nothing is ever set for the whole JVM.
 */
public final class AuthChain extends Configuration {

  /** The name of the JAAS entry for mail accounts. */
  public static final String ENTRY = "postrider";

  private static final Logger LOG = System.getLogger(AuthChain.class.getName());

  private static final Map<String, String> MODULES =
      Map.of("authuserdb", UserdbLoginModule.class.getName());
  private static final String DEFAULT_SERVICE = "imap";
  private static final Pattern SERVICE = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
  private static final long SAY_AGAIN_NANOS = 60_000_000_000L;

  private final Path home;
  private final Path settings;
  private final Map<String, String> moduleClasses;
  private final ReentrantLock reading = new ReentrantLock();
  private final Set<String> unknownModules = new HashSet<>();
  private volatile Chain chain;
  private volatile Said lastSaid;

  /**
   * The modules in use, the state of the file they come from, and whether a change of it could go
   * unseen.
   */
  private record Chain(
      List<String> classes, AccountOptions defaults, FileStamp stamp, boolean settled, long read) {}

  private record Said(String detail, long at) {}

  /**
   * The chain of a data directory.
   *
   * @param home the data directory; nothing is read yet
   */
  public AuthChain(Path home) {
    this(home, MODULES);
  }

  /**
   * With other modules than those that this server has, by their names in {@code authmodulelist}.
   */
  AuthChain(Path home, Map<String, String> moduleClasses) {
    this.home = home.toAbsolutePath().normalize();
    this.settings = this.home.resolve("etc").resolve("authdaemonrc");
    this.moduleClasses = Map.copyOf(moduleClasses);
  }

  /**
   * Signs an account in.
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
    try {
      return ask(current(), checked(service), callbacks -> answer(callbacks, name, password));
    } catch (TemporaryFailureException failed) {
      say(failed);
      throw failed;
    }
  }

  /** The chain for any JAAS application, or null for another name than {@value #ENTRY}. */
  @Override
  public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
    if (!name.equals(ENTRY)) {
      return null;
    }
    try {
      return current().classes.stream()
          .map(module -> entry(module, LoginModuleControlFlag.SUFFICIENT, DEFAULT_SERVICE))
          .toArray(AppConfigurationEntry[]::new);
    } catch (TemporaryFailureException failed) {
      say(failed);
      return null;
    }
  }

  private AccountPrincipal ask(Chain chain, String service, CallbackHandler handler)
      throws FailedLoginException, TemporaryFailureException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // LoginContext finds modules through it, and on a thread of the EAR it would look there.
    thread.setContextClassLoader(AuthChain.class.getClassLoader());
    try {
      for (String module : chain.classes) {
        Subject subject = new Subject();
        if (isAccepted(module, subject, service, handler)) {
          for (AccountPrincipal account : subject.getPrincipals(AccountPrincipal.class)) {
            return account.withDefaults(chain.defaults);
          }
          LOG.log(
              Level.WARNING,
              "{0} accepted a sign-in but named no account; it counts as rejected.",
              module);
        }
      }
      throw PasswordLoginModule.refused();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private boolean isAccepted(
      String module, Subject subject, String service, CallbackHandler handler)
      throws TemporaryFailureException {
    try {
      new LoginContext(
              ENTRY,
              subject,
              handler,
              new OneModule(entry(module, LoginModuleControlFlag.REQUIRED, service)))
          .login();
      return true;
    } catch (FailedLoginException | AccountException | CredentialException rejected) {
      LOG.log(Level.DEBUG, "{0}: rejected, the next module is tried.", module);
      return false;
    } catch (TemporaryFailureException failed) {
      throw failed;
    } catch (LoginException broken) {
      throw new TemporaryFailureException(module + " failed: " + firstLine(broken), broken);
    }
  }

  /** A defect in a module arrives as a message with a whole stack in it. */
  private static String firstLine(LoginException broken) {
    return String.valueOf(broken.getMessage()).lines().findFirst().orElse("");
  }

  private AppConfigurationEntry entry(String module, LoginModuleControlFlag flag, String service) {
    return new AppConfigurationEntry(
        module, flag, Map.of("home", home.toString(), "service", service));
  }

  private static String checked(String service) {
    if (!SERVICE.matcher(service).matches()) {
      throw new IllegalArgumentException(
          "A service name has small letters, digits and hyphens, 32 at most.");
    }
    return service;
  }

  private static void answer(Callback[] callbacks, String name, char[] password)
      throws UnsupportedCallbackException {
    for (Callback callback : callbacks) {
      switch (callback) {
        case NameCallback asked -> asked.setName(name);
        case PasswordCallback asked -> asked.setPassword(password);
        default ->
            throw new UnsupportedCallbackException(
                callback, "Only a name and a password are known.");
      }
    }
  }

  private Chain current() throws TemporaryFailureException {
    Chain known = chain;
    if (known == null || !isCurrent(known)) {
      reading.lock();
      try {
        known = chain;
        if (known == null || !isCurrent(known)) {
          known = read(known);
          chain = known;
        }
      } finally {
        reading.unlock();
      }
    }
    if (known.classes.isEmpty()) {
      throw new TemporaryFailureException(
          "authmodulelist in "
              + settings
              + " names no module that this server has: "
              + String.join(", ", moduleClasses.keySet())
              + ".");
    }
    return known;
  }

  private boolean isCurrent(Chain known) {
    try {
      return known.stamp.equals(FileStamp.of(settings))
          && (known.settled || System.nanoTime() - known.read < FileStamp.TICK_NANOS);
    } catch (IOException unreadable) {
      return false; // reading it says why
    }
  }

  /** Reads the file, or keeps what was known if it cannot be understood. */
  private Chain read(Chain known) throws TemporaryFailureException {
    long now = System.nanoTime();
    FileStamp stamp = FileStamp.ABSENT;
    try {
      stamp = FileStamp.of(settings);
      boolean settled = stamp.isAbsent() || stamp.settled();
      Authdaemonrc found = stamp.isAbsent() ? Authdaemonrc.DEFAULT : Authdaemonrc.read(settings);
      return new Chain(classes(found.modules()), found.defaults(), stamp, settled, now);
    } catch (IOException failed) {
      String detail = settings + " cannot be used: " + failed.getMessage() + ".";
      if (known == null) {
        throw new TemporaryFailureException(detail, failed);
      }
      LOG.log(Level.WARNING, "{0} The order of sign-in modules stays as it was.", detail);
      return new Chain(known.classes, known.defaults, stamp, true, now);
    }
  }

  private List<String> classes(List<String> modules) {
    for (String module : modules) {
      if (!moduleClasses.containsKey(module) && unknownModules.add(module)) {
        LOG.log(
            Level.WARNING, "{0}: there is no module {1} here; it is skipped.", settings, module);
      }
    }
    return modules.stream().filter(moduleClasses::containsKey).map(moduleClasses::get).toList();
  }

  private void say(TemporaryFailureException failed) {
    long now = System.nanoTime();
    Said said = lastSaid;
    if (said == null || !said.detail.equals(failed.detail()) || now - said.at > SAY_AGAIN_NANOS) {
      lastSaid = new Said(failed.detail(), now);
      LOG.log(Level.ERROR, "Nobody can sign in now. {0}", failed.detail());
    }
  }

  /** A configuration of one entry, whatever name it is asked for. */
  private static final class OneModule extends Configuration {

    private final AppConfigurationEntry entry;

    OneModule(AppConfigurationEntry entry) {
      this.entry = entry;
    }

    @Override
    public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
      return new AppConfigurationEntry[] {entry};
    }
  }
}
