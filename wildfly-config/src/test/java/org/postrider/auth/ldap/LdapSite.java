package org.postrider.auth.ldap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.AuthChain;
import org.postrider.auth.CramHash;
import org.postrider.auth.Evidence;
import org.postrider.auth.SignInRequest;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;

/** A data directory whose accounts are in a directory server. */
final class LdapSite implements AutoCloseable {

  static final String BASE = "o=example";
  static final String ADMINISTRATOR = "cn=administrator,o=example";

  private final Path home;
  private final AuthChain chain;

  LdapSite(Path home) throws IOException {
    this.home = home;
    Files.createDirectories(home.resolve("etc"));
    daemon("");
    chain = new AuthChain(home);
  }

  Path home() {
    return home;
  }

  AuthChain chain() {
    return chain;
  }

  /** Writes authdaemonrc with authldap, or more, as the chain. */
  LdapSite daemon(String more) throws IOException {
    Files.writeString(home.resolve("etc/authdaemonrc"), "authmodulelist=\"authldap\"\n" + more);
    return this;
  }

  /** Writes authldaprc with what any directory of these tests needs, and more. */
  LdapSite settings(String uri, String... more) throws IOException {
    return raw(
        "LDAP_URI "
            + uri
            + "\nLDAP_BASEDN "
            + BASE
            + "\nLDAP_INITBIND 1\nLDAP_BINDDN "
            + ADMINISTRATOR
            + "\n"
            + "LDAP_BINDPW toto\n"
            + "LDAP_HOMEDIR homeDirectory\n"
            + "LDAP_UID uidNumber\n"
            + "LDAP_GID gidNumber\n"
            + String.join("\n", more)
            + "\n");
  }

  /** Writes authldaprc. */
  LdapSite raw(String text) throws IOException {
    Path file = home.resolve("etc/authldaprc");
    Path draft = home.resolve("etc/draft");
    Files.writeString(draft, text + "##NAME: MARKER:0\n");
    Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
    Files.move(draft, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return this;
  }

  AccountPrincipal signIn(String name, String password)
      throws FailedLoginException, TemporaryFailureException {
    return chain.signIn("imap", name, password.toCharArray());
  }

  boolean isAccepted(String name, String password) throws TemporaryFailureException {
    try {
      signIn(name, password);
      return true;
    } catch (FailedLoginException refused) {
      return false;
    }
  }

  /** Why a sign-in cannot be decided. */
  String failure(String name, String password) throws FailedLoginException {
    try {
      return "accepted " + signIn(name, password);
    } catch (TemporaryFailureException failed) {
      return failed.detail();
    }
  }

  Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    try {
      return Optional.of(chain.signIn(new SignInRequest("imap", name, new Evidence.Vouched())));
    } catch (FailedLoginException unknown) {
      return Optional.empty();
    }
  }

  boolean isCramAccepted(String name, byte[] challenge, byte[] digest)
      throws TemporaryFailureException {
    try {
      chain.signIn(
          new SignInRequest("imap", name, new Evidence.Cram(CramHash.MD5, challenge, digest)));
      return true;
    } catch (FailedLoginException refused) {
      return false;
    }
  }

  boolean change(String name, String before, String after) throws TemporaryFailureException {
    return chain.changePassword("imap", name, before.toCharArray(), after.toCharArray());
  }

  List<StoredAccount> all() throws TemporaryFailureException {
    List<StoredAccount> all = new ArrayList<>();
    chain.forEachAccount("imap", (module, account) -> all.add(account));
    return all;
  }

  @Override
  public void close() {
    chain.close();
  }
}
