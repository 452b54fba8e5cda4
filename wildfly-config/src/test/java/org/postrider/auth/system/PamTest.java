package org.postrider.auth.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.Evidence;
import org.postrider.auth.SignInRequest;
import org.postrider.auth.SiteDirectory;

/** With the system's PAM and its own modules, configured in a directory of the test. */
class PamTest {

  @TempDir Path home;

  private SiteDirectory site;
  private Path confdir;
  private Path asked;

  @BeforeEach
  void writeConfiguration() throws Exception {
    site = new SiteDirectory(home);
    confdir = Files.createDirectory(home.resolve("pam.d"));
    asked = home.resolve("asked");
    Path script =
        Files.writeString(
            home.resolve("check"),
            "#!/bin/sh\n"
                + "password=$(/usr/bin/tr -d '\\000')\n"
                + "echo \"$PAM_SERVICE $PAM_TYPE $PAM_USER $PAM_RHOST\" >> "
                + asked
                + "\n[ \"$password\" = \"Grüße an $PAM_USER\" ]\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    // pam_exec has no credentials to establish, and PAM wants one module that says yes to that.
    service(
        "imap",
        "auth requisite pam_exec.so quiet expose_authtok " + script,
        "auth required pam_permit.so",
        PERMIT);
    Path passwd =
        site.write("passwd", "ann:x:1000:1000:Ann:/home/ann:\nbob:x:1001:1001:Bob:/home/bob:\n");
    site.module(PamLoginModule.class, "pam_confdir=\"" + confdir + "\" passwd=\"" + passwd + "\"");
  }

  private static final String PERMIT = "account required pam_permit.so";

  private void service(String name, String... lines) throws Exception {
    Files.writeString(confdir.resolve(name), String.join("\n", lines) + "\n");
  }

  @Test
  void pamChecksThePasswordAndPasswdTellsTheAccount() throws Exception {
    assertThat(site.signIn("ann", "Grüße an ann").uid()).isEqualTo(1000);
    assertThat(site.signIn("bob", "Grüße an bob").fullName()).isEqualTo("Bob");
    assertThat(site.rejects("bob", "Grüße an ann")).isTrue();
    assertThat(site.rejects("ann", "wrong")).isTrue();
    assertThat(Files.readAllLines(asked)).contains("imap auth ann ");
  }

  @Test
  void whomPasswdDoesNotKnowIsRejectedWhateverPamSays() throws Exception {
    assertThat(site.rejects("carol", "Grüße an carol")).isTrue();
  }

  @Test
  void clientsAddressIsTold() throws Exception {
    assertThat(
            site.answer(
                new SignInRequest(
                    "imap",
                    "ann",
                    new Evidence.Password("Grüße an ann".toCharArray()),
                    Optional.of(InetAddress.getByName("192.0.2.7")))))
        .isPresent();
    assertThat(Files.readAllLines(asked)).contains("imap auth ann 192.0.2.7");
  }

  @Test
  void accountThatPamRejectsIsRejected() throws Exception {
    service("imap", "auth required pam_permit.so", "account required pam_deny.so");
    assertThat(site.rejects("ann", "anything")).isTrue();
    service("imap", "auth required pam_permit.so", PERMIT);
    assertThat(site.rejects("ann", "anything")).isFalse();
  }

  @Test
  void rejectionDoesNotWaitForPamsDelay() throws Exception {
    service("imap", "auth optional pam_faildelay.so delay=20000000", "auth required pam_deny.so");
    long begin = System.nanoTime();
    assertThat(site.rejects("ann", "anything")).isTrue();
    assertThat(System.nanoTime() - begin).isLessThan(10_000_000_000L);
  }

  @Test
  void realUnixPasswordsAreChecked() throws Exception {
    service("imap", "auth required pam_unix.so", "account required pam_unix.so");
    assertThat(site.rejects("no-such-user-here", "anything")).isTrue();
    assertThat(site.rejects("root", "surely not root's password")).isTrue();
  }

  @Test
  void namesAreLookedUpWithoutPamAndChallengesRejected() throws Exception {
    assertThat(site.lookup("ann")).isPresent();
    assertThat(site.cram("ann", "Grüße an ann")).isEmpty();
    assertThat(site.accounts()).isEmpty();
    assertThat(asked).doesNotExist();
  }

  @Test
  void serviceThatIsNotThereIsSaid() throws Exception {
    Files.delete(confdir.resolve("imap"));
    assertThat(site.failure("ann", "anything"))
        .startsWith("PAM knows no service imap: make " + confdir + "/imap");
  }

  @Test
  void moduleThatIsNotThereIsSaid() throws Exception {
    service("imap", "auth required pam_no_such_module.so");
    assertThat(site.failure("ann", "anything"))
        .startsWith("PAM cannot work for the service imap: pam_authenticate says ")
        .contains("See " + confdir + "/imap");
  }

  @Test
  void manySignInsAtATimeDoNotDisturbEachOther() throws Exception {
    List<Future<Boolean>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 60; i++) {
        String name = i % 2 == 0 ? "ann" : "bob";
        String password = "Grüße an " + (i % 3 == 0 ? "ann" : "bob");
        boolean right = password.endsWith(name);
        answers.add(threads.submit(() -> site.rejects(name, password) != right));
      }
    }
    for (Future<Boolean> answer : answers) {
      assertThat(answer.get()).isTrue();
    }
  }
}
