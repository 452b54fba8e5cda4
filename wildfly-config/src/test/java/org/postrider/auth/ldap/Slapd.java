package org.postrider.auth.ldap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * OpenLDAP's server, with a directory of its own, on two ports of the loopback address: plain (and
 * StartTLS) and TLS. Passwords in {@code userPassword} are for binding only, as Debian has it.
 */
final class Slapd implements AutoCloseable {

  private static final Duration TIME_MAX = Duration.ofSeconds(20);

  private static final String SETTINGS =
      """
      include /etc/ldap/schema/core.schema
      include /etc/ldap/schema/cosine.schema
      include /etc/ldap/schema/inetorgperson.schema
      include /etc/ldap/schema/nis.schema
      attributetype ( 1.3.6.1.4.1.4203.666.1.1 NAME ( 'clearPassword' 'mailbox' 'quota' 'shared' )
        EQUALITY caseExactMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
      attributetype ( 1.3.6.1.4.1.4203.666.1.2 NAME 'otherPassword'
        EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40 )
      objectclass ( 1.3.6.1.4.1.4203.666.3.1 NAME 'mailAccount' SUP top AUXILIARY
        MAY ( mail $ clearPassword $ otherPassword $ uidNumber $ gidNumber $ homeDirectory ) )
      modulepath /usr/lib/ldap
      moduleload back_mdb
      pidfile %1$s/pid
      TLSCACertificateFile %2$s
      TLSCertificateFile %3$s.pem
      TLSCertificateKeyFile %3$s.key
      sizelimit 500
      database mdb
      maxsize 33554432
      dbnosync
      suffix o=example
      rootdn cn=administrator,o=example
      rootpw toto
      directory %1$s/db
      access to attrs=userPassword by self write by anonymous auth by * none
      access to attrs=otherPassword by self write by * read
      access to * by * read
      """;

  private final Path directory;
  private final int port;
  private final int tlsPort;
  private Process process;

  /**
   * Makes the directory; it does not run yet.
   *
   * @param certificate its certificate and key, without {@code .pem} and {@code .key}
   * @param entries LDIF
   */
  Slapd(Path directory, Path authority, Path certificate, String entries) throws Exception {
    this.directory = directory;
    Files.createDirectories(directory.resolve("db"));
    Files.writeString(
        directory.resolve("slapd.conf"), SETTINGS.formatted(directory, authority, certificate));
    Files.writeString(directory.resolve("entries.ldif"), entries);
    run("/usr/sbin/slapadd", "-q", "-f", "slapd.conf", "-l", "entries.ldif");
    port = freePort();
    tlsPort = freePort();
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  private void run(String... command) throws IOException, InterruptedException {
    Process program =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    if (!program.waitFor(TIME_MAX.toSeconds(), TimeUnit.SECONDS) || program.exitValue() != 0) {
      program.destroyForcibly();
      throw new IOException(
          List.of(command) + ": " + Files.readString(directory.resolve("output")));
    }
  }

  Slapd start() throws IOException {
    process =
        new ProcessBuilder(
                "/usr/sbin/slapd",
                "-f",
                "slapd.conf",
                "-h",
                "ldap://127.0.0.1:" + port + " ldaps://127.0.0.1:" + tlsPort,
                "-d",
                "32768")
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    Awaitility.await("slapd to listen")
        .atMost(TIME_MAX)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException(
                    "slapd ended: " + Files.readString(directory.resolve("log")));
              }
              try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
                return true;
              }
            });
    return this;
  }

  /** {@code ldap://} and a name for the loopback address. */
  String uri(String host) {
    return "ldap://" + host + ":" + port;
  }

  /** {@code ldaps://} and a name for the loopback address. */
  String tlsUri(String host) {
    return "ldaps://" + host + ":" + tlsPort;
  }

  int port() {
    return port;
  }

  /** As a power cut would. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }
}
