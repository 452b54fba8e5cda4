package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdministratorsTest {

  private static final char[] PASSWORD = "correct horse".toCharArray();

  @TempDir Path home;

  private Path file;

  @BeforeEach
  void makeDirectory() throws IOException {
    file = Files.createDirectories(home.resolve("etc")).resolve("administrators");
  }

  private Subject signIn(String name, String password) throws LoginException {
    Subject subject = new Subject();
    AdministratorsLoginModule module = new AdministratorsLoginModule();
    module.initialize(
        subject,
        callbacks -> {
          for (Callback callback : callbacks) {
            if (callback instanceof NameCallback asked) {
              asked.setName(name);
            } else {
              ((PasswordCallback) callback).setPassword(password.toCharArray());
            }
          }
        },
        Map.of(),
        Map.of("home", home.toString()));
    module.login();
    module.commit();
    return subject;
  }

  @Test
  void theFirstAdministratorSignsIn() throws Exception {
    Administrators administrators = Administrators.in(home);
    assertThat(administrators.isEmpty()).isTrue();
    assertThatThrownBy(() -> signIn("root", "correct horse"))
        .isInstanceOf(FailedLoginException.class);

    assertThat(administrators.addFirst("root", PASSWORD)).isTrue();

    assertThat(administrators.isEmpty()).isFalse();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file))
        .matches("root\tsystempw=\\$6\\$[^|]+\\|roles=administrator\n");
    assertThat(signIn("root", "correct horse").getPrincipals())
        .containsExactlyInAnyOrder(
            new AdministratorPrincipal("root"), new RolePrincipal(Administrators.ADMINISTRATOR));
    assertThatThrownBy(() -> signIn("root", "correct")).isInstanceOf(FailedLoginException.class);
    assertThatThrownBy(() -> signIn("ann", "correct horse"))
        .isInstanceOf(FailedLoginException.class);
  }

  @Test
  void thereIsOnlyOneFirst() throws Exception {
    List<Callable<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String name = "admin" + i;
      attempts.add(() -> Administrators.in(home).addFirst(name, PASSWORD));
    }
    int added = 0;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> answer : threads.invokeAll(attempts)) {
        added += answer.get() ? 1 : 0;
      }
    }
    assertThat(added).isEqualTo(1);
    assertThat(Files.readAllLines(file)).hasSize(1);
  }

  @Test
  void saysWhichNamesAndPasswordsMayBeUsed() {
    Administrators administrators = Administrators.in(home);
    for (String name : List.of("", "a\tb", "a|b", "a\nb", " a", "#a", "a b", "x".repeat(65))) {
      assertThatThrownBy(() -> administrators.addFirst(name, PASSWORD))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("A name has");
    }
    assertThatThrownBy(() -> administrators.addFirst("root", "short".toCharArray()))
        .hasMessageContaining("at least 12 characters");
    assertThatThrownBy(() -> administrators.addFirst("root", "correct\thorse".toCharArray()))
        .hasMessageContaining("control characters");
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileThatOthersMayReadIsATemporaryFailure() throws Exception {
    Administrators.in(home).addFirst("root", PASSWORD);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(() -> signIn("root", "correct horse"))
        .isInstanceOf(TemporaryFailureException.class)
        .extracting(thrown -> ((TemporaryFailureException) thrown).detail())
        .asString()
        .contains("chmod 600");
  }

  @Test
  void theRolesAreACommaList() {
    assertThat(
            Administrators.roles(UserdbRecord.parse("a", "roles=administrator, auditor,,auditor")))
        .containsExactly("administrator", "auditor");
    assertThat(Administrators.roles(UserdbRecord.parse("a", "systempw=x"))).isEmpty();
  }
}
