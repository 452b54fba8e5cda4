package org.postrider.auth;

import static java.util.Map.entry;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.URIParameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;

/**
 * What the names in {@code authmodulelist} stand for: a module of this server by Courier's name for
 * it, else the entry of that name in the JAAS file {@code etc/jaas.conf}, else, if there is a dot
 * in it, the class of a {@link javax.security.auth.spi.LoginModule}. What is none of these is said
 * once and passed over.
 */
final class AuthModules {

  private static final Logger LOG = System.getLogger(AuthModules.class.getName());

  /**
   * A module of this server.
   *
   * @param type the class, by name, so that what is not used is not loaded
   * @param options that tell it apart from others of the same class
   */
  record BuiltIn(String type, Map<String, String> options) {

    static BuiltIn of(Class<? extends AccountLoginModule> type) {
      return new BuiltIn(type.getName(), Map.of());
    }

    /**
     * A module in a package below this one, which must not depend on it.
     *
     * @param type without the name of this package
     */
    static BuiltIn in(String type) {
      return new BuiltIn(AuthModules.class.getPackageName() + "." + type, Map.of());
    }

    /** With an option, which tells it from others of its class. */
    BuiltIn with(String option, String value) {
      return new BuiltIn(type, Map.of(option, value));
    }
  }

  /** The one that a site may make anything of, in its {@code jaas.conf}. */
  private static final String CUSTOM = "authcustom";

  /** The modules of this server, by Courier's names. */
  static final Map<String, BuiltIn> BUILT_IN =
      Map.ofEntries(
          entry("authuserdb", BuiltIn.of(UserdbLoginModule.class)),
          // Courier's own name for what userdb has done itself since.
          entry("authcram", BuiltIn.of(UserdbLoginModule.class)),
          entry("authldap", BuiltIn.in("ldap.LdapLoginModule")),
          entry("authpwd", BuiltIn.in("system.PwdLoginModule")),
          entry("authshadow", BuiltIn.in("system.ShadowLoginModule")),
          entry("authpam", BuiltIn.in("system.PamLoginModule")),
          entry("authvchkpw", BuiltIn.in("vpopmail.VchkpwLoginModule")),
          entry("authpipe", BuiltIn.in("system.PipeLoginModule")),
          entry(CUSTOM, BuiltIn.of(NobodyLoginModule.class)),
          entry("authmysql", BuiltIn.in("sql.SqlLoginModule").with("database", "mysql")),
          entry("authpgsql", BuiltIn.in("sql.SqlLoginModule").with("database", "pgsql")),
          entry("authsqlite", BuiltIn.in("sql.SqlLoginModule").with("database", "sqlite")));

  private static final Configuration NO_ENTRIES =
      new Configuration() {
        @Override
        public AppConfigurationEntry[] getAppConfigurationEntry(String name) {
          return null;
        }
      };

  private final Path home;
  private final Map<String, BuiltIn> builtIn;
  private final WatchedFile<Configuration> foreign;
  private final Set<String> said = new HashSet<>();

  /**
   * The modules of a data directory.
   *
   * @param etc where {@code jaas.conf} may be
   */
  AuthModules(Path home, Path etc, Map<String, BuiltIn> builtIn) {
    this.home = home;
    this.builtIn = Map.copyOf(builtIn);
    this.foreign = new WatchedFile<>(etc.resolve("jaas.conf"), NO_ENTRIES, AuthModules::parse);
  }

  /**
   * A module of the chain.
   *
   * @param name as in {@code authmodulelist}
   * @param entries how JAAS runs it; more than one only from {@code jaas.conf}
   * @param knowsAccounts whether it is an {@link AccountLoginModule}, which answers more than
   *     passwords
   */
  record Module(String name, List<AppConfigurationEntry> entries, boolean knowsAccounts) {

    static Module of(String name, List<AppConfigurationEntry> entries) {
      return new Module(
          name,
          entries,
          entries.size() == 1
              && type(entries.getFirst().getLoginModuleName())
                  .filter(AccountLoginModule.class::isAssignableFrom)
                  .isPresent());
    }

    /** An object of it, outside JAAS. */
    AccountLoginModule open() throws TemporaryFailureException {
      AppConfigurationEntry entry = entries.getFirst();
      try {
        AccountLoginModule module =
            type(entry.getLoginModuleName())
                .orElseThrow()
                .asSubclass(AccountLoginModule.class)
                .getDeclaredConstructor()
                .newInstance();
        module.initialize(new Subject(), null, Map.of(), entry.getOptions());
        return module;
      } catch (ReflectiveOperationException broken) {
        throw new TemporaryFailureException(
            name + " cannot be used: its class needs a public constructor without parameters.",
            broken);
      }
    }
  }

  /** Finds the classes of modules: those of this JBoss module and of those that it sees. */
  static ClassLoader loader() {
    return AuthModules.class.getClassLoader();
  }

  private static Optional<Class<?>> type(String name) {
    try {
      return Optional.of(Class.forName(name, false, loader()));
    } catch (ClassNotFoundException | LinkageError missing) {
      return Optional.empty();
    }
  }

  /** The modules of this server, by their names, in alphabetical order. */
  List<String> names() {
    return builtIn.keySet().stream().sorted().toList();
  }

  /** What the JAAS file says now: another object when it says something else. */
  Configuration foreign() throws TemporaryFailureException {
    return foreign.get();
  }

  /**
   * The modules that a list names, in its order; unknown ones are left out.
   *
   * @param source the file with the list, for the log
   */
  List<Module> named(List<String> names, Path source) throws TemporaryFailureException {
    Configuration entries = foreign.get();
    List<Module> modules = new ArrayList<>();
    Set<BuiltIn> taken = new HashSet<>();
    for (String name : names) {
      BuiltIn known = builtIn.get(name);
      AppConfigurationEntry[] found =
          known == null || name.equals(CUSTOM) ? entries.getAppConfigurationEntry(name) : null;
      if (known != null && found == null) {
        if (taken.add(known)) {
          modules.add(Module.of(name, List.of(required(known.type, known.options))));
        }
      } else if (found != null) {
        modules.add(Module.of(name, Arrays.stream(found).map(this::completed).toList()));
      } else if (name.indexOf('.') > 0 && type(name).isPresent()) {
        modules.add(Module.of(name, List.of(required(name, Map.of()))));
      } else {
        sayOnce(name, source);
      }
    }
    return modules;
  }

  private AppConfigurationEntry required(String type, Map<String, String> options) {
    return completed(new AppConfigurationEntry(type, LoginModuleControlFlag.REQUIRED, options));
  }

  /** With the data directory among the options, where none is named. */
  private AppConfigurationEntry completed(AppConfigurationEntry entry) {
    Map<String, Object> options = new HashMap<>(entry.getOptions());
    options.putIfAbsent("home", home.toString());
    return new AppConfigurationEntry(entry.getLoginModuleName(), entry.getControlFlag(), options);
  }

  private synchronized void sayOnce(String name, Path source) {
    if (said.add(name)) {
      LOG.log(
          Level.WARNING,
          "{0}: there is no module {1} here, nor an entry of that name in {2}; it is skipped.",
          source,
          name,
          foreign.path());
    }
  }

  private static Configuration parse(Path file) throws IOException {
    try {
      return Configuration.getInstance("JavaLoginConfig", new URIParameter(file.toUri()));
    } catch (NoSuchAlgorithmException | IllegalArgumentException wrong) {
      Throwable reason = wrong.getCause() == null ? wrong : wrong.getCause();
      throw new IOException("it is no JAAS configuration: " + reason.getMessage(), wrong);
    }
  }
}
