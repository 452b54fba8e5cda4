package org.postrider.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.postrider.tool.command.ToolsNote;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs a server in the foreground: {@code mvn -Prun}. Checks the ports, makes what is missing in
 * the data directory, starts the server, says where it is once it answers, and takes it along when
 * it is told to end or loses its parent.
 */
@Command(name = "run", description = "Runs Postrider in the foreground.")
public final class Launcher implements Callable<Integer> {

  /** Many times what the slowest machine seen takes; one that takes longer has another trouble. */
  private static final Duration START_MAX = Duration.ofMinutes(3);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

  @Option(names = "--server", required = true, description = "The provisioned WildFly.")
  private Path server;

  @Option(names = "--ear", required = true, description = "The application.")
  private Path ear;

  @Option(names = "--run", required = true, description = "Scratch directory of this run.")
  private Path scratch;

  @Option(
      names = "--home",
      required = true,
      description = "The data directory if nothing else names one.")
  private Path home;

  @Option(
      names = "--settings",
      required = true,
      description =
          "A properties file; what begins with imap, imaps, console, postrider or jboss counts.")
  private Path settings;

  @Option(
      names = "--failure",
      required = true,
      description = "A file that is written if the server cannot run, with the reason.")
  private Path failure;

  @Option(
      names = "--note-home",
      description = "The commands in the server's sbin/ work on the data directory of this run.")
  private boolean noteHome;

  private volatile boolean stopping;
  private volatile boolean failed;

  @Override
  public Integer call() throws CannotGoOnException, InterruptedException, IOException {
    try {
      return run();
    } catch (CannotGoOnException e) {
      Files.writeString(failure, e.getMessage() + "\n", UTF_8);
      throw e;
    }
  }

  private int run() throws CannotGoOnException, InterruptedException, IOException {
    Instant begin = Instant.now();
    Properties properties = properties();
    Path data = dataDirectory(properties);
    Listeners listeners = Listeners.of(data, properties);
    Listener imap = listeners.imap();
    Listener imaps = listeners.imaps();
    Listener console = listeners.console();
    Files.createDirectories(scratch);
    try (FileChannel channel =
            FileChannel.open(
                scratch.resolveSibling(scratch.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new CannotGoOnException(
            "A server of this checkout is running already: stop it first, or run another"
                + " checkout.");
      }
      listeners.check();
      properties.setProperty("postrider.home", data.toString());
      properties.setProperty("console.port", String.valueOf(console.port()));
      properties.setProperty("console.address", console.address().getHostAddress());
      Setup.Ready ready = Setup.prepare(data, true, begin);
      if (noteHome) {
        ToolsNote.write(server, data);
      }
      say("Starting the server; data are in " + data);
      return serve(
          properties, data, imap, begin, it -> greet(ready, data, imap, imaps, console, it));
    }
  }

  /** What is said once the server is there. */
  private interface Greeting {
    void say(Duration taken);
  }

  private int serve(
      Properties properties, Path data, Listener imap, Instant begin, Greeting greeting)
      throws CannotGoOnException, InterruptedException, IOException {
    Path log = data.resolve("log/server.log");
    long parent = parent();
    Server child = Server.start(server, ear, scratch, properties);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> stop(child, data)));
    try {
      awaitGreeting(child, parent, imap, begin, log);
      if (!stopping && parent() == parent) {
        greeting.say(Duration.between(begin, Instant.now()));
        child.relayErrors();
      }
      while (!child.endsWithin(LOOK_AGAIN)) {
        if (parent() != parent) {
          return 0; // the hook takes the server along
        }
      }
      if (stopping || child.wasToldToEnd()) {
        return 0;
      }
      throw ended(child, log);
    } catch (CannotGoOnException e) {
      failed = true;
      throw e;
    }
  }

  /** Returns when the server answers, or is to end. */
  private void awaitGreeting(Server child, long parent, Listener imap, Instant begin, Path log)
      throws CannotGoOnException, InterruptedException, IOException {
    while (parent() == parent && !Server.greets(imap)) {
      if (child.endsWithin(LOOK_AGAIN)) {
        if (stopping || child.wasToldToEnd()) {
          return;
        }
        throw ended(child, log);
      }
      Optional<String> reason = child.deploymentFailure();
      if (reason.isPresent()) {
        throw new CannotGoOnException(
            "The application could not be started: %s%nThe log is %s."
                .formatted(reason.get(), log));
      }
      Duration taken = Duration.between(begin, Instant.now());
      if (taken.compareTo(START_MAX) > 0) {
        throw new CannotGoOnException(
            "The server does not answer on port %d after %d s. The log is %s."
                .formatted(imap.port(), taken.toSeconds(), log));
      }
    }
  }

  private static CannotGoOnException ended(Server child, Path log) {
    return new CannotGoOnException(
        "The server ended by itself (exit code %d)%s. The log is %s."
            .formatted(child.exitCode(), child.firstWords().map(": "::concat).orElse(""), log));
  }

  private void stop(Server child, Path data) {
    stopping = true;
    if (failed) {
      child.stop();
      return;
    }
    say("Stopping; connected clients are told.");
    child.stop();
    say("Stopped. Mail, accounts and certificate stay in " + data);
  }

  private static void greet(
      Setup.Ready ready,
      Path data,
      Listener imap,
      Listener imaps,
      Listener console,
      Duration taken) {
    say("Postrider is ready after %.1f s.".formatted(taken.toMillis() / 1000.0));
    say("");
    say("  IMAP      " + imap.hostAndPort() + " (STARTTLS)");
    say("  IMAPS     " + imaps.hostAndPort());
    say("  Console   https://" + console.hostAndPort() + "/");
    say("  Data      " + data);
    say("  Log       " + data.resolve("log/server.log"));
    ready
        .demonstration()
        .ifPresent(
            account -> {
              say("");
              say("  Account   " + account.address());
              say("  Password  " + account.password());
              say(
                  "  Read mail curl -k --user '%s:%s' --url 'imaps://%s/INBOX;MAILINDEX=1'"
                      .formatted(account.address(), account.password(), imaps.hostAndPort()));
            });
    ready
        .setupCode()
        .ifPresent(
            code -> {
              say("");
              say("  Set-up code " + code + " makes the first administrator, in the console.");
            });
    say("");
    say("Ctrl-C stops it.");
  }

  private Properties properties() throws IOException {
    Properties all = new Properties();
    try (Reader in = Files.newBufferedReader(settings, UTF_8)) {
      all.load(in);
    }
    return Listeners.ours(all);
  }

  private Path dataDirectory(Properties properties) {
    String variable = System.getenv("POSTRIDER_HOME");
    Path usual = variable == null || variable.isBlank() ? home : Path.of(variable);
    String named = properties.getProperty("postrider.home");
    return (named == null ? usual : Path.of(named)).toAbsolutePath().normalize();
  }

  /** The process that started this one; another number as soon as that has ended. */
  private static long parent() {
    return ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
