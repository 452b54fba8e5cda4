package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserdbLoginModuleTest {

  private static final String SECRET = "$1$saltsalt$9xy1btjgzLYfb7hivXtC//"; // secret
  private static final String FIELDS = "uid=1000|gid=1000|home=/home/ann|";

  @TempDir Path home;

  private final Subject subject = new Subject();
  private final Map<String, Object> shared = new HashMap<>();
  private final Map<String, String> options = new HashMap<>();

  @BeforeEach
  void writeUserdb() throws Exception {
    userdb(
        "ann\t"
            + FIELDS
            + "systempw="
            + SECRET
            + "\n"
            + "both\t"
            + FIELDS
            + "systempw="
            + SECRET
            + "|imappw={SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n" // test
            + "pop\t"
            + FIELDS
            + "pop3pw="
            + SECRET
            + "\n"
            + "nouid\tgid=1|home=/h|systempw="
            + SECRET
            + "\n"
            + "locked\t"
            + FIELDS
            + "systempw=!"
            + SECRET
            + "\n"
            + "clear\t"
            + FIELDS
            + "systempw=secret\n"
            + "dear\t"
            + FIELDS
            + "systempw=$6$rounds=999999999$saltstring$"
            + PasswordHashTest.SHA512_TAIL
            + "\n");
    options.put("home", home.toString());
  }

  private void userdb(String text) throws Exception {
    Path file = home.resolve("etc/userdb");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private UserdbLoginModule module(CallbackHandler handler) {
    UserdbLoginModule module = new UserdbLoginModule();
    module.initialize(subject, handler, shared, options);
    return module;
  }

  private static CallbackHandler typing(String name, String password) {
    return callbacks -> {
      for (Callback callback : callbacks) {
        switch (callback) {
          case NameCallback asked -> asked.setName(name);
          case PasswordCallback asked ->
              asked.setPassword(password == null ? null : password.toCharArray());
          default -> throw new AssertionError(callback);
        }
      }
    };
  }

  private void isRefused(String name, String password) {
    assertThatThrownBy(() -> module(typing(name, password)).login())
        .as(name)
        .isExactlyInstanceOf(FailedLoginException.class)
        .hasMessage(PasswordLoginModule.REFUSED);
  }

  @Test
  void addsTheAccountOnceBothPhasesAreThrough() throws Exception {
    UserdbLoginModule module = module(typing("ann", "secret"));
    assertThat(module.login()).isTrue();
    assertThat(subject.getPrincipals()).isEmpty();
    assertThat(module.commit()).isTrue();
    assertThat(subject.getPrincipals(AccountPrincipal.class))
        .singleElement()
        .satisfies(
            account -> assertThat(account.maildir()).isEqualTo(Path.of("/home/ann/Maildir")));
    assertThat(module.logout()).isTrue();
    assertThat(subject.getPrincipals()).isEmpty();
  }

  @Test
  void leavesNothingBehindWhenTheSignInIsAborted() throws Exception {
    UserdbLoginModule module = module(typing("ann", "secret"));
    module.login();
    module.commit();
    assertThat(module.abort()).isTrue();
    assertThat(subject.getPrincipals()).isEmpty();
    assertThat(module.commit()).isFalse();

    UserdbLoginModule failed = module(typing("ann", "wrong"));
    assertThatThrownBy(failed::login).isInstanceOf(FailedLoginException.class);
    assertThat(failed.commit()).isFalse();
    assertThat(failed.abort()).isFalse();
  }

  @Test
  void cannotAddToAReadOnlySubject() throws Exception {
    UserdbLoginModule module = module(typing("ann", "secret"));
    module.login();
    subject.setReadOnly();
    assertThatThrownBy(module::commit)
        .isInstanceOf(LoginException.class)
        .hasMessageContaining("read-only");
    assertThat(subject.getPrincipals()).isEmpty();
  }

  @Test
  void everyRefusalReadsTheSame() {
    isRefused("ann", "wrong");
    isRefused("nobody", "secret");
    isRefused("nouid", "secret");
    isRefused("locked", "secret");
    isRefused("clear", "secret");
    isRefused("dear", "secret");
    isRefused("Ann", "secret");
    isRefused("pop", "secret");
    isRefused("ann", "");
    isRefused("ann", null);
    isRefused("", "secret");
    isRefused(null, "secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann\0x", "ann\0", "ann\n", "ann\tuid=1000", "ann\u007f", "\0"})
  void refusesControlCharacters(String name) {
    isRefused(name, "secret");
    isRefused("ann", name.replace("ann", "secret"));
  }

  @Test
  void imappwComesBeforeSystempw() throws Exception {
    isRefused("both", "secret");
    assertThat(module(typing("both", "test")).login()).isTrue();
    options.put("service", "pop3");
    assertThat(module(typing("both", "secret")).login()).isTrue();
    assertThat(module(typing("pop", "secret")).login()).isTrue();
  }

  @Test
  void seesAChangedPasswordAtOnce() throws Exception {
    assertThat(module(typing("ann", "secret")).login()).isTrue();
    userdb("ann\t" + FIELDS + "systempw={SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n");
    isRefused("ann", "secret");
    assertThat(module(typing("ann", "test")).login()).isTrue();
  }

  @Test
  void takesNameAndPasswordFromAnEarlierModule() throws Exception {
    shared.put(PasswordLoginModule.SHARED_NAME, "ann");
    shared.put(PasswordLoginModule.SHARED_PASSWORD, "secret".toCharArray());
    options.put("use_first_pass", "true");
    assertThat(module(null).login()).isTrue();
    assertThat((char[]) shared.get(PasswordLoginModule.SHARED_PASSWORD))
        .containsExactly("secret".toCharArray());

    shared.put(PasswordLoginModule.SHARED_PASSWORD, "wrong".toCharArray());
    assertThatThrownBy(() -> module(typing("ann", "secret")).login())
        .isInstanceOf(FailedLoginException.class);
    options.clear();
    options.put("home", home.toString());
    options.put("tryFirstPass", "true");
    assertThat(module(typing("ann", "secret")).login()).isTrue();
    shared.clear();
    assertThat(module(typing("ann", "secret")).login()).isTrue();
  }

  @Test
  void leavesNameAndPasswordToLaterModulesOnlyIfAsked() throws Exception {
    module(typing("ann", "secret")).login();
    assertThat(shared).isEmpty();
    options.put("store_pass", "true");
    module(typing("ann", "secret")).login();
    assertThat(shared).containsEntry(PasswordLoginModule.SHARED_NAME, "ann");
    assertThat((char[]) shared.get(PasswordLoginModule.SHARED_PASSWORD))
        .containsExactly("secret".toCharArray());
  }

  @Test
  void anUnreadableUserdbIsATemporaryFailure() throws Exception {
    Files.setPosixFilePermissions(
        home.resolve("etc/userdb"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> module(typing("ann", "secret")).login())
        .isInstanceOf(TemporaryFailureException.class)
        .hasMessage(TemporaryFailureException.TEXT);
  }

  @Test
  void readsTheUserdbThatTheOptionNames() throws Exception {
    Files.move(home.resolve("etc/userdb"), home.resolve("other"));
    options.put("userdb", "other");
    assertThat(module(typing("ann", "secret")).login()).isTrue();
  }

  @Test
  void findsTheDataDirectoryByTheSystemProperty() throws Exception {
    String before = System.getProperty("postrider.home");
    System.setProperty("postrider.home", home.toString());
    try {
      options.put("home", "${postrider.home}");
      assertThat(module(typing("ann", "secret")).login()).isTrue();
      options.clear();
      assertThat(module(typing("ann", "secret")).login()).isTrue();
    } finally {
      if (before == null) {
        System.clearProperty("postrider.home");
      } else {
        System.setProperty("postrider.home", before);
      }
    }
  }
}
