package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program of the machine: a client that real people use. It runs with a home of its own, so that
 * nobody's settings matter and nothing is left behind.
 *
 * @param directory its home, its working directory and its room for temporary files
 */
record Program(Path executable, Path directory) {

  private static final Duration TIME_MAX = Duration.ofMinutes(4);

  /** How a program ended, and what it wrote to both its outputs. */
  record Ended(int exit, String output) {

    /** What it wrote; an error where it did not succeed. */
    String succeeded() {
      if (exit != 0) {
        throw new AssertionError("exit code " + exit + ":\n" + output);
      }
      return output;
    }
  }

  /**
   * Finds it on the path.
   *
   * @param debianPackage by which it is installed, for the error
   */
  static Program find(String command, String debianPackage, Path directory) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    return Stream.of(path.split(":"))
        .map(entry -> Path.of(entry, command))
        .filter(Files::isExecutable)
        .findFirst()
        .map(executable -> new Program(executable, directory))
        .orElseThrow(
            () ->
                new AssertionError(
                    "The program %s is missing: apt-get install %s (.ci/run installs all that the tests need)."
                        .formatted(command, debianPackage)));
  }

  Ended run(List<String> arguments) throws IOException, InterruptedException {
    return run(arguments, new byte[0]);
  }

  /** Runs it to its end. */
  Ended run(List<String> arguments, byte[] input) throws IOException, InterruptedException {
    return run(arguments, input, Map.of());
  }

  /** Runs it to its end, with more in its environment. */
  Ended run(List<String> arguments, byte[] input, Map<String, String> environment)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path output = Files.createTempFile(directory, "output", ".txt");
    Path inputFile = Files.write(Files.createTempFile(directory, "input", ".txt"), input);
    List<String> command = new ArrayList<>(List.of(executable.toString()));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(inputFile.toFile())
            .redirectOutput(output.toFile());
    builder.environment().put("HOME", directory.toString());
    builder.environment().put("TMPDIR", directory.toString());
    builder.environment().put("TERM", "xterm");
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(TIME_MAX.toSeconds(), TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      throw new AssertionError(
          command + " did not end; it wrote:\n" + Files.readString(output, UTF_8));
    }
    return new Ended(process.exitValue(), new String(Files.readAllBytes(output), UTF_8));
  }
}
