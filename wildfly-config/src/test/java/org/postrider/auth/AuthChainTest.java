package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.security.auth.login.FailedLoginException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthChainTest {

  private static final String ANN =
      "ann\tuid=1000|gid=1000|home=/home/ann|options=group=a|systempw=$1$saltsalt$9xy1btjgzLYfb7hivXtC//\n";

  /** Which modules were asked, in order. */
  private static final List<String> ASKED = new CopyOnWriteArrayList<>();

  /** Modules with an answer of their own. */
  public static final class Accepts extends PasswordLoginModule {
    @Override
    List<Principal> authenticate(String name, char[] password) {
      ASKED.add("accepts");
      return List.of(
          UserdbRecord.parse(name, "uid=7|gid=7|home=/elsewhere|gecos=" + options().get("service"))
              .account(Path.of("/"))
              .orElseThrow());
    }
  }

  /** Rejects everybody. */
  public static final class Rejects extends PasswordLoginModule {
    @Override
    List<Principal> authenticate(String name, char[] password) throws FailedLoginException {
      ASKED.add("rejects");
      throw new FailedLoginException("words that nobody may read");
    }
  }

  /** Cannot tell. */
  public static final class Fails extends PasswordLoginModule {
    @Override
    List<Principal> authenticate(String name, char[] password) throws TemporaryFailureException {
      ASKED.add("fails");
      throw new TemporaryFailureException("the directory is down");
    }
  }

  /** Has a defect. */
  public static final class Breaks extends PasswordLoginModule {
    @Override
    List<Principal> authenticate(String name, char[] password) {
      ASKED.add("breaks");
      throw new IllegalStateException("a defect");
    }
  }

  /** Accepts, but is no module of mail accounts. */
  public static final class NamesNobody extends PasswordLoginModule {
    @Override
    List<Principal> authenticate(String name, char[] password) {
      ASKED.add("nobody");
      return List.of(new RolePrincipal("guest"));
    }
  }

  private static final Map<String, AuthModules.BuiltIn> MODULES =
      Map.of(
          "authuserdb", new AuthModules.BuiltIn(UserdbLoginModule.class.getName(), Map.of()),
          "accepts", new AuthModules.BuiltIn(Accepts.class.getName(), Map.of()),
          "rejects", new AuthModules.BuiltIn(Rejects.class.getName(), Map.of()),
          "fails", new AuthModules.BuiltIn(Fails.class.getName(), Map.of()),
          "breaks", new AuthModules.BuiltIn(Breaks.class.getName(), Map.of()),
          "nobody", new AuthModules.BuiltIn(NamesNobody.class.getName(), Map.of()));

  @TempDir Path home;

  private AuthChain chain;

  @BeforeEach
  void writeSettings() throws Exception {
    ASKED.clear();
    Files.createDirectories(home.resolve("etc"));
    write("userdb", ANN);
    chain = new AuthChain(home, MODULES);
  }

  private void write(String name, String text) throws Exception {
    Path file = home.resolve("etc").resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private void order(String modules) throws Exception {
    write(
        "authdaemonrc", "##VERSION: 1\nauthmodulelist=\"" + modules + "\"  # comment\ndaemons=5\n");
  }

  private AccountPrincipal signIn(String name, String password) throws Exception {
    return chain.signIn("imap", name, password.toCharArray());
  }

  private void isRejected(String name, String password) {
    assertThatThrownBy(() -> signIn(name, password))
        .isExactlyInstanceOf(FailedLoginException.class)
        .hasMessage(PasswordLoginModule.REFUSED);
  }

  private String failure() {
    Throwable thrown = catchThrowable(() -> signIn("ann", "secret"));
    assertThat(thrown)
        .isInstanceOf(TemporaryFailureException.class)
        .hasMessage(TemporaryFailureException.TEXT);
    return ((TemporaryFailureException) thrown).detail();
  }

  @Test
  void signsInWithUserdbAloneWhenNothingIsSet() throws Exception {
    assertThat(signIn("ann", "secret").home()).isEqualTo(Path.of("/home/ann"));
    isRejected("ann", "wrong");
    isRejected("bob", "secret");
    isRejected("ann", "");
    isRejected("ann\0", "secret");
  }

  @Test
  void leavesThePasswordToTheCaller() throws Exception {
    char[] password = "secret".toCharArray();
    chain.signIn("imap", "ann", password);
    assertThat(password).containsExactly("secret".toCharArray());
  }

  @Test
  void rejectedMeansTheNextModule() throws Exception {
    order("rejects authuserdb accepts");
    assertThat(signIn("ann", "secret").uid()).isEqualTo(1000);
    assertThat(ASKED).containsExactly("rejects");
    assertThat(signIn("ann", "another").uid()).isEqualTo(7);
    assertThat(ASKED).containsExactly("rejects", "rejects", "accepts");
  }

  @Test
  void aTemporaryFailureStopsTheChain() throws Exception {
    order("rejects fails accepts");
    assertThat(failure()).isEqualTo("the directory is down");
    assertThat(ASKED).containsExactly("rejects", "fails");
  }

  @Test
  void anAcceptedSignInNeverReachesLaterModules() throws Exception {
    order("authuserdb fails");
    assertThat(signIn("ann", "secret").uid()).isEqualTo(1000);
    assertThat(ASKED).isEmpty();
  }

  @Test
  void aModuleWithADefectIsATemporaryFailure() throws Exception {
    order("breaks accepts");
    assertThat(failure()).endsWith("breaks failed: java.lang.IllegalStateException: a defect");
    assertThat(ASKED).containsExactly("breaks");
  }

  @Test
  void allRejectedIsRejectedWithOurWords() throws Exception {
    order("rejects authuserdb rejects");
    isRejected("ann", "wrong");
  }

  @Test
  void aModuleThatNamesNoAccountCountsAsRejected() throws Exception {
    order("nobody accepts");
    assertThat(signIn("ann", "x").uid()).isEqualTo(7);
    order("nobody");
    isRejected("ann", "x");
  }

  @Test
  void unknownModulesAreSkipped() throws Exception {
    order("authpam authuserdb authldap");
    assertThat(signIn("ann", "secret").uid()).isEqualTo(1000);
    isRejected("ann", "wrong");
  }

  @Test
  void aListWithoutAnyKnownModuleSaysSo() throws Exception {
    order("authpam");
    assertThat(failure()).contains("authmodulelist", "authuserdb");
    order("");
    assertThat(failure()).contains("authmodulelist");
  }

  @Test
  void theServiceReachesTheModule() throws Exception {
    order("accepts");
    assertThat(chain.signIn("pop3", "ann", "x".toCharArray()).fullName()).isEqualTo("pop3");
    assertThatThrownBy(() -> chain.signIn("a b", "ann", "x".toCharArray()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void defaultOptionsFillWhatAnAccountLacks() throws Exception {
    write("authdaemonrc", "DEFAULTOPTIONS=\"group=z,disableshared=1\"\n");
    AccountOptions options = signIn("ann", "secret").options();
    assertThat(options.groups()).containsExactly("a");
    assertThat(options.isOn("disableshared")).isTrue();
  }

  @Test
  void seesAChangedOrder() throws Exception {
    order("accepts");
    assertThat(signIn("ann", "wrong").uid()).isEqualTo(7);
    order("authuserdb");
    isRejected("ann", "wrong");
    Files.delete(home.resolve("etc/authdaemonrc"));
    assertThat(signIn("ann", "secret").uid()).isEqualTo(1000);
  }

  @Test
  void keepsTheOldOrderWhileTheNewOneCannotBeUnderstood() throws Exception {
    order("accepts");
    signIn("ann", "x");
    write("authdaemonrc", "authmodulelist authuserdb\n");
    assertThat(signIn("ann", "x").uid()).isEqualTo(7);
    order("authuserdb");
    await().untilAsserted(() -> isRejected("ann", "x"));
  }

  @Test
  void aFileThatWasNeverUnderstoodIsATemporaryFailure() throws Exception {
    write("authdaemonrc", "# list\nauthmodulelist authuserdb\n");
    assertThat(failure()).contains("authdaemonrc", "line 2 is not NAME=value");
  }

  @Test
  void wrongPermissionsAreATemporaryFailure() throws Exception {
    Files.setPosixFilePermissions(
        home.resolve("etc/userdb"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThat(failure()).contains("MAY NOT HAVE GROUP OR WORLD PERMISSIONS!!");
  }

  @Test
  void servesJaasApplicationsUnderItsName() throws Exception {
    order("authuserdb accepts");
    assertThat(chain.getAppConfigurationEntry(AuthChain.ENTRY))
        .extracting(entry -> entry.getLoginModuleName())
        .containsExactly(UserdbLoginModule.class.getName(), Accepts.class.getName());
    assertThat(chain.getAppConfigurationEntry("other")).isNull();
  }

  @Test
  void doesNotNeedTheContextClassLoaderAndLeavesIt() throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    ClassLoader foreign = ClassLoader.getPlatformClassLoader();
    thread.setContextClassLoader(foreign);
    try {
      assertThat(signIn("ann", "secret").uid()).isEqualTo(1000);
      assertThat(thread.getContextClassLoader()).isSameAs(foreign);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void manyMaySignInAtOnce() throws Exception {
    List<Callable<Boolean>> attempts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      boolean right = i % 2 == 0;
      attempts.add(
          () -> {
            try {
              signIn("ann", right ? "secret" : "wrong");
              return right;
            } catch (FailedLoginException rejected) {
              return !right;
            }
          });
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> answer : threads.invokeAll(attempts)) {
        assertThat(answer.get()).isTrue();
      }
    }
  }
}
