package org.postrider.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.security.auth.login.FailedLoginException;

/** A data directory with a chain of modules, for tests of modules in packages below this one. */
public final class SiteDirectory {

  private final Path home;
  private final AuthChain chain;

  /** In an empty directory. */
  public SiteDirectory(Path home) throws Exception {
    this.home = home;
    Files.createDirectories(home.resolve("etc"));
    chain = new AuthChain(home);
  }

  /** The chain. */
  public AuthChain chain() {
    return chain;
  }

  /** A file in {@code etc}, of mode 600. */
  public Path write(String name, String text) throws Exception {
    Path file = home.resolve("etc").resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  /** Which modules are asked. */
  public SiteDirectory modules(String list) throws Exception {
    write("authdaemonrc", "authmodulelist=\"" + list + "\"\n");
    return this;
  }

  /** One module, {@code tested}, with options as JAAS writes them. */
  public SiteDirectory module(Class<? extends AccountLoginModule> type, String options)
      throws Exception {
    write("jaas.conf", "tested { " + type.getName() + " required " + options + "; };\n");
    return modules("tested");
  }

  /** Signs in to the service imap. */
  public AccountPrincipal signIn(String name, String password) throws Exception {
    return chain.signIn("imap", name, password.toCharArray());
  }

  /** Looks a name up. */
  public Optional<StoredAccount> lookup(String name) throws Exception {
    return answer(new SignInRequest("imap", name, new Evidence.Vouched()));
  }

  /** Any request; empty if it is rejected. */
  public Optional<StoredAccount> answer(SignInRequest request) throws Exception {
    try {
      return Optional.of(chain.signIn(request));
    } catch (FailedLoginException rejected) {
      return Optional.empty();
    }
  }

  /** Whether a sign-in is rejected. */
  public boolean rejects(String name, String password) throws Exception {
    return answer(new SignInRequest("imap", name, new Evidence.Password(password.toCharArray())))
        .isEmpty();
  }

  /** What the administrator reads about a sign-in that cannot be told; empty if it can. */
  public String failure(String name, String password) throws Exception {
    try {
      rejects(name, password);
      return "";
    } catch (TemporaryFailureException failed) {
      return failed.detail();
    }
  }

  /** The answer to a CRAM-MD5 challenge. */
  public Optional<StoredAccount> cram(String name, String password) throws Exception {
    byte[] challenge = "<1@test>".getBytes(US_ASCII);
    Mac mac = Mac.getInstance("HmacMD5");
    mac.init(new SecretKeySpec(password.getBytes(UTF_8), "HmacMD5"));
    return answer(
        new SignInRequest(
            "imap", name, new Evidence.Cram(CramHash.MD5, challenge, mac.doFinal(challenge))));
  }

  /** Every account, as {@code name uid gid home maildir}. */
  public List<String> accounts() throws Exception {
    List<String> accounts = new ArrayList<>();
    chain.forEachAccount(
        "imap",
        (module, stored) -> {
          AccountPrincipal account = stored.account();
          accounts.add(
              account.name()
                  + " "
                  + account.uid()
                  + " "
                  + account.gid()
                  + " "
                  + account.home()
                  + " "
                  + account.maildir());
        });
    return accounts;
  }
}
