package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the chain does beside passwords, and with modules that are not ours. */
class AuthChainEvidenceTest {

  private static final String CONTEXT =
      "cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56";
  private static final String USERDB =
      "ann@example.com\tuid=1000|gid=1000|home=/home/ann|hmac-md5pw="
          + CONTEXT
          + "|scram-sha-256pw=SCRAM-SHA-256$4096:c2FsdA==$a:b\n"
          + "bob\tuid=1001|gid=1001|home=/home/bob|mail=Mail|hmac-md5pw=none|imap-hmac-md5pw="
          + CONTEXT
          + "\n";
  private static final byte[] CHALLENGE = "<1@mail>".getBytes(UTF_8);

  /** Somebody else's module: accepts every name, as a principal of its own, with a password. */
  public static final class Foreign implements LoginModule {
    private Subject subject;
    private CallbackHandler handler;
    private Map<String, ?> options;
    private Principal principal;

    @Override
    public void initialize(
        Subject subject, CallbackHandler handler, Map<String, ?> state, Map<String, ?> options) {
      this.subject = subject;
      this.handler = handler;
      this.options = options;
    }

    @Override
    public boolean login() throws LoginException {
      NameCallback name = new NameCallback("Name");
      try {
        handler.handle(new Callback[] {name});
      } catch (Exception e) {
        throw new LoginException(e.toString());
      }
      Object says = options.get("says");
      principal = new X500Principal("CN=" + (says == null ? name.getName() : says));
      return true;
    }

    @Override
    public boolean commit() {
      String name = principal.getName().substring(3);
      return subject.getPrincipals().add(() -> name);
    }

    @Override
    public boolean abort() {
      return true;
    }

    @Override
    public boolean logout() {
      return true;
    }
  }

  @TempDir Path home;

  private AuthChain chain;

  @BeforeEach
  void writeUserdb() throws Exception {
    Files.createDirectories(home.resolve("etc"));
    write("userdb", USERDB);
    chain = new AuthChain(home);
  }

  private void write(String name, String text) throws Exception {
    Path file = home.resolve("etc").resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private StoredAccount signIn(String name, Evidence evidence) throws Exception {
    return chain.signIn(new SignInRequest("imap", name, evidence));
  }

  private static Evidence.Cram answer(String password) {
    CramContext context = CramContext.of(CramHash.MD5, password.getBytes(UTF_8));
    return new Evidence.Cram(CramHash.MD5, CHALLENGE, context.answer(CHALLENGE));
  }

  private void isRejected(String name, Evidence evidence) {
    assertThatThrownBy(() -> signIn(name, evidence))
        .isExactlyInstanceOf(FailedLoginException.class)
        .hasMessage(PasswordLoginModule.REFUSED);
  }

  @Test
  void theRightAnswerToAChallengeSignsIn() throws Exception {
    StoredAccount ann = signIn("ann@example.com", answer("secret"));

    assertThat(ann.account().uid()).isEqualTo(1000);
    assertThat(ann.secrets()).isEqualTo(Secrets.NONE);
    isRejected("ann@example.com", answer("wrong"));
    isRejected("nobody", answer("secret"));
  }

  @Test
  void theContextOfTheServiceComesBeforeTheCommonOne() throws Exception {
    assertThat(signIn("bob", answer("secret")).account().uid()).isEqualTo(1001);
    assertThatThrownBy(() -> chain.signIn(new SignInRequest("pop3", "bob", answer("secret"))))
        .isInstanceOf(FailedLoginException.class);
  }

  @Test
  void whoeverIsVouchedForIsLookedUpByName() throws Exception {
    StoredAccount bob = signIn("bob", new Evidence.Vouched());

    assertThat(bob.account().maildir()).isEqualTo(Path.of("/home/bob/Mail"));
    isRejected("nobody", new Evidence.Vouched());
    isRejected("bo\u0000b", new Evidence.Vouched());
    isRejected("", new Evidence.Vouched());
  }

  @Test
  void aScramExchangeGetsItsSecretAndNoneIsGivenToPasswords() throws Exception {
    Secrets secrets = signIn("ann@example.com", new Evidence.Scram("SCRAM-SHA-256")).secrets();

    assertThat(secrets.contexts()).containsKey("scram-sha-256");
    assertThat(secrets.toString()).doesNotContain(CONTEXT).doesNotContain("4096");
    isRejected("ann@example.com", new Evidence.Scram("SCRAM-SHA-1"));
    isRejected("bob", new Evidence.Scram("SCRAM-SHA-256"));
  }

  @Test
  void aModuleByClassNameIsAskedAndItsAccountLookedUpInTheOthers() throws Exception {
    write("authdaemonrc", "authmodulelist=\"" + Foreign.class.getName() + " authuserdb\"\n");

    assertThat(chain.signIn("imap", "bob", "anything".toCharArray()).uid()).isEqualTo(1001);
    assertThatThrownBy(() -> chain.signIn("imap", "carl", "anything".toCharArray()))
        .isInstanceOf(FailedLoginException.class);
  }

  @Test
  void anEntryOfTheJaasFileIsAModuleWithItsOptions() throws Exception {
    write("authdaemonrc", "authmodulelist=\"realm authuserdb\"\n");
    write(
        "jaas.conf",
        "realm { " + Foreign.class.getName() + " required says=\"ANN@EXAMPLE.COM\"; };\n");

    assertThat(chain.signIn("imap", "ann", "anything".toCharArray()).name())
        .isEqualTo("ann@example.com");
  }

  @Test
  void theNameThatWasTypedCountsOnlyIfItIsThePrincipalsOwn() throws Exception {
    write("authdaemonrc", "authmodulelist=\"realm authuserdb\"\n");
    write("jaas.conf", "realm { " + Foreign.class.getName() + " required says=\"BOB@REALM\"; };\n");

    assertThat(chain.signIn("imap", "bob", "x".toCharArray()).uid()).isEqualTo(1001);
    assertThatThrownBy(() -> chain.signIn("imap", "ann@example.com", "x".toCharArray()))
        .isInstanceOf(FailedLoginException.class);
  }

  @Test
  void aBrokenJaasFileSaysWhere() throws Exception {
    write("jaas.conf", "realm { what\n");

    assertThatThrownBy(() -> signIn("bob", new Evidence.Vouched()))
        .isInstanceOfSatisfying(
            TemporaryFailureException.class,
            failed -> assertThat(failed.detail()).contains("jaas.conf", "no JAAS configuration"));
  }

  @Test
  void theOrderOfCourierImap1IsTakenFromItsOneFile() throws Exception {
    write("imapd", "ADDRESS=0\nif test -f x; then\nAUTHMODULES=\"authnone\"\nfi\n");
    assertThatThrownBy(() -> chain.modules()).isInstanceOf(TemporaryFailureException.class);

    write("imapd", "AUTHMODULES=\"authcram authuserdb\"\n");
    assertThat(new AuthChain(home).modules()).containsExactly("authcram");
  }

  @Test
  void listsTheAccountsOfEveryModuleWithTheDefaultOptions() throws Exception {
    write("authdaemonrc", "DEFAULTOPTIONS=\"disableshared=1\"\n");
    List<String> found = new ArrayList<>();

    chain.forEachAccount(
        "imap",
        (module, account) ->
            found.add(module + " " + account.account().name() + " " + account.account().options()));

    assertThat(found)
        .containsExactly(
            "authuserdb ann@example.com disableshared=1", "authuserdb bob disableshared=1");
  }

  /** A module that an administrator wrote: two questions, two methods. */
  public static final class OfYourOwn extends AccountLoginModule {
    /** As JAAS asks. */
    public OfYourOwn() {}

    @Override
    protected Optional<StoredAccount> lookup(String name) {
      return name.equals("carl")
          ? UserdbRecord.parse("carl", "uid=7|gid=7|home=/carl")
              .account(Path.of("/"))
              .map(account -> new StoredAccount(account, Secrets.NONE))
          : Optional.empty();
    }

    @Override
    protected AccountPrincipal signIn(String name, char[] password) throws FailedLoginException {
      if (!String.valueOf(password).equals("open")) {
        throw refused();
      }
      return lookup(name).orElseThrow(PasswordLoginModule::refused).account();
    }
  }

  @Test
  void aModuleOfYourOwnAnswersBothQuestions() throws Exception {
    write("authdaemonrc", "authmodulelist=\"authuserdb " + OfYourOwn.class.getName() + "\"\n");

    assertThat(chain.signIn("imap", "carl", "open".toCharArray()).uid()).isEqualTo(7);
    assertThat(signIn("carl", new Evidence.Vouched()).account().uid()).isEqualTo(7);
    isRejected("carl", new Evidence.Password("shut".toCharArray()));
    isRejected("carl", answer("open"));
  }
}
