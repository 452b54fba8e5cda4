package org.postrider.tool.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.postrider.tool.Tools;

/** Runs one command twice: ours in this JVM, and Courier's own from /usr/sbin. */
public final class CourierTools {

  private CourierTools() {}

  /** How it ended; outputs with one character for each octet. */
  public record Ended(int exit, String out, String err) {}

  public static Ended ours(Map<String, String> environment, String input, String... command) {
    return ours(environment, input.getBytes(UTF_8), command);
  }

  public static Ended ours(Map<String, String> environment, byte[] input, String... command) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            false,
            false);
    Places places = new Places(environment, Path.of("/no/server"));
    List<String> all = Arrays.asList(command);
    int exit = Tools.run(all.getFirst(), all.subList(1, all.size()), terminal, places);
    return new Ended(exit, out.toString(ISO_8859_1), err.toString(ISO_8859_1));
  }

  public static Ended ours(String input, String... command) {
    return ours(Map.of(), input, command);
  }

  /** Debian's courier-authlib-userdb has them. */
  public static Ended couriers(Path directory, String input, String... command)
      throws IOException, InterruptedException {
    String program = Path.of("/usr/sbin", command[0]).toString();
    String[] arguments = Arrays.copyOfRange(command, 1, command.length);
    return program(directory, input, program, "courier-authlib-userdb", arguments);
  }

  /** Any program of Courier's. */
  public static Ended program(
      Path directory, String program, String debianPackage, String... arguments)
      throws IOException, InterruptedException {
    return program(directory, "", program, debianPackage, arguments);
  }

  /** Any program of Courier's, with something to read. */
  public static Ended fed(
      Path directory, String input, String program, String debianPackage, String... arguments)
      throws IOException, InterruptedException {
    return program(directory, input, program, debianPackage, arguments);
  }

  private static Ended program(
      Path directory, String input, String program, String debianPackage, String[] arguments)
      throws IOException, InterruptedException {
    if (!Files.isExecutable(Path.of(program))) {
      throw new AssertionError(
          "%s is missing: apt-get install %s (.ci/run installs all that the tests need)."
              .formatted(program, debianPackage));
    }
    List<String> all = new ArrayList<>(Arrays.asList(arguments));
    all.addFirst(program);
    Path in = Files.createTempFile(directory, ".in", "");
    Path out = Files.createTempFile(directory, ".out", "");
    Path err = Files.createTempFile(directory, ".err", "");
    try {
      Files.writeString(in, input, UTF_8);
      Process process =
          withUtf8(new ProcessBuilder(all))
              .directory(directory.toFile())
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(all + " does not end.");
      }
      return new Ended(
          process.exitValue(),
          Files.readString(out, ISO_8859_1),
          Files.readString(err, ISO_8859_1));
    } finally {
      Files.delete(in);
      Files.delete(out);
      Files.delete(err);
    }
  }

  private static ProcessBuilder withUtf8(ProcessBuilder builder) {
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder;
  }
}
