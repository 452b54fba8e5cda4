package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.URIParameter;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.Configuration;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginContext;
import javax.security.auth.login.LoginException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The modules in a program that knows JAAS and nothing else: no server, no handler of ours. */
class PlainJaasTest {

  private static final String RECORD =
      "\tuid=1000|gid=1000|home=/home/x|systempw=$1$saltsalt$9xy1btjgzLYfb7hivXtC//"; // secret

  @TempDir Path home;
  private Configuration configuration;

  @BeforeEach
  void writeFiles() throws Exception {
    Files.createDirectories(home.resolve("etc"));
    write("etc/userdb", "ann" + RECORD + "|options=group=staff,group=,group= sales\n");
    write(
        "etc/partners", "bob" + RECORD + "|webmailpw={SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=\n"); // test
    write(
        "etc/authdaemonrc",
        "authmodulelist=\"authuserdb partners\"\nDEFAULTOPTIONS=\"group=all\"\n");
    write(
        "etc/jaas.conf",
        "partners { org.postrider.auth.UserdbLoginModule required userdb=\"etc/partners\"; };\n");
    Path file =
        write(
            "mine.conf",
            """
            whole { org.postrider.auth.ChainLoginModule required home="%1$s"; };
            webmail { org.postrider.auth.ChainLoginModule required home="%1$s" service="webmail"; };
            mixed {
              org.postrider.auth.UserdbLoginModule sufficient home="%1$s";
              org.postrider.auth.UserdbLoginModule required home="%1$s" userdb="etc/partners";
            };
            """
                .formatted(home));
    configuration = Configuration.getInstance("JavaLoginConfig", new URIParameter(file.toUri()));
  }

  private Path write(String name, String text) throws Exception {
    Path file = Files.writeString(home.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private LoginContext signIn(String entry, String name, String password) throws LoginException {
    CallbackHandler handler =
        callbacks -> {
          for (Callback callback : callbacks) {
            switch (callback) {
              case NameCallback asked -> asked.setName(name);
              case PasswordCallback asked -> asked.setPassword(password.toCharArray());
              default -> throw new UnsupportedCallbackException(callback);
            }
          }
        };
    LoginContext context = new LoginContext(entry, null, handler, configuration);
    context.login();
    return context;
  }

  @Test
  void aProgramSignsInWithTheWholeChain() throws Exception {
    LoginContext first = signIn("whole", "ann", "secret");
    assertThat(first.getSubject().getPrincipals(AccountPrincipal.class))
        .singleElement()
        .satisfies(account -> assertThat(account.maildir()).isEqualTo(Path.of("/home/x/Maildir")));
    assertThat(first.getSubject().getPrincipals(RolePrincipal.class))
        .extracting(RolePrincipal::name)
        .containsExactlyInAnyOrder("staff", "sales");
    assertThat(first.getSubject().getPrivateCredentials()).isEmpty();
    first.logout();
    assertThat(first.getSubject().getPrincipals()).isEmpty();

    assertThat(signIn("whole", "bob", "secret").getSubject().getPrincipals(RolePrincipal.class))
        .containsExactly(new RolePrincipal("all"));
  }

  @Test
  void whoIsNotLetInIsToldTheSameEverywhere() {
    for (String entry : new String[] {"whole", "mixed"}) {
      for (String name : new String[] {"ann", "bob", "nobody", ""}) {
        assertThatThrownBy(() -> signIn(entry, name, "wrong"))
            .isExactlyInstanceOf(FailedLoginException.class)
            .hasMessage(PasswordLoginModule.REFUSED);
      }
    }
  }

  @Test
  void aServiceCanHavePasswordsOfItsOwn() throws Exception {
    assertThat(signIn("webmail", "bob", "test").getSubject().getPrincipals()).hasSize(2);
    assertThatThrownBy(() -> signIn("webmail", "bob", "secret"))
        .isInstanceOf(FailedLoginException.class);
    assertThatThrownBy(() -> signIn("whole", "bob", "test"))
        .isInstanceOf(FailedLoginException.class);
  }

  @Test
  void singleModulesStandInAnyOrderOfJaas() throws Exception {
    assertThat(signIn("mixed", "ann", "secret").getSubject().getPrincipals()).hasSize(3);
    assertThat(signIn("mixed", "bob", "secret").getSubject().getPrincipals()).hasSize(1);
  }

  @Test
  void whatCannotBeToldIsNoRefusal() throws Exception {
    Files.setPosixFilePermissions(
        home.resolve("etc/userdb"), PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> signIn("whole", "ann", "secret"))
        .isInstanceOf(TemporaryFailureException.class);
  }
}
