package org.postrider.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Compares this server with those of Debian and writes {@code results.csv}, {@code results.svg} and
 * {@code results.md}. It runs as root, because Courier and Dovecot change to the user whom the mail
 * belongs to, and installs what is missing by {@code apt-get}; what it starts and writes besides is
 * gone when it ends.
 */
public final class Benchmark {

  private Benchmark() {}

  /** The programs that are needed, and Debian's packages of them. */
  private static final List<String[]> PROGRAMS =
      List.of(
          new String[] {"/usr/sbin/dovecot", "dovecot-core"},
          new String[] {"/usr/bin/imapd", "courier-imap"},
          new String[] {"/usr/sbin/authtest", "courier-authdaemon"},
          new String[] {"/usr/sbin/makeuserdb", "courier-authlib-userdb"},
          new String[] {"/usr/bin/openssl", "openssl"},
          new String[] {"/usr/bin/unshare", "util-linux"});

  /** A set-up of the servers, and what is measured on it. */
  private record Stage(int modules, List<Scenario> scenarios) {}

  private static List<Stage> stages(Pattern only) {
    List<Stage> stages = new ArrayList<>();
    for (int modules : new int[] {1, 3}) {
      List<Scenario> scenarios = new ArrayList<>();
      for (Site.Hash hash : Site.Hash.values()) {
        for (boolean tls : new boolean[] {false, true}) {
          for (int clients : new int[] {1, 50}) {
            scenarios.add(new SignIns(hash, clients, tls, modules));
          }
        }
      }
      scenarios.removeIf(scenario -> !only.matcher(scenario.name()).find());
      if (!scenarios.isEmpty()) {
        stages.add(new Stage(modules, scenarios));
      }
    }
    return stages;
  }

  /**
   * Measures.
   *
   * @param arguments the provisioned WildFly, the EAR, where results go, rounds, seconds of one
   *     measurement, seconds of one in the warm-up, and {@code only=} with a regular expression
   *     that names of scenarios have to match somewhere
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path server = Path.of(arguments[0]).toRealPath();
    Path ear = Path.of(arguments[1]).toRealPath();
    Path results = Files.createDirectories(Path.of(arguments[2]));
    Comparison comparison =
        new Comparison(
            Integer.parseInt(arguments[3]),
            Duration.ofSeconds(Integer.parseInt(arguments[4])),
            Duration.ofSeconds(Integer.parseInt(arguments[5])),
            System.out);
    Pattern only = Pattern.compile(arguments[6].replaceFirst("^only=", ""));
    if (!"root".equals(System.getProperty("user.name"))) {
      throw new IOException("The benchmark has to run as root: the peers change to other users.");
    }
    install();

    List<Peer> peers =
        List.of(new PostriderPeer(server, ear), new CourierPeer(), new DovecotPeer());
    Instant began = Instant.now();
    double load = Comparison.load();
    List<Comparison.Measurement> measurements = new ArrayList<>();
    for (Stage stage : stages(only)) {
      measurements.addAll(measure(comparison, peers, stage));
    }

    Report report = new Report(peers.stream().map(Peer::name).toList(), measurements);
    StringBuilder text = new StringBuilder();
    text.append(machine(began, load, comparison)).append('\n');
    for (Peer peer : peers) {
      text.append("- ").append(peer.name()).append(": ").append(peer.version()).append('\n');
    }
    text.append('\n').append(report.table());
    Files.writeString(results.resolve("results.csv"), report.csv());
    Files.writeString(results.resolve("results.svg"), report.svg());
    Files.writeString(results.resolve("results.md"), text);
    System.out.println(text);
    System.out.println("Written: " + results.resolve("results.csv") + ", .svg and .md");
  }

  private static List<Comparison.Measurement> measure(
      Comparison comparison, List<Peer> peers, Stage stage)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("postrider-benchmark");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    List<RunningServer> servers = new ArrayList<>();
    // Ctrl-C leaves nothing behind either.
    Thread end = new Thread(() -> end(directory));
    Runtime.getRuntime().addShutdownHook(end);
    try {
      Path certificate = Site.makeCertificate(directory);
      for (Peer peer : peers) {
        Path own = Files.createDirectory(directory.resolve(peer.name().toLowerCase(Locale.ROOT)));
        servers.add(peer.start(Site.make(own, stage.modules, certificate)));
        System.out.println(peer.name() + " " + peer.version() + " runs, " + tls(servers.getLast()));
      }
      return comparison.of(peers, servers, stage.scenarios);
    } finally {
      Runtime.getRuntime().removeShutdownHook(end);
      end(directory);
    }
  }

  private static void end(Path directory) {
    try {
      Child.closeAll();
      delete(directory);
    } catch (IOException e) {
      System.err.println(directory + " could not be deleted whole: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String tls(RunningServer server) throws IOException {
    try (ImapSocket client = ImapSocket.connect(server.imaps(), server.site().tls())) {
      return client.protocol();
    }
  }

  private static void install() throws IOException, InterruptedException {
    List<String> missing =
        PROGRAMS.stream()
            .filter(program -> Files.notExists(Path.of(program[0])))
            .map(program -> program[1])
            .toList();
    if (missing.isEmpty()) {
      return;
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                // No daemon is to be started.
                "env",
                "RUNLEVEL=1",
                "DEBIAN_FRONTEND=noninteractive",
                "apt-get",
                "install",
                "-q",
                "-y",
                "--no-install-recommends"));
    command.addAll(missing);
    System.out.println("Installing " + String.join(", ", missing));
    Child.run("apt-get", "update", "-q");
    Child.run(command.toArray(String[]::new));
  }

  private static String machine(Instant began, double load, Comparison comparison)
      throws IOException {
    String processor =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown processor");
    return String.format(
        Locale.ROOT,
        "%s, %d processors (%s), Linux %s; %d rounds of %d s each; load average %.1f before, %.1f"
            + " after%n",
        began.truncatedTo(ChronoUnit.MINUTES),
        Runtime.getRuntime().availableProcessors(),
        processor,
        System.getProperty("os.version"),
        comparison.rounds(),
        comparison.time().toSeconds(),
        load,
        Comparison.load());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    }
  }
}
