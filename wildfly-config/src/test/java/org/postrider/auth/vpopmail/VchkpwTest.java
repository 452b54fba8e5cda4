package org.postrider.auth.vpopmail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.SiteDirectory;

class VchkpwTest {

  private static final String SECRET = "$1$saltsalt$9xy1btjgzLYfb7hivXtC//";

  @TempDir Path home;

  private SiteDirectory site;
  private Path vpopmail;
  private Path assign;

  @BeforeEach
  void writeFiles() throws Exception {
    site = new SiteDirectory(home.resolve("data"));
    vpopmail = home.resolve("vpopmail");
    assign = home.resolve("assign");
    vpasswd("users", "root", "/v/users/root", "0", "NOQUOTA");
    vpasswd("domains/example.com", "ann", "/v/domains/example.com/ann", "0", "10485760S,100C");
    vpasswd("domains/e/example.org", "eve", "/v/domains/e/example.org/eve", "8", "5M");
    site.module(
        VchkpwLoginModule.class, "vpopmail_home=\"" + vpopmail + "\" assign=\"" + assign + "\"");
  }

  private void vpasswd(String where, String name, String directory, String flags, String quota)
      throws Exception {
    Path file = Files.createDirectories(vpopmail.resolve(where)).resolve("vpasswd");
    Files.writeString(
        file,
        name
            + ":"
            + SECRET
            + ":1:"
            + flags
            + ":Full Name:"
            + directory
            + ":"
            + quota
            + ":secret\n");
  }

  @Test
  void signsInAccountsOfDomainsAndOfUsers() throws Exception {
    AccountPrincipal ann = site.signIn("ann@example.com", "secret");
    assertThat(ann.name()).isEqualTo("ann@example.com");
    assertThat(ann.fullName()).isEqualTo("Full Name");
    assertThat(ann.home()).isEqualTo(Path.of("/v/domains/example.com/ann"));
    assertThat(ann.maildir()).isEqualTo(Path.of("/v/domains/example.com/ann/Maildir"));
    assertThat(ann.quota()).isEqualTo("10485760S,100C");
    Map<String, Object> owner =
        Files.readAttributes(vpopmail.resolve("domains/example.com"), "unix:uid,gid");
    assertThat(String.valueOf(ann.uid())).isEqualTo(owner.get("uid").toString());
    assertThat(site.signIn("Ann%EXAMPLE.com", "secret").name()).isEqualTo("ann@example.com");
    assertThat(site.signIn("root", "secret").name()).isEqualTo("root");
    assertThat(site.rejects("ann@example.com", "wrong")).isTrue();
    assertThat(site.rejects("ann", "secret")).isTrue();
    assertThat(site.rejects("ann@example.net", "secret")).isTrue();
  }

  @Test
  void nameIsNeverAPath() throws Exception {
    assertThat(site.rejects("root@../users", "secret")).isTrue();
    assertThat(site.rejects("root@..", "secret")).isTrue();
    assertThat(site.rejects("ann@e/example.org", "secret")).isTrue();
    assertThat(site.rejects("ann@", "secret")).isTrue();
    assertThat(site.rejects("@example.com", "secret")).isTrue();
  }

  @Test
  void whatVpopmailSwitchesOffIsAnOption() throws Exception {
    AccountPrincipal eve = site.signIn("eve@example.org", "secret");
    assertThat(eve.options().isOn("disableimap")).isTrue();
    assertThat(eve.options().isOn("disablepop3")).isFalse();
    assertThat(eve.quota()).isEqualTo("5242880S");
    assertThat(site.signIn("ann@example.com", "secret").options().isOn("disableimap")).isFalse();
  }

  @Test
  void databaseComesBeforeTheText() throws Exception {
    CdbTest.make(
        vpopmail.resolve("domains/example.com/vpasswd.cdb"),
        "bob " + SECRET + ":1:0:Bob:/v/domains/example.com/bob:NOQUOTA\n");
    assertThat(site.signIn("bob@example.com", "secret").fullName()).isEqualTo("Bob");
    assertThat(site.rejects("ann@example.com", "secret")).isTrue();
  }

  @Test
  void damagedDatabaseIsATemporaryFailure() throws Exception {
    Files.writeString(vpopmail.resolve("domains/example.com/vpasswd.cdb"), "damaged");
    assertThat(site.failure("ann@example.com", "secret"))
        .startsWith("authvchkpw: a file of vpopmail in " + vpopmail)
        .contains("it is damaged or no constant database");
  }

  @Test
  void assignTellsDirectoriesAliasesAndOwners() throws Exception {
    Path elsewhere = home.resolve("elsewhere");
    Files.move(vpopmail.resolve("domains/example.com"), elsewhere);
    Files.writeString(
        assign,
        "+alias.example-:example.com:89:90:"
            + elsewhere
            + ":-::\n"
            + "+example.com-:example.com:89:90:"
            + elsewhere
            + ":-::\n.\n");
    assertThat(site.signIn("ann@alias.example", "secret").name()).isEqualTo("ann@example.com");
    assertThat(site.signIn("ann@example.com", "secret").uid()).isEqualTo(89);
    Files.delete(assign);
    assertThat(site.rejects("ann@example.com", "secret")).isTrue();
  }

  @Test
  void compiledAssignComesBeforeItsText() throws Exception {
    Path input =
        Files.writeString(
            home.resolve("input"),
            "+15,"
                + ("example.com\0" + "89\0" + "90\0" + vpopmail + "/domains/example.com\0-\0\0")
                    .length()
                + ":!alias.example-->"
                + ("example.com\0" + "89\0" + "90\0" + vpopmail + "/domains/example.com\0-\0\0")
                + "\n\n");
    assertThat(
            new ProcessBuilder("cdb", "-c", assign + ".cdb", input.toString())
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
    assertThat(site.signIn("ann@alias.example", "secret").gid()).isEqualTo(90);
  }

  @Test
  void nameWithoutADomainMayBeOfTheDefaultOne() throws Exception {
    Files.createSymbolicLink(
        vpopmail.resolve("domains/default"), vpopmail.resolve("domains/example.com"));
    assertThat(site.signIn("ann", "secret").name()).isEqualTo("ann@example.com");
    Files.createDirectories(vpopmail.resolve("etc"));
    Files.writeString(vpopmail.resolve("etc/defaultdomain"), "example.org\n");
    assertThat(site.rejects("ann", "secret")).isTrue();
    assertThat(site.signIn("eve", "secret").name()).isEqualTo("eve@example.org");
  }

  @Test
  void clearPasswordServesChallenges() throws Exception {
    assertThat(site.cram("ann@example.com", "secret")).isPresent();
    assertThat(site.cram("ann@example.com", "wrong")).isEmpty();
  }

  @Test
  void listsAccountsOnce() throws Exception {
    Files.createSymbolicLink(
        vpopmail.resolve("domains/alias.example"), vpopmail.resolve("domains/example.com"));
    assertThat(site.accounts())
        .extracting(line -> line.substring(0, line.indexOf(' ')))
        .containsExactly("root", "ann@example.com", "eve@example.org");
  }

  @Test
  void whereThereIsNoVpopmailNobodyIsKnown() throws Exception {
    site.modules("authvchkpw");
    assertThat(site.rejects("ann@example.com", "secret")).isTrue();
    assertThat(site.accounts()).isEmpty();
  }
}
