package org.postrider.tool.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;

/**
 * authtest, authenumerate, authinfo and courierauthconfig; what Courier's print was copied here.
 */
class AccountToolsTest {

  /** Of "secret", as Courier made it. */
  private static final String MD5 = "$1$LwTxajvv$H0QxZVtOtTgOP8kdzWQpd/";

  /** Of "imapsecret". */
  private static final String SHA = "{SHA}30tLHm2E9GFN6UN64IHUSHlcH6A=";

  private static final Ended REFUSED =
      new Ended(1, "", "Authentication FAILED: Operation not permitted\n");

  @TempDir Path home;
  private Map<String, String> environment;

  @BeforeEach
  void accounts() throws IOException {
    environment = Map.of("POSTRIDER_HOME", home.toString());
    write(
        """
        john\tuid=5001|gid=5002|home=/home/john|mail=/home/john/M|systempw=%s|quota=10S|gecos=John Doe,x|options=disableshared=1,a=b
        jane\tuid=6|gid=6|home=/h/jane
        nohome\tuid=7|gid=7|systempw=%s
        5001=\tjohn
        """
            .formatted(MD5, MD5));
  }

  private void write(String userdb) throws IOException {
    Path file = Files.createDirectories(home.resolve("etc")).resolve("userdb");
    Files.writeString(file, userdb);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private Ended run(String... command) {
    return CourierTools.ours(environment, "", command);
  }

  @Test
  void anAccountIsLookedUpWithoutItsPassword() {
    assertThat(run("authtest", "john"))
        .isEqualTo(
            new Ended(
                0,
                """
                Authentication succeeded.

                     Authenticated: john  (uid 5001, gid 5002)
                    Home Directory: /home/john
                           Maildir: /home/john/M
                             Quota: 10S
                Encrypted Password: %s
                Cleartext Password: (none)
                           Options: disableshared=1,a=b
                """
                    .formatted(MD5),
                ""));
  }

  @Test
  void whatAnAccountDoesNotHaveIsNone() {
    assertThat(run("authtest", "jane").out())
        .isEqualTo(
            """
            Authentication succeeded.

                 Authenticated: jane  (uid 6, gid 6)
                Home Directory: /h/jane
                       Maildir: /h/jane/Maildir
                         Quota: (none)
            Encrypted Password: (none)
            Cleartext Password: (none)
                       Options: (none)
            """);
  }

  @Test
  void anAccountSignsInWithItsPassword() {
    assertThat(run("authtest", "john", "secret").out())
        .contains("Authenticated: john  (uid 5001, gid 5002)\n")
        .contains("Encrypted Password: " + MD5 + "\nCleartext Password: secret\n");
  }

  @ParameterizedTest
  @CsvSource({"john,wrong", "john,''", "jane,x", "nohome,secret", "nobody,x", "'',x", "'john\t',x"})
  void whoeverIsNotKnownOrHasAnotherPasswordIsRefused(String name, String password) {
    assertThat(run("authtest", name, password)).isEqualTo(REFUSED);
  }

  @Test
  void theServiceDecidesWhosePasswordCounts() throws IOException {
    write("john\tuid=1|gid=2|home=/h|systempw=%s|imappw=%s\n".formatted(MD5, SHA));

    assertThat(run("authtest", "-s", "imap", "john", "secret")).isEqualTo(REFUSED);
    assertThat(run("authtest", "john", "secret").exit()).isZero();
    assertThat(run("authtest", "-simap", "john").out()).contains("Password: " + SHA + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-s", "-s imap", "-x", "a b c d"})
  void wrongArgumentsOfAuthtestAreToldItsUse(String arguments) {
    assertThat(run(("authtest " + arguments).strip().split(" ")))
        .isEqualTo(
            new Ended(1, "", "Usage: authtest [-s service] userid [ password [ newpassword ] ]\n"));
  }

  @Test
  void whatCannotBeToldIsAnErrorOfItsOwn() throws IOException {
    Path file = home.resolve("etc/userdb");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

    Ended ended = run("authtest", "john", "secret");

    assertThat(ended).isEqualTo(new Ended(1, "", "Authentication FAILED: Input/output error\n"));
    assertThat(run("authenumerate").exit()).isEqualTo(1);
    assertThat(run("authenumerate").err()).contains("MAY NOT HAVE GROUP OR WORLD PERMISSIONS");
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'john\t5001\t5002\t/home/john\t/home/john/M\njane\t6\t6\t/h/jane\t/h/jane/Maildir\n'",
    "-s, 'jane\t6\t6\t/h/jane\t/h/jane/Maildir\n'",
    "-s -o, 'jane\t6\t6\t/h/jane\t/h/jane/Maildir\t\n'",
    "-o, 'john\t5001\t5002\t/home/john\t/home/john/M\tdisableshared=1,a=b\n"
        + "jane\t6\t6\t/h/jane\t/h/jane/Maildir\t\n"
        + "'",
  })
  void everyAccountThatCanSignInIsListed(String arguments, String expected) {
    assertThat(run(("authenumerate " + arguments).strip().split(" ")).out())
        .isEqualToNormalizingNewlines(expected);
  }

  @Test
  void wrongArgumentsOfAuthenumerateAreToldItsUse() {
    assertThat(run("authenumerate", "-x"))
        .isEqualTo(new Ended(1, "", "Usage: authenumerate [-s] [-o]\n"));
  }

  @Test
  void modulesAndMechanismsAreListed() {
    assertThat(run("authinfo").out())
        .startsWith("AUTHENTICATION_MODULES=\"authdaemon\"\nAUTHDAEMONMODULELIST=\"")
        .contains("authuserdb")
        .containsPattern(
            "SASL_AUTHENTICATION_MODULES=\".*SCRAM-SHA-256.*CRAM-MD5.* PLAIN LOGIN\"\n");
  }

  @Test
  void filesAreNamedForScripts() throws IOException {
    assertThat(run("courierauthconfig", "--configfiles").out())
        .startsWith("userdb=%1$s/etc/userdb\nauthdaemonrc=%1$s/etc/authdaemonrc\n".formatted(home))
        .contains("mailuid=" + Files.getAttribute(home, "unix:uid") + "\n")
        .endsWith("sbindir=/no/server/sbin\n");
    assertThat(run("authinfo", "--configfiles"))
        .isEqualTo(run("courierauthconfig", "--configfiles"));
  }

  @ParameterizedTest
  @CsvSource({"0.71.4,yes", "0.71,yes", "0.60.9,yes", "0.71.5,no", "0.72,no", "1,no", "0,yes"})
  void aVersionIsNewEnoughOrNot(String version, String answer) {
    assertThat(run("courierauthconfig", "--version=" + version))
        .isEqualTo(new Ended(answer.equals("yes") ? 0 : 1, answer + "\n", ""));
    assertThat(run("courierauthconfig", "--version").out()).isEqualTo("0.71.4\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--foo", "--version --version"})
  void wrongArgumentsOfCourierauthconfigAreToldItsUse(String arguments) {
    assertThat(run(("courierauthconfig " + arguments).strip().split(" ")).err())
        .startsWith("Usage: courierauthconfig ");
  }
}
