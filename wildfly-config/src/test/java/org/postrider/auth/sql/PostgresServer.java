package org.postrider.auth.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL of the test's own, in a directory that is thrown away, on a loopback port. */
final class PostgresServer implements AutoCloseable {

  private static final String PASSWORD = "not-secret";

  private final Path directory;
  private final Path programs;
  private final int port;

  private PostgresServer(Path directory, Path programs, int port) {
    this.directory = directory;
    this.programs = programs;
    this.port = port;
  }

  /** Starts one. As root it runs as nobody, since PostgreSQL refuses root. */
  static PostgresServer start() throws Exception {
    Path directory = Files.createTempDirectory("postgres");
    Path password = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
    PostgresServer server = new PostgresServer(directory, programs(), freePort());
    if (isRoot()) {
      run(List.of("chown", "-R", "nobody", directory.toString()));
    }
    server.runProgram(
        "initdb",
        "-D",
        server.data(),
        "-U",
        "mail",
        "-A",
        "scram-sha-256",
        "--pwfile=" + password,
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync");
    server.startAgain();
    return server;
  }

  /** Starts it after {@link #stop}. */
  void startAgain() throws Exception {
    runProgram(
        "pg_ctl",
        "start",
        "-w",
        "-D",
        data(),
        "-l",
        directory + "/log",
        "-o",
        "-F -h 127.0.0.1 -k '' -p " + port);
  }

  /** The lines of authpgsqlrc that lead here. */
  String settings() {
    return "PGSQL_CONNECTION \\\n  host=127.0.0.1 \\\n  port="
        + port
        + " \\\n  user=mail \\\n  password='"
        + PASSWORD
        + "'\nPGSQL_DATABASE postgres\n";
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=mail&password=" + PASSWORD;
  }

  /** Stops it as a crash would; it can be started again. */
  void stop() throws Exception {
    runProgram("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data());
  }

  @Override
  public void close() throws Exception {
    stop();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private String data() {
    return directory.resolve("data").toString();
  }

  private static Path programs() throws IOException {
    try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
      return versions.max(Path::compareTo).orElseThrow().resolve("bin");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private void runProgram(String program, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    if (isRoot()) {
      command.addAll(List.of("runuser", "-u", "nobody", "--"));
    }
    command.add(programs.resolve(program).toString());
    command.addAll(List.of(arguments));
    run(command);
  }

  private static void run(List<String> command) throws Exception {
    Path output = Files.createTempFile("output", "");
    Process process =
        new ProcessBuilder(command)
            .directory(Path.of("/").toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int code = process.waitFor();
    String said = Files.readString(output, UTF_8);
    Files.delete(output);
    if (code != 0) {
      throw new IOException(command + " ended with " + code + ": " + said);
    }
  }
}
