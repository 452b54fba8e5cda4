package org.postrider.auth.ldap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.login.FailedLoginException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.StoredAccount;

/** Every key of authldaprc, against a directory in memory. */
class LdapLoginModuleTest {

  private static final String SSHA = "{SSHA}kLTUxCXAks50cTljBY6MKEQ1FDFpW8pA"; // secret

  @TempDir Path home;
  private InMemoryDirectoryServer directory;
  private LdapSite site;

  @BeforeEach
  void start() throws Exception {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(LdapSite.BASE);
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "loopback", InetAddress.getLoopbackAddress(), 0, null));
    config.setSchema(null);
    config.addAdditionalBindCredentials(LdapSite.ADMINISTRATOR, "toto");
    config.addAdditionalBindCredentials("cn=other,o=example", "other");
    config.setGenerateOperationalAttributes(false);
    directory = new InMemoryDirectoryServer(config);
    add("o=example", "objectClass: organization");
    add("ou=people,o=example", "objectClass: organizationalUnit");
    person("ann", "userPassword: " + SSHA);
    person("bob", "clearPassword: secret", "cn: Bob, of Example");
    directory.startListening();
    site = new LdapSite(home);
  }

  @AfterEach
  void stop() {
    site.close();
    directory.shutDown(true);
  }

  private void add(String dn, String... lines) throws Exception {
    String[] all = new String[lines.length + 1];
    all[0] = "dn: " + dn;
    System.arraycopy(lines, 0, all, 1, lines.length);
    directory.add(all);
  }

  private void person(String name, String... more) throws Exception {
    String[] lines =
        Arrays.copyOf(
            new String[] {
              "objectClass: person",
              "mail: " + name + "@example.com",
              "homeDirectory: /home/" + name,
              "uidNumber: 5001",
              "gidNumber: 5002"
            },
            5 + more.length);
    System.arraycopy(more, 0, lines, 5, more.length);
    add("cn=" + name + ",ou=people,o=example", lines);
  }

  private String uri() {
    return "ldap://127.0.0.1:" + directory.getListenPort();
  }

  private LdapSite with(String... more) throws Exception {
    return site.settings(uri(), more);
  }

  @Test
  void hashesAndClearPasswordsAreCompared() throws Exception {
    with("LDAP_CRYPTPW userPassword", "LDAP_CLEARPW clearPassword", "LDAP_FULLNAME cn");
    AccountPrincipal ann = site.signIn("ann@example.com", "secret");
    assertThat(ann.name()).isEqualTo("ann@example.com");
    assertThat(ann.address()).isEqualTo("ann@example.com");
    assertThat(ann.home()).hasToString("/home/ann");
    assertThat(ann.maildir()).hasToString("/home/ann/Maildir");
    assertThat(ann.uid()).isEqualTo(5001);
    assertThat(ann.gid()).isEqualTo(5002);
    assertThat(ann.fullName()).isEqualTo("ann");
    assertThat(site.isAccepted("ann@example.com", "wrong")).isFalse();
    assertThat(site.isAccepted("bob@example.com", "secret")).isTrue();
    assertThat(site.isAccepted("bob@example.com", "Secret")).isFalse();
    assertThat(site.isAccepted("nobody@example.com", "secret")).isFalse();
    assertThatThrownBy(() -> site.signIn("ann@example.com", ""))
        .isInstanceOf(FailedLoginException.class);
  }

  @Test
  void aClearPasswordCountsBeforeAHash() throws Exception {
    person("eve", "userPassword: " + SSHA, "clearPassword: other");
    with("LDAP_CRYPTPW userPassword", "LDAP_CLEARPW clearPassword");
    assertThat(site.isAccepted("eve@example.com", "secret")).isFalse();
    assertThat(site.isAccepted("eve@example.com", "other")).isTrue();
  }

  @Test
  void challengesNeedAClearPassword() throws Exception {
    with("LDAP_CRYPTPW userPassword", "LDAP_CLEARPW clearPassword");
    byte[] challenge = "<1@mail>".getBytes(UTF_8);
    Mac mac = Mac.getInstance("HmacMD5");
    mac.init(new SecretKeySpec("secret".getBytes(UTF_8), "HmacMD5"));
    byte[] answer = mac.doFinal(challenge);
    assertThat(site.isCramAccepted("bob@example.com", challenge, answer)).isTrue();
    assertThat(site.isCramAccepted("ann@example.com", challenge, answer)).isFalse();
    assertThat(HexFormat.of().formatHex(answer)).hasSize(32);
  }

  @Test
  void theDirectoryMayCheckPasswords() throws Exception {
    person("joe", "userPassword: joe's");
    with("LDAP_AUTHBIND 1", "LDAP_CLEARPW clearPassword");
    assertThat(site.isAccepted("joe@example.com", "joe's")).isTrue();
    assertThat(site.isAccepted("joe@example.com", "secret")).isFalse();
    assertThat(site.isAccepted("joe@example.com", "joe's")).isTrue();
    // Its clear password is not looked at, and there are no secrets for anything else.
    assertThat(site.isAccepted("bob@example.com", "secret")).isFalse();
    assertThat(site.lookup("bob@example.com").orElseThrow().secrets().clear()).isEmpty();
  }

  @Test
  void aNameWithoutADomainGetsOneAndIsKnownAsItWasTyped() throws Exception {
    with("LDAP_CRYPTPW userPassword", "LDAP_DOMAIN example.com");
    assertThat(site.signIn("ann", "secret").address()).isEqualTo("ann");
    assertThat(site.isAccepted("ann@example.com", "secret")).isTrue();
    assertThat(site.isAccepted("ann@example.org", "secret")).isFalse();
  }

  @Test
  void aFilterNarrowsTheSearch() throws Exception {
    person("old", "userPassword: " + SSHA, "closed: yes");
    with("LDAP_CRYPTPW userPassword", "LDAP_FILTER (objectClass=person)(!(closed=yes))");
    assertThat(site.isAccepted("ann@example.com", "secret")).isTrue();
    assertThat(site.isAccepted("old@example.com", "secret")).isFalse();
    with("LDAP_CRYPTPW userPassword", "LDAP_FILTER closed=yes");
    assertThat(site.isAccepted("ann@example.com", "secret")).isFalse();
    assertThat(site.isAccepted("old@example.com", "secret")).isTrue();
  }

  @Test
  void anotherAttributeMayHaveTheName() throws Exception {
    with("LDAP_CRYPTPW userPassword", "LDAP_MAIL cn");
    assertThat(site.isAccepted("ann", "secret")).isTrue();
    assertThat(site.isAccepted("ann@example.com", "secret")).isFalse();
  }

  @Test
  void oneOwnerMayHaveEverything() throws Exception {
    add(
        "cn=tom,o=example",
        "objectClass: person",
        "mail: tom",
        "homeDirectory: tom",
        "userPassword: " + SSHA);
    with("LDAP_CRYPTPW userPassword", "LDAP_GLOB_UID 5003", "LDAP_GLOB_GID 4242");
    AccountPrincipal tom = site.signIn("tom", "secret");
    assertThat(tom.uid()).isEqualTo(5003);
    assertThat(tom.gid()).isEqualTo(4242);
    assertThat(tom.home()).isEqualTo(home.toRealPath().resolve("tom"));
    // An entry's own number counts more.
    assertThat(site.signIn("ann@example.com", "secret").uid()).isEqualTo(5001);
    with("LDAP_CRYPTPW userPassword", "LDAP_GLOB_UID daemon", "LDAP_GLOB_GID daemon");
    assertThat(site.signIn("tom", "secret").uid()).isEqualTo(1);
    assertThat(site.signIn("tom", "secret").gid()).isEqualTo(1);
  }

  @Test
  void rootIsRefusedAsATemporaryFailure() throws Exception {
    add(
        "cn=root,o=example",
        "objectClass: person",
        "mail: root",
        "homeDirectory: /root",
        "uidNumber: 0",
        "gidNumber: 0",
        "userPassword: " + SSHA);
    with("LDAP_CRYPTPW userPassword");
    assertThat(site.failure("root", "secret"))
        .startsWith("cn=root,o=example may not sign in: its uid and gid must be numbers from 1");
  }

  @Test
  void anEntryWithoutAHomeIsATemporaryFailure() throws Exception {
    add(
        "cn=lost,o=example",
        "objectClass: person",
        "mail: lost",
        "uidNumber: 1",
        "gidNumber: 1",
        "userPassword: " + SSHA);
    with("LDAP_CRYPTPW userPassword");
    assertThat(site.failure("lost", "secret")).contains("the attribute homeDirectory");
  }

  @Test
  void homeMaildirQuotaAndOptionsComeFromTheEntry() throws Exception {
    person(
        "max",
        "userPassword: " + SSHA,
        "mailbox: mail/",
        "defaultDelivery: deliver",
        "quota: 10000S,10C",
        "shared: g1",
        "disableimap: 0",
        "fullName: Max M.");
    with(
        "LDAP_CRYPTPW userPassword",
        "LDAP_MAILROOT /srv/mail",
        "LDAP_MAILDIR mailbox",
        "LDAP_DEFAULTDELIVERY defaultDelivery",
        "LDAP_MAILDIRQUOTA quota",
        "LDAP_FULLNAME fullName",
        "LDAP_AUXOPTIONS disableimap=disableimap,shared=sharedgroup,other=other");
    AccountPrincipal max = site.signIn("max@example.com", "secret");
    assertThat(max.home()).hasToString("/srv/mail/home/max");
    assertThat(max.maildir()).hasToString("/srv/mail/home/max/mail");
    assertThat(max.quota()).isEqualTo("10000S,10C");
    assertThat(max.fullName()).isEqualTo("Max M.");
    assertThat(max.options()).hasToString("disableimap=0,sharedgroup=g1");
    assertThat(site.chain().signIn("courier", "max@example.com", "secret".toCharArray()).maildir())
        .hasToString("/srv/mail/home/max/deliver");
  }

  @Test
  void twoEntriesOfOneNameAreNobody() throws Exception {
    add(
        "cn=ann,o=example",
        "objectClass: person",
        "mail: ann@example.com",
        "homeDirectory: /home/x",
        "uidNumber: 7",
        "gidNumber: 7",
        "userPassword: " + SSHA);
    with("LDAP_CRYPTPW userPassword");
    assertThat(site.isAccepted("ann@example.com", "secret")).isFalse();
  }

  @Test
  void theFirstOfSeveralValuesCounts() throws Exception {
    person("sue", "userPassword: " + SSHA, "mailbox: one", "mailbox: two");
    with("LDAP_CRYPTPW userPassword", "LDAP_MAILDIR mailbox");
    assertThat(site.signIn("sue@example.com", "secret").maildir()).hasToString("/home/sue/one");
  }

  @Test
  void anEmailMapLeadsToAHandle() throws Exception {
    add("o=map,o=example", "objectClass: organization");
    add(
        "cn=1,o=map,o=example",
        "objectClass: person",
        "userid: john",
        "realm: example.com",
        "handle: cc*1");
    add(
        "cn=cc1,o=example",
        "objectClass: person",
        "controlHandle: cc*1",
        "homeDirectory: /home/john",
        "uidNumber: 5001",
        "gidNumber: 5001",
        "userPassword: " + SSHA);
    with(
        "LDAP_CRYPTPW userPassword",
        "LDAP_EMAILMAP (&(userid=@user@)(realm=@realm@))",
        "LDAP_EMAILMAP_BASEDN o=map,o=example",
        "LDAP_EMAILMAP_ATTRIBUTE handle",
        "LDAP_EMAILMAP_MAIL controlHandle");
    assertThat(site.signIn("john@example.com", "secret").address()).isEqualTo("john@example.com");
    assertThat(site.isAccepted("john@example.org", "secret")).isFalse();
    assertThat(site.isAccepted("*@example.com", "secret")).isFalse();
    assertThat(site.isAccepted("john)(userid=*@example.com", "secret")).isFalse();
  }

  @Test
  void aliasesAreFollowedOnlyIfAskedFor() throws Exception {
    assertThat(settings("LDAP_DEREF never").reach().aliases().getName()).isEqualTo("NEVER");
    assertThat(settings("LDAP_DEREF Searching").reach().aliases().getName()).isEqualTo("SEARCHING");
    assertThat(settings("LDAP_DEREF finding").reach().aliases().getName()).isEqualTo("FINDING");
    assertThat(settings("LDAP_DEREF always").reach().aliases().getName()).isEqualTo("ALWAYS");
    assertThat(settings("").reach().aliases().getName()).isEqualTo("NEVER");
  }

  private LdapSettings settings(String line) throws Exception {
    with(line);
    return LdapDirectory.of(home).connections().settings();
  }

  @Test
  void whatIsNotSetHasCouriersDefault() throws Exception {
    site.raw("LDAP_URI ldap:///, ldaps://Backup.example.com\nLDAP_BASEDN o=example\n");
    LdapSettings settings = LdapDirectory.of(home).connections().settings();
    assertThat(settings.reach().servers())
        .hasToString("[ldap://localhost:389, ldaps://Backup.example.com:636]");
    assertThat(settings.reach().timeout()).hasSeconds(5);
    assertThat(settings.reach().binding()).isEmpty();
    assertThat(settings.reach().bindsAsUser()).isFalse();
    assertThat(settings.reach().startTls()).isFalse();
    assertThat(settings.question().mail()).isEqualTo("mail");
    assertThat(settings.question().all()).hasToString("(mail=*)");
    assertThat(settings.attributes().home()).isEqualTo("homeDir");
    assertThat(settings.attributes().clearPassword()).isEmpty();
    assertThat(settings.attributes().uid()).isEmpty();
  }

  @Test
  void olderFilesNameOneServer() throws Exception {
    site.raw("LDAP_SERVER ldap.example.com\nLDAP_PORT 3890\nLDAP_BASEDN o=example\n");
    assertThat(LdapDirectory.of(home).connections().settings().reach().servers())
        .hasToString("[ldap://ldap.example.com:3890]");
  }

  @Test
  void whatCannotBeUsedIsNamed() throws Exception {
    assertDefect("LDAP_BASEDN o=x", "LDAP_URI is not set in it");
    assertDefect("LDAP_URI ldapi:///\nLDAP_BASEDN o=x", "neither ldap://HOST[:PORT] nor ldaps");
    assertDefect("LDAP_URI ldap://h\nLDAP_BASEDN x", "LDAP_BASEDN is \"x\", which is no dist");
    assertDefect("LDAP_URI ldap://h\nLDAP_BASEDN o=x\nLDAP_INITBIND 1", "LDAP_BINDDN is not set");
    assertDefect("LDAP_URI ldap://h\nLDAP_BASEDN o=x\nLDAP_DEREF some", "must be never, searching");
    assertDefect("LDAP_URI ldap://h\nLDAP_BASEDN o=x\nLDAP_TIMEOUT 0", "number from 1 to 300");
    assertDefect("LDAP_URI ldap://h\nLDAP_BASEDN o=x\nLDAP_FILTER (a=b", "which is no filter");
    assertDefect("LDAP_URI ldap://h\nLDAP_BASEDN o=x\nLDAP_MAIL a b", "no name of an attribute");
    assertDefect("LDAP_URI ldap://h\nLDAP_BASEDN o=x\nLDAP_AUXOPTIONS a", "not ATTRIBUTE=OPTION");
    assertDefect("LDAP_URI ldap://h\nLDAP_BASEDN o=x\nLDAP_GLOB_UID no-one", "/etc/passwd");
    assertDefect("LDAP_URI ldap://h\nLDAP_BASEDN o=x\nLDAP_PROTOCOL_VERSION 4", "from 0 to 3");
    assertDefect(
        "LDAP_URI ldap://h\nLDAP_BASEDN o=x\nLDAP_EMAILMAP (@user@=x)", "where no value of an");
  }

  private void assertDefect(String settings, String expected) throws Exception {
    site.close(); // nothing is remembered of the settings before
    site.raw(settings + "\n");
    assertThat(site.failure("ann@example.com", "secret"))
        .contains("authldaprc cannot be used")
        .contains(expected);
  }

  @Test
  void aModuleThatWasNeverSetUpIsSkippedAndOneThatWasIsNot() throws Exception {
    assertThat(site.isAccepted("ann", "secret")).isFalse();
    with("LDAP_CRYPTPW userPassword");
    assertThat(site.isAccepted("ann@example.com", "wrong")).isFalse();
    Files.delete(site.home().resolve("etc/authldaprc"));
    assertThat(site.failure("ann@example.com", "secret")).contains("authldaprc is no longer there");
  }

  @Test
  void settingsThatChangeHoldAtOnce() throws Exception {
    with("LDAP_CRYPTPW userPassword");
    assertThat(site.isAccepted("bob@example.com", "secret")).isFalse();
    with("LDAP_CRYPTPW userPassword", "LDAP_CLEARPW clearPassword");
    assertThat(site.isAccepted("bob@example.com", "secret")).isTrue();
    site.raw("LDAP_URI nonsense\n");
    assertThat(site.isAccepted("bob@example.com", "secret")).isTrue();
  }

  @Test
  void aWrongAdministratorIsToldAndNotTheClientsFault() throws Exception {
    with("LDAP_CRYPTPW userPassword");
    site.raw(
        "LDAP_URI "
            + uri()
            + "\n"
            + "LDAP_BASEDN o=example\n"
            + "LDAP_INITBIND 1\n"
            + "LDAP_BINDDN cn=other,o=example\n"
            + "LDAP_BINDPW no\n");
    assertThat(site.failure("ann@example.com", "secret"))
        .contains(
            "it refuses LDAP_BINDDN cn=other,o=example with LDAP_BINDPW: invalid credentials");
  }

  @Test
  void everyAccountIsListedOnceForEachOfItsNames() throws Exception {
    for (int i = 0; i < 1_200; i++) {
      person("p" + i, "mail: alias" + i + "@example.com");
    }
    add("cn=homeless,o=example", "objectClass: person", "mail: homeless", "uidNumber: 1");
    with("LDAP_CRYPTPW userPassword", "LDAP_CLEARPW clearPassword");
    assertThat(site.all())
        .hasSize(2_402)
        .extracting(found -> found.account().name())
        .contains("ann@example.com", "alias1199@example.com")
        .doesNotContain("homeless")
        .doesNotHaveDuplicates();
    assertThat(site.all())
        .filteredOn(found -> found.account().name().equals("bob@example.com"))
        .extracting(StoredAccount::secrets)
        .allMatch(secrets -> secrets.clear().isPresent());
    with("LDAP_ENUMERATE_FILTER (mail=p7@example.com)");
    assertThat(site.all()).hasSize(2);
    with("LDAP_FILTER (cn=ann)");
    assertThat(site.all()).hasSize(1);
  }

  @Test
  void whoeverTakesTheListMayFail() throws Exception {
    with("LDAP_CRYPTPW userPassword");
    assertThatThrownBy(
            () ->
                site.chain()
                    .forEachAccount(
                        "imap",
                        (module, account) -> {
                          throw new IllegalStateException("enough");
                        }))
        .hasMessage("enough");
    assertThat(site.isAccepted("ann@example.com", "secret")).isTrue();
  }

  @Test
  void aChangedPasswordKeepsItsKind() throws Exception {
    with("LDAP_CRYPTPW userPassword", "LDAP_CLEARPW clearPassword");
    assertThat(site.change("ann@example.com", "wrong", "newer")).isFalse();
    assertThat(site.change("nobody@example.com", "secret", "newer")).isFalse();
    assertThat(site.change("ann@example.com", "secret", "newer")).isTrue();
    assertThat(site.isAccepted("ann@example.com", "secret")).isFalse();
    assertThat(site.isAccepted("ann@example.com", "newer")).isTrue();
    assertThat(value("ann", "userPassword")).startsWith("{SSHA}");
    assertThat(site.change("bob@example.com", "secret", "newest")).isTrue();
    assertThat(value("bob", "clearPassword")).isEqualTo("newest");
    person("kim", "userPassword: {CRYPT}abNANd1rDfiNc");
    assertThat(site.change("kim@example.com", "secret", "newest")).isTrue();
    assertThat(value("kim", "userPassword")).startsWith("{CRYPT}$1$");
    assertThat(site.isAccepted("kim@example.com", "newest")).isTrue();
  }

  private String value(String name, String attribute) throws Exception {
    return directory.getEntry("cn=" + name + ",ou=people,o=example").getAttributeValue(attribute);
  }

  @Test
  void whereTheDirectoryChecksPasswordsItAlsoChangesThem() throws Exception {
    person("joe", "userPassword: first");
    with("LDAP_AUTHBIND 1");
    assertThat(site.change("joe@example.com", "wrong", "second")).isFalse();
    assertThat(site.isAccepted("joe@example.com", "first")).isTrue();
  }
}
