package org.postrider.tool;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A WildFly in a process of its own, a child of this one and on the same JDK.
 *
 * <p>The provisioned server is only read: what a run changes is in a copy of its configuration,
 * with the EAR beside it, that each start makes anew. Used by one thread, but for {@link #stop}.
 */
final class Server {

  /** How long the server may take to go before it is killed: Ctrl-C has to be over in 5 s. */
  private static final Duration GRACE = Duration.ofMillis(4_500);

  private static final int GREETING_TIMEOUT_MILLIS = 2_000;

  /** A line of the server that is told to a person is cut here. */
  private static final int LINE_MAX = 300;

  /** The server writes one line for each error; what a dying JVM writes begins with these. */
  private static final Pattern TELLING =
      Pattern.compile("\\d\\d:\\d\\d:\\d\\d ERROR .*|(Error|Unrecognized|Invalid|Exception|#) ?.*");

  /** In the report of a failed deployment, which is nested to any depth, the last cause says it. */
  private static final Pattern CAUSE =
      Pattern.compile(
          "Caused by: (?:[\\w.$]+(?:Exception|Error)(?: in [^:]*)?: )?([^\\n"
              + "]+?)[\"}\\],]*(?=\\n"
              + "|$)");

  private final Process process;
  private final Path deployments;
  private final AtomicReference<String> first = new AtomicReference<>();
  private volatile boolean relaying;

  private Server(Process process, Path deployments) {
    this.process = process;
    this.deployments = deployments;
  }

  /**
   * Starts it.
   *
   * @param wildfly the provisioned server
   * @param run where this run's copy of the configuration goes; what is there is deleted
   * @param settings system properties of the server; {@code postrider.home} is among them
   */
  static Server start(Path wildfly, Path ear, Path run, Properties settings) throws IOException {
    Path deployments = layOut(wildfly, ear, run);
    List<String> command = new ArrayList<>();
    Path setpriv = Path.of("/usr/bin/setpriv");
    if (Files.isExecutable(setpriv)) {
      // Should this process be killed outright, the kernel tells the server to end.
      command.addAll(List.of(setpriv.toString(), "--pdeathsig", "TERM"));
    }
    command.addAll(command(wildfly, run, settings, List.of()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    Server server = new Server(process, deployments);
    Thread.ofPlatform().daemon().name("server-output").start(server::readOutput);
    return server;
  }

  /** Makes a run's directory anew; where its deployments are. */
  static Path layOut(Path wildfly, Path ear, Path run) throws IOException {
    deleteBelow(run);
    copyTree(wildfly.resolve("standalone/configuration"), run.resolve("configuration"));
    Path deployments = Files.createDirectories(run.resolve("deployments"));
    Files.copy(ear, deployments.resolve("postrider.ear"));
    return deployments;
  }

  /**
   * The command line of the server.
   *
   * @param more options of the JVM, which win over ours
   */
  static List<String> command(Path wildfly, Path run, Properties settings, List<String> more) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            // A quarter off what each object weighs, and no more memory than a small machine has.
            "-XX:+UseCompactObjectHeaders",
            "-Xms128m",
            "-Xmx1g",
            "-XX:MaxMetaspaceSize=256m",
            "-XX:+ExitOnOutOfMemoryError",
            "-Dfile.encoding=UTF-8",
            "-Djava.awt.headless=true",
            // Nothing here reads serialised objects of strangers; if something should, not without
            // end.
            "-Djdk.serialFilter=maxdepth=50;maxrefs=100000;maxbytes=16777216;maxarray=1000000",
            // The store calls the operating system directly (openat, syncfs).
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            // What WildFly's own start script opens to itself.
            "--add-exports=java.desktop/sun.awt=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.ldap=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.url.ldap=ALL-UNNAMED",
            "--add-exports=java.naming/com.sun.jndi.url.ldaps=ALL-UNNAMED",
            "--add-exports=jdk.naming.dns/com.sun.jndi.dns=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.invoke=ALL-UNNAMED",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/java.io=ALL-UNNAMED",
            "--add-opens=java.base/java.net=ALL-UNNAMED",
            "--add-opens=java.base/java.security=ALL-UNNAMED",
            "--add-opens=java.base/java.util=ALL-UNNAMED",
            "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
            "--add-opens=java.management/javax.management=ALL-UNNAMED",
            "--add-opens=java.naming/javax.naming=ALL-UNNAMED"));
    command.addAll(more);
    for (String name : new TreeSet<>(settings.stringPropertyNames())) {
      command.add("-D" + name + "=" + settings.getProperty(name));
    }
    Path log = Path.of(settings.getProperty("postrider.home"), "log");
    command.addAll(
        List.of(
            "-Djboss.home.dir=" + wildfly,
            "-Djboss.server.base.dir=" + run,
            "-Djboss.server.log.dir=" + log,
            "-Dorg.jboss.boot.log.file=" + log.resolve("server.log"),
            "-Dlogging.configuration=" + run.resolve("configuration/logging.properties").toUri(),
            "-Dpostrider.console.level=ERROR",
            "-Djboss.modules.system.pkgs=org.jboss.byteman",
            "-jar",
            wildfly.resolve("jboss-modules.jar").toString(),
            "-mp",
            wildfly.resolve("modules").toString(),
            "org.jboss.as.standalone"));
    return command;
  }

  /** Waits a moment; whether the server has ended by then. */
  boolean endsWithin(Duration time) throws InterruptedException {
    return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The exit code of a server that has ended. */
  int exitCode() {
    return process.exitValue();
  }

  /**
   * Whether a server that has ended did so by SIGINT or SIGTERM: Ctrl-C reaches it as it reaches
   * us.
   */
  boolean wasToldToEnd() {
    return process.exitValue() == 130 || process.exitValue() == 143;
  }

  /** Why the EAR could not be deployed, if that is what happened. */
  Optional<String> deploymentFailure() throws IOException {
    return deploymentFailure(deployments);
  }

  /** The same of any server, by its directory of deployments. */
  static Optional<String> deploymentFailure(Path deployments) throws IOException {
    Path failed = deployments.resolve("postrider.ear.failed");
    if (Files.notExists(failed)) {
      return Optional.empty();
    }
    String report = Files.readString(failed).replace("\\\"", "\"");
    Matcher cause = CAUSE.matcher(report);
    String reason = report.lines().findFirst().orElse("no reason given");
    while (cause.find()) {
      reason = cause.group(1);
    }
    return Optional.of(
        reason.length() > LINE_MAX ? reason.substring(0, LINE_MAX) + " ..." : reason);
  }

  /** Whether a connection is greeted as IMAP (RFC 9051 section 7.1). */
  static boolean greets(Listener imap) {
    try (Socket socket = new Socket()) {
      socket.setSoTimeout(GREETING_TIMEOUT_MILLIS);
      socket.connect(new InetSocketAddress(imap.reachable(), imap.port()), GREETING_TIMEOUT_MILLIS);
      byte[] start = socket.getInputStream().readNBytes(4);
      return new String(start, US_ASCII).equals("* OK");
    } catch (IOException notYet) {
      return false;
    }
  }

  /**
   * Asks the server to end, and after {@link #GRACE} sees to it. From any thread, any number of
   * times.
   */
  void stop() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  /** Whether a line of the server's output says what went wrong. */
  static boolean tells(String line) {
    return TELLING.matcher(line).matches();
  }

  /** From now on errors that the server writes are told to the person as well. */
  void relayErrors() {
    relaying = true;
  }

  /** The first error that the server wrote. */
  Optional<String> firstWords() {
    return Optional.ofNullable(first.get());
  }

  private void readOutput() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (tells(line)) {
          String told = line.length() > LINE_MAX ? line.substring(0, LINE_MAX) + " ..." : line;
          first.compareAndSet(null, told);
          if (relaying) {
            System.err.println(told);
          }
        }
      }
    } catch (IOException closed) {
      // The server has ended, and its pipe with it.
    }
  }

  private static void deleteBelow(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path source : (Iterable<Path>) all::iterator) {
        Path target = to.resolve(from.relativize(source).toString());
        if (Files.isDirectory(source)) {
          Files.createDirectories(target);
        } else {
          Files.copy(source, target);
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
