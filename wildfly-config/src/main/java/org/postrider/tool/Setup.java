package org.postrider.tool;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.postrider.auth.Administrators;
import org.postrider.auth.DataDirectory;
import org.postrider.auth.SetupCode;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.connector.Certificates;
import org.postrider.tool.command.ToolsNote;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Makes what is missing in a data directory, and leaves alone what is there.
 *
 * <table>
 * <caption>The data directory, all of it for the owner alone (mode 700)</caption>
 * <tr><td>{@code etc/}</td><td>userdb, administrators, and settings in Courier's file names</td></tr>
 * <tr><td>{@code tls/imapd.pem}</td><td>certificate and key of the mail ports</td></tr>
 * <tr><td>{@code tls/console.p12}</td><td>the same for the console, made anew when imapd.pem is newer</td></tr>
 * <tr><td>{@code mail/ADDRESS/Maildir}</td><td>mail</td></tr>
 * <tr><td>{@code log/}</td><td>the server's log</td></tr>
 * </table>
 *
 * <p>A crash at any moment leaves nothing that the next run does not complete: {@code etc/userdb}
 * is written last, and only while it is missing is there a demonstration account to make.
 */
@Command(
    name = "setup",
    description =
        "Makes a data directory, or what is missing in it: sub-directories, a certificate, and the"
            + " code with which the first administrator signs up.",
    mixinStandardHelpOptions = true)
public final class Setup implements Callable<Integer> {

  /**
   * WildFly wants a password for a key store; the mode of file and directory is what keeps the key.
   */
  private static final String PKCS12_PASSWORD = "postrider";

  /** A certificate that we signed ourselves is replaced when less than this is left of it. */
  private static final Duration RENEWAL = Duration.ofDays(30);

  @Option(
      names = "--home",
      paramLabel = "DIRECTORY",
      description = "The data directory; without this, what POSTRIDER_HOME says.")
  private Path home;

  @Option(
      names = "--demonstration",
      description = "On the first run, also make an account with mail in it, to try things out.")
  private boolean demonstration;

  /**
   * What a person needs to know afterwards.
   *
   * @param demonstration the demonstration account, if there is one
   * @param setupCode the code that makes the first administrator; empty if there is one already
   */
  record Ready(Optional<DemonstrationAccount> demonstration, Optional<String> setupCode) {}

  @Override
  public Integer call() throws CannotGoOnException {
    Path data = home != null ? home : homeOfEnvironment();
    Ready ready = prepare(data, demonstration, Instant.now());
    noteForTools(data);
    ready
        .demonstration()
        .ifPresent(
            it -> System.out.printf("Account   %s%nPassword  %s%n", it.address(), it.password()));
    ready.setupCode().ifPresent(it -> System.out.printf("Set-up code of the console  %s%n", it));
    return 0;
  }

  /** {@code postrider.sh} tells which server it belongs to. */
  private static void noteForTools(Path data) {
    String server = System.getProperty("postrider.server", "");
    if (server.isEmpty()) {
      return;
    }
    try {
      ToolsNote.write(Path.of(server), data);
    } catch (IOException e) {
      System.err.printf(
          "%s cannot be written, so the commands in sbin/ will not know this data directory by"
              + " themselves: set POSTRIDER_HOME for them.%n",
          ToolsNote.in(Path.of(server)));
    }
  }

  private static Path homeOfEnvironment() throws CannotGoOnException {
    String home = System.getenv("POSTRIDER_HOME");
    if (home == null || home.isBlank()) {
      throw new CannotGoOnException(
          "No data directory is named: use --home=DIRECTORY or set POSTRIDER_HOME.");
    }
    return Path.of(home);
  }

  /** See the class. */
  static Ready prepare(Path home, boolean withDemonstration, Instant now)
      throws CannotGoOnException {
    try {
      Path root = home.toAbsolutePath().normalize();
      directory(root);
      for (String name : List.of("etc", "tls", "mail", "log")) {
        directory(root.resolve(name));
      }
      prepareCertificate(root.resolve("tls"), now);
      // Where the accounts are those of a Courier site, nobody could sign in as this one.
      boolean accountsAreHere = DataDirectory.etc(root).equals(root.resolve("etc"));
      if (withDemonstration && accountsAreHere && Files.notExists(root.resolve("etc/userdb"))) {
        DemonstrationAccount.create(root, hostName(), now);
      }
      return new Ready(
          accountsAreHere ? DemonstrationAccount.find(root) : Optional.empty(), setupCode(root));
    } catch (IOException e) {
      throw new CannotGoOnException(
          "The data directory " + home + " cannot be used: " + reason(e), e);
    } catch (GeneralSecurityException e) {
      throw new CannotGoOnException(e.getMessage(), e);
    }
  }

  private static void directory(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return;
    }
    Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.createDirectory(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private static void prepareCertificate(Path tls, Instant now)
      throws IOException, GeneralSecurityException {
    Path pem = tls.resolve("imapd.pem");
    Path pkcs12 = tls.resolve("console.p12");
    Certificates certificates;
    if (Files.exists(pem)) {
      certificates = Certificates.read(pem);
    } else {
      certificates = Certificates.selfSigned(names(), now);
      certificates.writePem(pem);
    }
    if (certificates.isSelfSigned() && certificates.validUntil().isBefore(now.plus(RENEWAL))) {
      certificates = Certificates.selfSigned(names(), now);
      certificates.writePem(pem);
    }
    if (Files.notExists(pkcs12)
        || Files.getLastModifiedTime(pkcs12).compareTo(Files.getLastModifiedTime(pem)) < 0) {
      certificates.writePkcs12(pkcs12, PKCS12_PASSWORD.toCharArray());
    }
  }

  /** The names by which this machine is reached, as far as it knows them. */
  static List<String> names() {
    return Stream.of(hostName(), "localhost", "127.0.0.1", "::1").distinct().toList();
  }

  private static String hostName() {
    try {
      String name = InetAddress.getLocalHost().getHostName();
      return name.matches("[A-Za-z0-9.-]{1,253}") ? name : "localhost";
    } catch (UnknownHostException e) {
      return "localhost"; // a machine whose own name is in no table
    }
  }

  /** A new one each time, since only its digest is kept. */
  private static Optional<String> setupCode(Path home) throws IOException, CannotGoOnException {
    try {
      return Administrators.in(home).isEmpty()
          ? Optional.of(SetupCode.in(home).create())
          : Optional.empty();
    } catch (TemporaryFailureException e) {
      throw new CannotGoOnException(e.getMessage(), e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException denied ->
          "no permission for " + denied.getFile() + ". Give it to the user that runs this.";
      case FileAlreadyExistsException taken ->
          taken.getFile() + " is not a directory. Choose another place.";
      default -> e.getMessage() + ".";
    };
  }
}
