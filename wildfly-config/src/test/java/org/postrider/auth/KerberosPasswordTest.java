package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import javax.security.auth.login.FailedLoginException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Passwords that a KDC checks: the JDK's own login module in the chain, and a real KDC. */
class KerberosPasswordTest {

  private static final String SETTINGS = "java.security.krb5.conf";
  private static final String KRB5 = "com.sun.security.auth.module.Krb5LoginModule";

  @TempDir static Path directory;

  private static Kdc kdc;

  @TempDir Path home;

  private AuthChain chain;

  @BeforeAll
  static void startKdc() throws Exception {
    kdc = Kdc.start(directory.resolve("kdc"));
    kdc.addUser("ann", "from-the-kdc");
    kdc.addUser("prudent", "from-the-kdc");
    kdc.administer(Kdc.REALM, "modprinc +requires_preauth prudent");
    kdc.addUser("stranger", "from-the-kdc");
    kdc.addUser("stale", "from-the-kdc");
    kdc.administer(Kdc.REALM, "modprinc -pwexpire yesterday stale");
    kdc.addUser("locked", "from-the-kdc");
    kdc.administer(Kdc.REALM, "modprinc -allow_tix locked");
    kdc.addUser("ann@" + Kdc.TRUSTED, "of-a-stranger");
    System.setProperty(SETTINGS, kdc.configuration().toString());
  }

  @AfterAll
  static void stopKdc() throws Exception {
    System.clearProperty(SETTINGS);
    kdc.close();
  }

  @BeforeEach
  void writeSettings() throws Exception {
    Files.createDirectories(home.resolve("etc"));
    write(
        "userdb",
        """
        ann\tuid=1|gid=1|home=/home/ann
        prudent@example.org\tuid=2|gid=2|home=/home/prudent
        stale\tuid=3|gid=3|home=/home/stale
        locked\tuid=4|gid=4|home=/home/locked
        bob@example.com\tuid=5|gid=5|home=/home/bob|systempw=$1$saltsalt$9xy1btjgzLYfb7hivXtC//
        """);
    write("authdaemonrc", "authmodulelist=\"kerberos authuserdb\"\n");
    // The other tests of this JVM know no Kerberos: what was read before is read again.
    write("jaas.conf", "kerberos { " + KRB5 + " required refreshKrb5Config=true; };\n");
    chain = new AuthChain(home);
  }

  @AfterEach
  void acceptRealmsAsBefore() {
    System.clearProperty("postrider.kerberos.realms");
  }

  private void write(String name, String text) throws Exception {
    Path file = home.resolve("etc").resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private AccountPrincipal signIn(String name, String password) throws Exception {
    return chain.signIn("imap", name, password.toCharArray());
  }

  private void isRejected(String name, String password) {
    assertThatThrownBy(() -> signIn(name, password))
        .isExactlyInstanceOf(FailedLoginException.class)
        .hasMessage(PasswordLoginModule.REFUSED);
  }

  @Test
  void passwordThatTheKdcKnowsOpensTheAccountOfThatName() throws Exception {
    assertThat(signIn("ann", "from-the-kdc").uid()).isEqualTo(1);
    assertThat(signIn("ann@EXAMPLE.ORG", "from-the-kdc").uid()).isEqualTo(1);
    assertThat(signIn("prudent", "from-the-kdc").uid()).isEqualTo(2);
  }

  @Test
  void classNameInTheListIsEnough() throws Exception {
    assertThat(signIn("ann", "from-the-kdc").uid()).isEqualTo(1);
    write("authdaemonrc", "authmodulelist=\"" + KRB5 + " authuserdb\"\n");
    chain = new AuthChain(home);
    assertThat(signIn("ann", "from-the-kdc").uid()).isEqualTo(1);
    isRejected("ann", "wrong");
  }

  @Test
  void wrongPasswordIsARejectionWhicheverWayTheKdcSaysIt() {
    isRejected("ann", "wrong");
    isRejected("prudent", "wrong");
    isRejected("nobody", "from-the-kdc");
    isRejected("stale", "from-the-kdc");
    isRejected("locked", "from-the-kdc");
    isRejected("", "from-the-kdc");
    isRejected("ann", "");
  }

  @Test
  void whoHasNoMailIsRejected() {
    isRejected("stranger", "from-the-kdc");
  }

  @Test
  void whomTheKdcDoesNotKnowMayBeKnownToTheNextModule() throws Exception {
    assertThat(signIn("bob@example.com", "secret").uid()).isEqualTo(5);
    isRejected("bob@example.com", "wrong");
  }

  @Test
  void sameNameInATrustedRealmIsSomebodyElse() throws Exception {
    isRejected("ann@" + Kdc.TRUSTED, "of-a-stranger");
    System.setProperty("postrider.kerberos.realms", Kdc.TRUSTED);
    assertThat(signIn("ann@" + Kdc.TRUSTED, "of-a-stranger").uid()).isEqualTo(1);
    isRejected("ann", "from-the-kdc");
  }

  @Test
  void kdcThatDoesNotKnowTheKeyOfThisServerIsNotBelieved() throws Exception {
    Path keytab = home.resolve("etc/imap.keytab");
    kdc.addService("imap/mail.example.org", keytab);
    assertThat(signIn("ann", "from-the-kdc").uid()).isEqualTo(1);
    isRejected("ann", "wrong");
    try (Kdc another = Kdc.start(directory.resolve("another"))) {
      another.addUser("ann", "known-to-a-thief");
      System.setProperty(SETTINGS, another.configuration().toString());
      assertThatThrownBy(() -> signIn("ann", "known-to-a-thief"))
          .isInstanceOfSatisfying(
              TemporaryFailureException.class,
              failed -> assertThat(failed.detail()).contains("imap/mail.example.org@EXAMPLE.ORG"));
      another.addService("imap/mail.example.org", directory.resolve("keys-of-a-thief"));
      isRejected("ann", "known-to-a-thief");
      Files.delete(keytab);
      assertThat(signIn("ann", "known-to-a-thief").uid()).isEqualTo(1);
    } finally {
      System.setProperty(SETTINGS, kdc.configuration().toString());
    }
    assertThat(signIn("ann", "from-the-kdc").uid()).isEqualTo(1);
  }

  @Test
  void kdcThatDoesNotAnswerIsATemporaryFailure() throws Exception {
    kdc.close();
    try {
      assertThatThrownBy(() -> signIn("ann", "from-the-kdc"))
          .isInstanceOfSatisfying(
              TemporaryFailureException.class,
              failed -> assertThat(failed.detail()).contains("kerberos", "Connection refused"));
      assertThatThrownBy(() -> signIn("bob@example.com", "wrong"))
          .isExactlyInstanceOf(FailedLoginException.class);
    } finally {
      kdc.resume();
    }
    assertThat(signIn("ann", "from-the-kdc").uid()).isEqualTo(1);
  }
}
