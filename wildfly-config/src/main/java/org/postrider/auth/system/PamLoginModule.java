package org.postrider.auth.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.login.FailedLoginException;
import org.postrider.auth.AccountLoginModule;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.Secrets;
import org.postrider.auth.StoredAccount;
import org.postrider.auth.TemporaryFailureException;

/**
 * Courier's authpam: PAM checks the password, for the PAM service that is called as Courier's
 * ({@code imap}: {@code /etc/pam.d/imap}), and the account is the user's in {@code passwd} or the
 * name service, with {@code Maildir} in the home. Challenges are rejected, accounts not listed,
 * passwords not changed.
 *
 * <p>Options, besides those of {@link AccountLoginModule}: {@code pam_service}, another name of the
 * PAM service; {@code pam_confdir}, another directory than {@code /etc/pam.d} (Linux-PAM 1.4);
 * {@code passwd}, another file than {@code /etc/passwd}, without the name service.
 *
 * <p>At most {@value #CALLS_MAX} questions are asked at a time. {@link FailedLoginException}:
 * whatever PAM rejects. {@link TemporaryFailureException}: there is no PAM, its configuration
 * cannot work, or it does not answer.
 */
public final class PamLoginModule extends AccountLoginModule {

  private static final Logger LOG = System.getLogger(PamLoginModule.class.getName());

  private static final int CALLS_MAX = 32;
  private static final BlockingCalls CALLS =
      new BlockingCalls("PAM", CALLS_MAX, Duration.ofSeconds(10), Duration.ofSeconds(60));

  /** Where Linux-PAM looks for a service. */
  private static final List<String> DIRECTORIES =
      List.of("/etc/pam.d", "/usr/lib/pam.d", "/usr/share/pam.d", "/usr/etc/pam.d");

  /** As {@link javax.security.auth.spi.LoginModule} asks. */
  public PamLoginModule() {}

  @Override
  protected Optional<StoredAccount> lookup(String name) throws TemporaryFailureException {
    return SystemUsers.of(option("passwd"), Optional.empty())
        .user(name)
        .flatMap(SystemUser::account)
        .map(account -> new StoredAccount(account, Secrets.NONE));
  }

  /** The system keeps hashes, if it shows anything at all. */
  @Override
  protected boolean serves(String mechanism) {
    return false;
  }

  @Override
  protected AccountPrincipal signIn(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    Pam.Answer answer = ask(name, password);
    if (!answer.accepted()) {
      LOG.log(Level.DEBUG, "PAM rejects: {0}: {1}.", answer.step(), answer.reason());
      throw refused();
    }
    Optional<StoredAccount> found = lookup(name);
    if (found.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "PAM accepts {0}, but getent passwd knows no such user with a home; it is rejected.",
          name);
      throw refused();
    }
    return found.get().account();
  }

  private Pam.Answer ask(String name, char[] password)
      throws FailedLoginException, TemporaryFailureException {
    if (!Pam.isThere()) {
      throw new TemporaryFailureException(
          "authpam needs Linux-PAM, and there is no libpam.so.0: install it (libpam0g), or take"
              + " authpam out of authmodulelist.");
    }
    String service = option("pam_service").orElse(service());
    Optional<String> confdir = option("pam_confdir");
    checkConfiguration(service, confdir);
    Optional<String> client = client().map(InetAddress::getHostAddress);
    byte[] octets = PasswordHash.octets(password);
    if (octets == null) {
      throw refused();
    }
    Pam.Answer answer;
    try {
      // With a copy: PAM may still be at it when this thread has given up.
      byte[] copy = octets.clone();
      answer =
          CALLS.call(
              () -> {
                try {
                  return Pam.ask(service, confdir, name.getBytes(UTF_8), copy, client);
                } finally {
                  Arrays.fill(copy, (byte) 0);
                }
              });
    } finally {
      Arrays.fill(octets, (byte) 0);
    }
    if (answer.broken()) {
      throw new TemporaryFailureException(
          "PAM cannot work for the service "
              + service
              + ": "
              + answer.step()
              + " says "
              + answer.reason()
              + ". See "
              + confdir.orElse(DIRECTORIES.getFirst())
              + "/"
              + service
              + ", the modules that it names, and the system's log of authentication.");
    }
    return answer;
  }

  private static void checkConfiguration(String service, Optional<String> confdir)
      throws TemporaryFailureException {
    if (confdir.isPresent() && !Pam.knowsConfdir()) {
      throw new TemporaryFailureException(
          "The option pam_confdir needs Linux-PAM 1.4 or newer: put the service into /etc/pam.d"
              + " and take the option away.");
    }
    List<String> directories = confdir.map(List::of).orElse(DIRECTORIES);
    boolean known =
        directories.stream()
            .anyMatch(
                directory ->
                    Files.exists(Path.of(directory, service))
                        || Files.exists(Path.of(directory, "other")));
    if (!known && (confdir.isPresent() || Files.notExists(Path.of("/etc/pam.conf")))) {
      throw new TemporaryFailureException(
          "PAM knows no service "
              + service
              + ": make "
              + directories.getFirst()
              + "/"
              + service
              + ", on Debian with the lines \"@include common-auth\" and \"@include"
              + " common-account\".");
    }
  }
}
