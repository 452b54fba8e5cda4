package org.postrider.auth.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** authldap and OpenLDAP's server. */
class SlapdTest {

  private static final String SSHA = "{SSHA}kLTUxCXAks50cTljBY6MKEQ1FDFpW8pA"; // secret
  private static final int CROWD = 1_200;

  @TempDir static Path directory;
  private static TestAuthority authority;
  private static TestAuthority stranger;
  private static Slapd slapd;

  @TempDir Path home;
  private LdapSite site;

  @BeforeAll
  static void makeDirectory() throws Exception {
    Path certificates = Files.createDirectories(directory.resolve("certificates"));
    authority = new TestAuthority(certificates, "authority");
    stranger = new TestAuthority(certificates, "stranger");
    authority.issue("localhost");
    slapd = slapd("first");
    slapd.start();
  }

  private static Slapd slapd(String name) throws Exception {
    return new Slapd(
        directory.resolve(name),
        authority.file(),
        directory.resolve("certificates/localhost"),
        entries());
  }

  private static String entries() {
    StringBuilder ldif =
        new StringBuilder("dn: o=example\nobjectClass: organization\no: example\n\n");
    ldif.append(person("ann", "userPassword: " + SSHA + "\notherPassword: " + SSHA));
    ldif.append(person("bob", "clearPassword: secret"));
    ldif.append(person("zoë", "userPassword: " + SSHA));
    ldif.append(person("joe", "userPassword: joe's\notherPassword: {SSHA}nothing"));
    ldif.append(person("kim", "userPassword: first"));
    for (int i = 0; i < CROWD; i++) {
      ldif.append(person("p" + i, "userPassword: secret"));
    }
    return ldif.toString();
  }

  private static String person(String name, String more) {
    String dn = "cn=" + name + ",o=example";
    String mail = name + "@example.com";
    return "dn:: "
        + base64(dn)
        + "\nobjectClass: inetOrgPerson\nobjectClass: mailAccount\nsn: x\ncn:: "
        + base64(name)
        + "\nmail: "
        + mail.replace("ë", "e")
        + "\nhomeDirectory: /home/x\nuidNumber: 5001\ngidNumber: 5002\n"
        + more
        + "\n\n";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  @AfterAll
  static void stopDirectory() {
    slapd.close();
  }

  @BeforeEach
  void makeSite() throws Exception {
    site = new LdapSite(home);
  }

  @AfterEach
  void closeSite() {
    site.close();
  }

  @Test
  void passwordsAreComparedOrTriedByBinding() throws Exception {
    site.settings(
        slapd.uri("127.0.0.1"), "LDAP_CRYPTPW userPassword", "LDAP_CLEARPW clearPassword");
    assertThat(site.isAccepted("ann@example.com", "secret")).isTrue();
    assertThat(site.isAccepted("ann@example.com", "wrong")).isFalse();
    assertThat(site.isAccepted("bob@example.com", "secret")).isTrue();
    assertThat(site.isAccepted("nobody@example.com", "secret")).isFalse();
    site.settings(slapd.uri("127.0.0.1"), "LDAP_AUTHBIND 1", "LDAP_MAIL cn");
    assertThat(site.isAccepted("joe", "joe's")).isTrue();
    assertThat(site.isAccepted("joe", "wrong")).isFalse();
    assertThat(site.isAccepted("zoë", "secret")).isTrue();
    assertThat(site.isAccepted("bob", "secret")).isFalse();
    site.raw(
        "LDAP_URI "
            + slapd.uri("127.0.0.1")
            + "\n"
            + "LDAP_BASEDN o=example\n"
            + "LDAP_AUTHBIND 1\n"
            + "LDAP_HOMEDIR homeDirectory\n"
            + "LDAP_GLOB_UID 7\n"
            + "LDAP_GLOB_GID 8\n");
    assertThat(site.signIn("ann@example.com", "secret").gid()).isEqualTo(8);
  }

  @Test
  void challengesAreAnsweredFromClearPasswords() throws Exception {
    site.settings(slapd.uri("127.0.0.1"), "LDAP_CLEARPW clearPassword");
    Mac mac = Mac.getInstance("HmacMD5");
    mac.init(new SecretKeySpec("secret".getBytes(UTF_8), "HmacMD5"));
    byte[] challenge = "<1@mail>".getBytes(UTF_8);
    assertThat(site.isCramAccepted("bob@example.com", challenge, mac.doFinal(challenge))).isTrue();
    assertThat(site.isCramAccepted("bob@example.com", challenge, new byte[16])).isFalse();
  }

  @Test
  void tlsIsCheckedHoweverItBegins() throws Exception {
    for (boolean startTls : new boolean[] {true, false}) {
      String right = startTls ? slapd.uri("localhost") : slapd.tlsUri("localhost");
      String wrong = startTls ? slapd.uri("127.0.0.1") : slapd.tlsUri("127.0.0.1");
      assertThat(overTls(right, startTls, "LDAPTLS_CACERT=" + authority.file())).isEqualTo("in");
      assertThat(overTls(wrong, startTls, "LDAPTLS_CACERT=" + authority.file()))
          .contains("TLS failed: ")
          .contains("127.0.0.1");
      assertThat(overTls(right, startTls, "LDAPTLS_CACERT=" + stranger.file()))
          .contains("TLS failed: ")
          .contains("PKIX path");
      assertThat(overTls(right, startTls, "")).contains("TLS failed: ").contains("PKIX path");
      assertThat(overTls(right, startTls, "LDAPTLS_CACERT=/nowhere")).contains("/nowhere is not");
      assertThat(overTls(right, startTls, "LDAPTLS_CACERTDIR=" + authority.file().getParent()))
          .isEqualTo("in");
      assertThat(overTls(wrong, startTls, "LDAPTLS_REQCERT=never")).isEqualTo("in");
      assertThat(
              overTls(
                  right,
                  startTls,
                  "LDAPTLS_REQCERT=allow\nLDAPTLS_CERT="
                      + directory.resolve("certificates/localhost.pem")
                      + "\nLDAPTLS_KEY="
                      + directory.resolve("certificates/localhost.key")))
          .isEqualTo("in");
    }
    assertThat(overTls(slapd.uri("localhost"), true, "LDAPTLS_REQCERT=maybe"))
        .contains("LDAPTLS_REQCERT in authdaemonrc is \"maybe\"");
    assertThat(overTls(slapd.uri("localhost"), true, "LDAPTLS_CERT=/x.pem"))
        .contains("LDAPTLS_CERT and LDAPTLS_KEY");
  }

  private String overTls(String uri, boolean startTls, String variables) throws Exception {
    site.close();
    site.daemon(variables + "\n");
    site.settings(uri, "LDAP_CRYPTPW userPassword", "LDAP_TLS " + (startTls ? 1 : 0));
    String result = site.failure("ann@example.com", "secret");
    return result.startsWith("accepted") ? "in" : result;
  }

  @Test
  void passwordsAreChangedByTheAdministratorOrTheAccountItself() throws Exception {
    site.settings(slapd.uri("127.0.0.1"), "LDAP_CRYPTPW otherPassword");
    assertThat(site.change("ann@example.com", "secret", "changed")).isTrue();
    assertThat(site.isAccepted("ann@example.com", "changed")).isTrue();
    assertThat(site.isAccepted("ann@example.com", "secret")).isFalse();
    // Nothing can be read: the directory is asked to change it, and hashes it as it likes.
    site.raw(
        "LDAP_URI "
            + slapd.uri("127.0.0.1")
            + "\nLDAP_BASEDN o=example\nLDAP_AUTHBIND 1\nLDAP_HOMEDIR homeDirectory\n"
            + "LDAP_CRYPTPW userPassword\nLDAP_UID uidNumber\nLDAP_GID gidNumber\n");
    assertThat(site.change("kim@example.com", "wrong", "second")).isFalse();
    assertThat(site.change("kim@example.com", "first", "second")).isTrue();
    assertThat(site.isAccepted("kim@example.com", "second")).isTrue();
    assertThat(site.isAccepted("kim@example.com", "first")).isFalse();
  }

  @Test
  void moreAccountsAreListedThanTheServerGivesAtATime() throws Exception {
    site.settings(slapd.uri("127.0.0.1"), "LDAP_CRYPTPW userPassword");
    assertThat(site.all()).hasSize(CROWD + 5);
  }

  @Test
  void theNextServerIsAskedWhileOneIsDown() throws Exception {
    try (Slapd one = slapd("one").start();
        Slapd two = slapd("two").start()) {
      site.settings(
          one.uri("127.0.0.1") + ", " + two.uri("127.0.0.1"), "LDAP_CRYPTPW userPassword");
      assertThat(site.isAccepted("ann@example.com", "secret")).isTrue();
      one.kill();
      assertThat(site.isAccepted("ann@example.com", "secret")).isTrue();
      two.kill();
      assertThat(site.failure("ann@example.com", "secret"))
          .startsWith("No server of the directory can be used. " + one.uri("127.0.0.1"))
          .contains(two.uri("127.0.0.1") + ": Connection refused.");
      two.start();
      Awaitility.await("the second to be tried again")
          .atMost(Duration.ofSeconds(15))
          .until(() -> site.failure("ann@example.com", "secret").startsWith("accepted"));
    }
  }

  @Test
  void aRestartOfTheServerIsNotNoticed() throws Exception {
    try (Slapd one = slapd("restarted").start()) {
      site.settings(one.uri("127.0.0.1"), "LDAP_AUTHBIND 1");
      assertThat(site.isAccepted("ann@example.com", "secret")).isTrue();
      one.kill();
      one.start();
      assertThat(site.isAccepted("ann@example.com", "secret")).isTrue();
      assertThat(site.isAccepted("ann@example.com", "wrong")).isFalse();
    }
  }
}
