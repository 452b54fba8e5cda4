package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Postrider in the provisioned WildFly, started by the launcher behind {@code mvn -Prun}, on ports
 * that were free and with a data directory of its own. It can be stopped and started again, on the
 * same ports and the same data.
 */
final class PostriderServer implements AutoCloseable {

  static final String PASSWORD = "correct-horse";

  /** The first start on a machine that does other things as well. */
  private static final Duration START_MAX = Duration.ofMinutes(3);

  private static final Pattern SETUP_CODE = Pattern.compile("Set-up code (\\S+) makes");

  private static final AtomicInteger ACCOUNTS = new AtomicInteger();

  private final Path directory;
  private final int imapPort;
  private final int imapsPort;
  private final int consolePort;
  private final int managementPort;
  private final Properties more = new Properties();
  private Process launcher;

  /**
   * Does not start it yet.
   *
   * @param name of its directory below {@code target/it}, which is emptied
   */
  PostriderServer(String name) throws IOException {
    this.directory = directory(name);
    int[] ports = freePorts(4);
    this.imapPort = ports[0];
    this.imapsPort = ports[1];
    this.consolePort = ports[2];
    this.managementPort = ports[3];
  }

  /** A system property of the server, from the next {@link #start} on. */
  PostriderServer with(String property, String value) {
    more.setProperty(property, value);
    return this;
  }

  /** An empty directory below {@code target/it}. */
  static Path directory(String name) throws IOException {
    Path directory = property("postrider.it.directory").resolve(name);
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
          Files.delete(path);
        }
      }
    }
    return Files.createDirectories(directory);
  }

  /** What the build tells: where the provisioned server is, the EAR, and room to work in. */
  static Path property(String name) {
    String value = System.getProperty(name);
    if (value == null) {
      throw new IllegalStateException(name + " is not set: run these tests by mvn verify.");
    }
    return Path.of(value).toAbsolutePath().normalize();
  }

  /** Ports of the loopback address that nobody uses now. */
  static int[] freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    int[] ports = new int[count];
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        ports[i] = sockets.get(i).getLocalPort();
      }
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
    return ports;
  }

  /** Returns when it serves. */
  PostriderServer start() throws IOException, InterruptedException {
    Path server = property("postrider.it.server");
    Properties settings = new Properties();
    settings.setProperty("imap.port", Integer.toString(imapPort));
    settings.setProperty("imaps.port", Integer.toString(imapsPort));
    settings.setProperty("console.port", Integer.toString(consolePort));
    settings.setProperty("jboss.management.http.port", Integer.toString(managementPort));
    settings.setProperty("postrider.home", home().toString());
    settings.putAll(more);
    Path settingsFile = directory.resolve("run.properties");
    try (var out = Files.newBufferedWriter(settingsFile, UTF_8)) {
      settings.store(out, null);
    }
    Files.deleteIfExists(output());
    launcher =
        new ProcessBuilder(
                java().toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-jar",
                server.resolve("jboss-modules.jar").toString(),
                "-mp",
                server.resolve("modules").toString(),
                "org.postrider.tool",
                "run",
                "--server=" + server,
                "--ear=" + property("postrider.it.ear"),
                "--run=" + directory.resolve("run"),
                "--settings=" + settingsFile,
                "--failure=" + directory.resolve("run.failure"),
                "--home=" + home())
            .redirectErrorStream(true)
            .redirectOutput(output().toFile())
            .start();
    launcher.getOutputStream().close();
    awaitReady();
    return this;
  }

  /** The {@code java} that runs this, which is that of the toolchain. */
  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private void awaitReady() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START_MAX.toNanos();
    while (!said().contains("Postrider is ready")) {
      boolean ended = launcher.waitFor(200, TimeUnit.MILLISECONDS);
      if (ended || System.nanoTime() > deadline) {
        close();
        throw new IllegalStateException(
            "The server did not start; see " + output() + ":\n" + said());
      }
    }
  }

  private Path output() {
    return directory.resolve("launcher.log");
  }

  /** What the launcher wrote for people. */
  String said() throws IOException {
    return Files.exists(output()) ? Files.readString(output()) : "";
  }

  /** The code by which the first administrator is made. */
  String setupCode() throws IOException {
    Matcher code = SETUP_CODE.matcher(said());
    if (!code.find()) {
      throw new IllegalStateException("The launcher told no set-up code:\n" + said());
    }
    return code.group(1);
  }

  Path home() {
    return directory.resolve("data");
  }

  /** Who may sign in, and who says so, in Elytron. */
  Path jaasFile() {
    return directory.resolve("run/configuration/postrider-jaas.conf");
  }

  String log() throws IOException {
    return Files.readString(home().resolve("log/server.log"));
  }

  /** The lines of who came and went. */
  Path imapdLog() {
    return home().resolve("log/imapd.log");
  }

  InetSocketAddress imap() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), imapPort);
  }

  InetSocketAddress imaps() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), imapsPort);
  }

  String console() {
    return "https://127.0.0.1:" + consolePort + "/";
  }

  int managementPort() {
    return managementPort;
  }

  /** The launcher. SIGTERM to it is what Ctrl-C is to a person. */
  ProcessHandle launcher() {
    return launcher.toHandle();
  }

  /** WildFly itself, the launcher's child. */
  ProcessHandle wildfly() {
    return launcher
        .descendants()
        .filter(child -> child.info().command().filter(it -> it.endsWith("java")).isPresent())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("WildFly does not run."));
  }

  /** Asks launcher and server to end, and returns when they have; the exit code of the launcher. */
  int stop() throws InterruptedException {
    List<ProcessHandle> all = Stream.concat(launcher.descendants(), Stream.of(launcher())).toList();
    launcher.destroy();
    if (!launcher.waitFor(30, TimeUnit.SECONDS)) {
      all.forEach(ProcessHandle::destroyForcibly);
      throw new IllegalStateException("The launcher does not end within 30 s of SIGTERM.");
    }
    if (all.stream().anyMatch(ProcessHandle::isAlive)) {
      all.forEach(ProcessHandle::destroyForcibly);
      throw new IllegalStateException("The launcher ended before its server.");
    }
    return launcher.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    if (launcher != null && launcher.isAlive()) {
      stop();
    }
  }

  /** Another account, that nobody has used yet, with the password {@link #PASSWORD}. */
  String newAccount() throws IOException {
    return newAccount("account" + ACCOUNTS.incrementAndGet() + "@example.org");
  }

  /** The same with a quota and with Courier's account options, where they are not empty. */
  String newAccount(String quota, String options) throws IOException {
    String name = "account" + ACCOUNTS.incrementAndGet() + "@example.org";
    String more =
        (quota.isEmpty() ? "" : "|quota=" + quota)
            + (options.isEmpty() ? "" : "|options=" + options);
    addAccount(home(), name, more);
    return name;
  }

  private String newAccount(String name) throws IOException {
    addAccount(home(), name);
    return name;
  }

  /** Another account, of a user of the system, with the password {@link #PASSWORD}. */
  String newAccount(int uid, int gid, Path accountsHome) throws IOException {
    return newAccount(uid, gid, accountsHome, "");
  }

  /** The same with Courier's account options. */
  String newAccount(int uid, int gid, Path accountsHome, String options) throws IOException {
    String name = "account" + ACCOUNTS.incrementAndGet() + "@example.org";
    addRecord(home(), name, uid, gid, accountsHome + "|options=" + options);
    return name;
  }

  /** Writes an ordinary record into a userdb; the server reads the file when it has changed. */
  static void addAccount(Path home, String name) throws IOException {
    addAccount(home, name, "");
  }

  private static void addAccount(Path home, String name, String more) throws IOException {
    int uid = (Integer) Files.getAttribute(home, "unix:uid");
    int gid = (Integer) Files.getAttribute(home, "unix:gid");
    addRecord(home, name, uid, gid, "mail/" + name + more);
  }

  private static synchronized void addRecord(
      Path home, String name, int uid, int gid, String accountsHome) throws IOException {
    Path userdb = home.resolve("etc/userdb");
    String record =
        "%s\tuid=%s|gid=%s|home=%s|mail=Maildir|imappw=%s\n"
            .formatted(name, uid, gid, accountsHome, hashed());
    if (Files.notExists(userdb)) {
      // Passwords are in it: the server refuses one that others may read.
      Files.createFile(
          userdb,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
    Files.writeString(userdb, record, StandardOpenOption.APPEND);
    // Without the compiled form, which the first run makes, the text counts as it is written.
    Files.deleteIfExists(home.resolve("etc/userdb.dat"));
  }

  /** A hash that costs nothing: these tests sign in thousands of times. */
  private static String hashed() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-512").digest(PASSWORD.getBytes(UTF_8));
      return "{SHA512}" + Base64.getEncoder().encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The Maildir of an account. */
  Path maildir(String account) {
    return home().resolve("mail").resolve(account).resolve("Maildir");
  }

  /**
   * The server's certificate alone, as a PEM file that clients can be told to trust. Several
   * threads may ask at once: one writes it, before the others see it.
   */
  synchronized Path certificate() throws IOException {
    Path file = directory.resolve("certificate.pem");
    if (Files.notExists(file)) {
      String pem = Files.readString(home().resolve("tls/imapd.pem"));
      int begin = pem.indexOf("-----BEGIN CERTIFICATE-----");
      String end = "-----END CERTIFICATE-----";
      Files.writeString(file, pem.substring(begin, pem.indexOf(end, begin) + end.length()) + "\n");
    }
    return file;
  }

  /** TLS that trusts this server and nobody else. */
  SSLContext tls() throws IOException {
    try (InputStream in = Files.newInputStream(certificate())) {
      Certificate trusted = CertificateFactory.getInstance("X.509").generateCertificate(in);
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("postrider", trusted);
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The server's certificate can't be used", e);
    }
  }

  SocketFactory tlsSockets() throws IOException {
    return tls().getSocketFactory();
  }

  /** A connection by IMAPS, its greeting read, nobody signed in. */
  ImapClient connect() throws IOException {
    return ImapClient.imaps(imaps(), tls(), null);
  }

  /** A connection by IMAPS that is signed in. */
  ImapClient signedIn(String account) throws IOException {
    ImapClient client = connect();
    client.ok("LOGIN \"" + account + "\" \"" + PASSWORD + "\"");
    return client;
  }
}
