package org.postrider.tool;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The server of a prefix, in the background: found by its pid file, whoever started it.
 *
 * <table>
 * <caption>In the data directory</caption>
 * <tr><td>{@code etc/postrider.properties}</td><td>optional: settings of the server, as in {@code -Dname=value}</td></tr>
 * <tr><td>{@code imapd.pid}</td><td>the process id and LF; left behind by a crash, and then known as such</td></tr>
 * <tr><td>{@code imapd.lock}</td><td>locked while a server is started or stopped</td></tr>
 * <tr><td>{@code run/}</td><td>made anew at each start: a copy of the server's configuration, its application</td></tr>
 * <tr><td>{@code log/console.log}</td><td>what the process wrote since its start</td></tr>
 * </table>
 *
 * <p>The prefix is only read, so that it may belong to root and the server to somebody else. Used
 * by one thread.
 */
final class InstalledServer {

  /** Many times what the slowest machine seen takes. */
  private static final Duration START_MAX = Duration.ofMinutes(3);

  /** A server that has told its clients by then has stopped by then. */
  private static final Duration STOP_MAX = Duration.ofSeconds(30);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
  private static final int OUTPUT_MAX_LINES = 2_000;
  private static final int LINE_MAX = 300;

  private final Path prefix;
  private final Path home;

  /** The process of our own {@link #start}; also read when this JVM ends. */
  private volatile Process launched;

  /**
   * @param prefix the WildFly with Postrider in it
   * @param home its data directory, absolute
   */
  InstalledServer(Path prefix, Path home) {
    this.prefix = prefix;
    this.home = home;
  }

  /** Whether there is a server, and whether one has left its pid file behind. */
  enum State {
    RUNNING,
    DEAD,
    STOPPED
  }

  /** A server that was asked for. */
  record Started(long pid, boolean already, Listeners listeners, Setup.Ready ready) {}

  Path pidFile() {
    return home.resolve("imapd.pid");
  }

  Path log() {
    return home.resolve("log/server.log");
  }

  private Path run() {
    return home.resolve("run");
  }

  State state() throws IOException {
    if (pid().isPresent()) {
      return State.RUNNING;
    }
    return Files.exists(pidFile()) ? State.DEAD : State.STOPPED;
  }

  /** The process of the running server. */
  Optional<Long> pid() throws IOException {
    String text;
    try {
      text = Files.readString(pidFile(), US_ASCII).strip();
    } catch (NoSuchFileException none) {
      return Optional.empty();
    }
    if (!text.matches("[1-9][0-9]{0,9}")) {
      return Optional.empty();
    }
    long pid = Long.parseLong(text);
    return isServer(pid) ? Optional.of(pid) : Optional.empty();
  }

  /** A number is given again to another process: ours names its directory. */
  private boolean isServer(long pid) {
    try {
      String line = Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), ISO_8859_1);
      String own = new String(baseDirectory().getBytes(UTF_8), ISO_8859_1);
      return List.of(line.split("\0")).contains(own);
    } catch (IOException gone) {
      return false; // not there, or it ended between open and read
    }
  }

  private String baseDirectory() {
    return "-Djboss.server.base.dir=" + run();
  }

  /**
   * Starts it, and returns when it greets.
   *
   * @param more options of the JVM
   * @throws CannotGoOnException where it does not; it is stopped then
   */
  Started start(List<String> more) throws CannotGoOnException, IOException, InterruptedException {
    Properties properties = properties();
    Listeners listeners = Listeners.of(home, properties);
    try (FileChannel channel = lockFile();
        FileLock lock = channel.lock()) {
      Optional<Long> running = pid();
      if (running.isPresent()) {
        return new Started(running.get(), true, listeners, null);
      }
      listeners.check();
      Setup.Ready ready = Setup.prepare(home, false, Instant.now());
      Thread hook = Thread.ofPlatform().unstarted(this::endLaunched);
      Runtime.getRuntime().addShutdownHook(hook); // who gives up waiting leaves nothing behind
      Process process = launch(properties, more);
      launched = process;
      try {
        awaitGreeting(process, listeners.imap());
      } catch (CannotGoOnException failed) {
        endLaunched();
        throw failed;
      }
      Runtime.getRuntime().removeShutdownHook(hook);
      return new Started(process.pid(), false, listeners, ready);
    }
  }

  private Process launch(Properties properties, List<String> more)
      throws CannotGoOnException, IOException {
    Path ear = prefix.resolve("standalone/deployments/postrider.ear");
    if (Files.notExists(ear)) {
      throw new CannotGoOnException(
          ear + " is missing: install.sh --prefix puts the application there.");
    }
    properties.setProperty("postrider.home", home.toString());
    Server.layOut(prefix, ear, run());
    List<String> command = new ArrayList<>();
    Path setsid = Path.of("/usr/bin/setsid");
    if (Files.isExecutable(setsid)) {
      command.add(setsid.toString()); // Ctrl-C and the end of the terminal are not meant for it
    }
    command.addAll(Server.command(prefix, run(), properties, more));
    Process process =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output().toFile())
            .start();
    process.getOutputStream().close();
    Path draft = home.resolve("imapd.pid.new");
    Files.writeString(draft, process.pid() + "\n", US_ASCII);
    Files.move(draft, pidFile(), StandardCopyOption.ATOMIC_MOVE);
    return process;
  }

  private Path output() {
    return home.resolve("log/console.log");
  }

  private void awaitGreeting(Process process, Listener imap)
      throws CannotGoOnException, IOException, InterruptedException {
    long begin = System.nanoTime();
    while (!Server.greets(imap)) {
      if (process.waitFor(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new CannotGoOnException(
            "The server ended by itself (exit code %d)%s. The log is %s."
                .formatted(process.exitValue(), firstWords().map(": "::concat).orElse(""), log()));
      }
      Optional<String> reason = Server.deploymentFailure(run().resolve("deployments"));
      if (reason.isPresent()) {
        throw new CannotGoOnException(
            "The application could not be started: %s%nThe log is %s."
                .formatted(reason.get(), log()));
      }
      if (System.nanoTime() - begin > START_MAX.toNanos()) {
        throw new CannotGoOnException(
            "The server does not answer on port %d after %d s. The log is %s."
                .formatted(imap.port(), START_MAX.toSeconds(), log()));
      }
    }
  }

  /** The first error that the process wrote. */
  private Optional<String> firstWords() throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(output(), ISO_8859_1)) {
      return lines
          .lines()
          .limit(OUTPUT_MAX_LINES)
          .filter(Server::tells)
          .map(line -> line.length() > LINE_MAX ? line.substring(0, LINE_MAX) + " ..." : line)
          .findFirst();
    }
  }

  /**
   * Stops it: clients read BYE. Whether one was running.
   *
   * @throws CannotGoOnException where this user may not
   */
  boolean stop() throws CannotGoOnException, IOException {
    if (state() == State.STOPPED) {
      return false;
    }
    try (FileChannel channel = lockFile();
        FileLock lock = channel.lock()) {
      Optional<Long> pid = pid();
      if (pid.isPresent()) {
        Optional<ProcessHandle> process = ProcessHandle.of(pid.get());
        if (process.isPresent() && !end(process.get())) {
          throw new CannotGoOnException(
              "The server (pid %d) does not end: stop it as the user that it belongs to, or as root."
                  .formatted(pid.get()));
        }
      }
      Files.deleteIfExists(pidFile());
      return pid.isPresent();
    }
  }

  /** Asks it to end, after a while without asking; whether it has. */
  private static boolean end(ProcessHandle process) {
    try {
      if (!process.destroy() && process.isAlive()) {
        return false;
      }
      process.onExit().get(STOP_MAX.toSeconds(), TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException slow) {
      process.destroyForcibly();
      return process.onExit().join() != null;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Stops what {@link #start} has started, if it has. From any thread. */
  void endLaunched() {
    Process process = launched;
    if (process != null) {
      end(process.toHandle());
      try {
        Files.deleteIfExists(pidFile());
      } catch (IOException stays) {
        // Whoever reads it finds no such process.
      }
    }
  }

  /** Waits until the server that {@link #start} has started ends; whether it was told to. */
  boolean awaitEnd() throws InterruptedException {
    int exit = launched.waitFor();
    endLaunched();
    return exit == 0 || exit == 130 || exit == 143;
  }

  private FileChannel lockFile() throws IOException {
    return FileChannel.open(
        home.resolve("imapd.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private Properties properties() throws CannotGoOnException, IOException {
    Path file = home.resolve("etc/postrider.properties");
    Properties all = new Properties();
    if (Files.exists(file)) {
      try (Reader in = Files.newBufferedReader(file, UTF_8)) {
        all.load(in);
      } catch (IllegalArgumentException damaged) {
        throw new CannotGoOnException(file + ": " + damaged.getMessage(), damaged);
      }
    }
    return Listeners.ours(all);
  }
}
