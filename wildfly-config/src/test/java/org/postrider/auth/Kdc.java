package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * MIT Kerberos' own key distribution centre, made for a test: two realms that nobody else knows, on
 * a port of the loopback address, with all of its files in one directory. {@value #REALM} trusts
 * {@value #TRUSTED}: whoever has a ticket of the latter gets tickets for services of the former.
 * Making and starting it takes about half a second.
 */
public final class Kdc implements AutoCloseable {

  /** The realm of the services. */
  public static final String REALM = "EXAMPLE.ORG";

  /** A realm that vouches for strangers. */
  public static final String TRUSTED = "STRANGERS.EXAMPLE";

  private static final Duration TIME_MAX = Duration.ofSeconds(20);

  private final Path directory;
  private final int port;
  private Process process;

  private Kdc(Path directory, int port) {
    this.directory = directory;
    this.port = port;
  }

  /**
   * Makes both realms and starts to serve them.
   *
   * @param directory is made; the caller removes it after {@link #close}
   */
  public static Kdc start(Path directory) throws IOException, InterruptedException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Kdc kdc = new Kdc(Files.createDirectories(directory).toAbsolutePath(), port);
    kdc.writeSettings();
    for (String realm : List.of(REALM, TRUSTED)) {
      kdc.run("", "kdb5_util", "-r", realm, "create", "-s", "-P", "master-" + realm);
      kdc.administer(realm, "addprinc -pw between-realms krbtgt/" + REALM + "@" + TRUSTED);
    }
    kdc.resume();
    return kdc;
  }

  private void writeSettings() throws IOException {
    Files.writeString(
        configuration(),
        """
        [libdefaults]
          default_realm = %1$s
          dns_lookup_kdc = false
          dns_lookup_realm = false
          dns_canonicalize_hostname = false
          rdns = false
          udp_preference_limit = 1
          kdc_timeout = 2s
          max_retries = 1
        [realms]
          %1$s = {
            kdc = 127.0.0.1:%3$d
          }
          %2$s = {
            kdc = 127.0.0.1:%3$d
          }
        [domain_realm]
          localhost = %1$s
        [capaths]
          %2$s = {
            %1$s = .
          }
        """
            .formatted(REALM, TRUSTED, port));
    Files.writeString(
        directory.resolve("kdc.conf"),
        """
        [kdcdefaults]
          kdc_listen = 127.0.0.1:%1$d
          kdc_tcp_listen = 127.0.0.1:%1$d
        [realms]
          %2$s = {
            database_name = %4$s/%2$s.database
            key_stash_file = %4$s/%2$s.stash
            max_life = 1h
          }
          %3$s = {
            database_name = %4$s/%3$s.database
            key_stash_file = %4$s/%3$s.stash
            max_life = 1h
          }
        [logging]
          kdc = FILE:%4$s/kdc.log
          admin_server = FILE:%4$s/kadmin.log
          default = FILE:%4$s/default.log
        """
            .formatted(port, REALM, TRUSTED, directory));
  }

  /** The settings of Kerberos for whoever uses this one: {@code krb5.conf}. */
  public Path configuration() {
    return directory.resolve("krb5.conf");
  }

  /** Serves, after {@link #start} or {@link #close}. */
  public void resume() throws IOException {
    process =
        builder("krb5kdc", "-n", "-r", REALM, "-r", TRUSTED)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output.txt").toFile())
            .start();
    Awaitility.await().atMost(TIME_MAX).until(this::answers);
  }

  private boolean answers() throws IOException {
    if (!process.isAlive()) {
      throw new AssertionError(
          "krb5kdc ended: " + Files.readString(directory.resolve("output.txt")));
    }
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Says a sentence to {@code kadmin.local}. */
  public void administer(String realm, String sentence) throws IOException, InterruptedException {
    run("", "kadmin.local", "-r", realm, "-q", sentence);
  }

  /**
   * Somebody with a password.
   *
   * @param principal with or without its realm
   */
  public void addUser(String principal, String password) throws IOException, InterruptedException {
    administer(realm(principal), "addprinc -pw " + password + " " + principal);
  }

  /** A service with a key that nobody knows, written into a keytab after what is there. */
  public void addService(String principal, Path keytab) throws IOException, InterruptedException {
    administer(realm(principal), "addprinc -randkey " + principal);
    renewKey(principal, keytab);
  }

  /** A new key for a service; it is added to the keytab. */
  public void renewKey(String principal, Path keytab) throws IOException, InterruptedException {
    administer(realm(principal), "ktadd -k " + keytab + " " + principal);
  }

  private static String realm(String principal) {
    int at = principal.indexOf('@');
    return at < 0 ? REALM : principal.substring(at + 1);
  }

  /**
   * Gets a ticket as a person does.
   *
   * @param options of {@code kinit}, such as {@code -l 5s}
   * @return the credential cache: what {@code KRB5CCNAME} is set to
   */
  public Path ticket(String principal, String password, String... options)
      throws IOException, InterruptedException {
    Path cache = Files.createTempFile(directory, "tickets", ".cache");
    List<String> command = new ArrayList<>(List.of("kinit", "-c", cache.toString()));
    command.addAll(List.of(options));
    command.add(principal);
    run(password + "\n", command.toArray(String[]::new));
    return cache;
  }

  /** What a program needs to be a client of this: for its environment. */
  public Map<String, String> environment(Path cache) {
    return Map.of("KRB5_CONFIG", configuration().toString(), "KRB5CCNAME", cache.toString());
  }

  private ProcessBuilder builder(String... command) {
    command[0] = find(command[0]);
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("KRB5_CONFIG", configuration().toString());
    builder.environment().put("KRB5_KDC_PROFILE", directory.resolve("kdc.conf").toString());
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  /** An administrator's programs are not on everybody's path. */
  private static String find(String program) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":/usr/sbin:/sbin";
    return Stream.of(path.split(":"))
        .map(entry -> Path.of(entry, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                new AssertionError(
                    "The program "
                        + program
                        + " is missing: apt-get install krb5-kdc krb5-admin-server krb5-user"
                        + " (.ci/run installs all that the tests need)."))
        .toString();
  }

  private void run(String input, String... command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "output", ".txt");
    Path typed = Files.writeString(Files.createTempFile(directory, "input", ".txt"), input, UTF_8);
    Process running =
        builder(command)
            .redirectErrorStream(true)
            .redirectInput(typed.toFile())
            .redirectOutput(output.toFile())
            .start();
    boolean ended = running.waitFor(TIME_MAX.toSeconds(), TimeUnit.SECONDS);
    running.destroyForcibly();
    if (!ended || running.exitValue() != 0) {
      throw new AssertionError(
          String.join(" ", command) + " failed:\n" + Files.readString(output, UTF_8));
    }
    Files.delete(output);
    Files.delete(typed);
  }

  /** Ends; all that was written is still there. */
  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(TIME_MAX.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
