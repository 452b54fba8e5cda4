package org.postrider.auth;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionException;
import javax.security.auth.Subject;
import javax.security.auth.login.AppConfigurationEntry;
import javax.security.auth.login.AppConfigurationEntry.LoginModuleControlFlag;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSCredential;
import org.ietf.jgss.GSSException;
import org.ietf.jgss.GSSManager;
import org.ietf.jgss.Oid;

/**
 * The keys of a keytab in use, through JAAS and GSS-API: what tickets for this server are checked
 * with, and what a KDC is recognised by, since only it and this server know them.
 */
final class KerberosKey {

  private static final Logger LOG = System.getLogger(KerberosKey.class.getName());

  /** Kerberos V5, and the form of its principals' names: RFC 1964 sections 1 and 2.1.1. */
  private static final String KERBEROS = "1.2.840.113554.1.2.2";

  private static final String PRINCIPAL_NAME = KERBEROS + ".1";

  private KerberosKey() {}

  /** Kerberos V5 among the mechanisms of GSS-API. */
  static Oid mechanism() {
    return oid(KERBEROS);
  }

  private static Oid oid(String name) {
    try {
      return new Oid(name);
    } catch (GSSException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /**
   * The right to be talked to as any principal of the keytab, which is read when a token comes: a
   * key that was added counts at once. No KDC is asked.
   *
   * @return the caller disposes of it
   * @throws TemporaryFailureException if the JVM has no Kerberos
   */
  static GSSCredential acceptor(Path keytab) throws TemporaryFailureException {
    Subject service = new Subject();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    // LoginContext finds the module through it.
    thread.setContextClassLoader(AuthModules.loader());
    try {
      new LoginContext(Kerberos.SERVICE, service, null, new Acceptor(keytab)).login();
      return Subject.callAs(
          service,
          () ->
              GSSManager.getInstance()
                  .createCredential(
                      null,
                      GSSCredential.INDEFINITE_LIFETIME,
                      mechanism(),
                      GSSCredential.ACCEPT_ONLY));
    } catch (LoginException | CompletionException failed) {
      throw new TemporaryFailureException(
          keytab + " cannot be used: " + failed.getMessage() + ".", failed);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /**
   * Whether the KDC that gave somebody a ticket for their password is the site's. It is asked for a
   * ticket for this server, which only a KDC that knows this server's key can make. Without that,
   * whoever can answer in the KDC's place could let anybody in.
   *
   * @param person with the ticket
   * @param service a principal of the keytab
   * @throws TemporaryFailureException if there is no such ticket
   */
  static boolean isKnownToKdc(Subject person, String service, Path keytab)
      throws TemporaryFailureException {
    GSSCredential acceptor = acceptor(keytab);
    try {
      byte[] token = token(person, service);
      GSSContext ours = GSSManager.getInstance().createContext(acceptor);
      try {
        ours.acceptSecContext(token, 0, token.length);
        return ours.isEstablished();
      } finally {
        ours.dispose();
      }
    } catch (GSSException refused) {
      LOG.log(
          Level.ERROR,
          "A KDC accepted a password, but its ticket for {0} does not fit the key in {1}: it is"
              + " not the site''s KDC, or the keytab is out of date. {2}",
          service,
          keytab,
          refused.getMessage());
      return false;
    } finally {
      dispose(acceptor);
    }
  }

  private static byte[] token(Subject person, String service) throws TemporaryFailureException {
    try {
      return Subject.callAs(
          person,
          () -> {
            GSSManager manager = GSSManager.getInstance();
            GSSContext theirs =
                manager.createContext(
                    manager.createName(service, oid(PRINCIPAL_NAME)),
                    mechanism(),
                    null,
                    GSSContext.DEFAULT_LIFETIME);
            try {
              theirs.requestMutualAuth(false);
              return theirs.initSecContext(new byte[0], 0, 0);
            } finally {
              theirs.dispose();
            }
          });
    } catch (CompletionException failed) {
      throw new TemporaryFailureException(
          "The KDC gives no ticket for "
              + service
              + ", by which it would be recognised: "
              + failed.getCause().getMessage()
              + ".",
          failed);
    }
  }

  private static void dispose(GSSCredential acceptor) {
    try {
      acceptor.dispose();
    } catch (GSSException neverHeld) {
      LOG.log(Level.DEBUG, "A Kerberos credential could not be given back.", neverHeld);
    }
  }

  /** The JDK's Kerberos module as a service that never asks a KDC. */
  private static final class Acceptor extends Configuration {

    private final Map<String, String> options;

    Acceptor(Path keytab) {
      options =
          Map.of(
              "useKeyTab", "true",
              "keyTab", keytab.toString(),
              "principal", "*",
              "storeKey", "true",
              "isInitiator", "false",
              "doNotPrompt", "true");
    }

    @Override
    public AppConfigurationEntry[] getAppConfigurationEntry(String entry) {
      return new AppConfigurationEntry[] {
        new AppConfigurationEntry(
            "com.sun.security.auth.module.Krb5LoginModule",
            LoginModuleControlFlag.REQUIRED,
            options)
      };
    }
  }
}
