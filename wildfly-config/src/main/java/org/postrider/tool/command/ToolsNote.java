package org.postrider.tool.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * What the commands in {@code sbin/} of a server have to know of its data, since they run without
 * it: a file in the server's configuration, written when a data directory is made for it and when
 * it is started in the foreground.
 *
 * <pre>
 * standalone/configuration/postrider-tools     UTF-8, lines in any order, others are passed over
 *   home=/absolute/path                        the data directory
 *   java=/absolute/path                        a Java that is new enough
 * </pre>
 *
 * <p>It holds no secret, and is as trusted as the server's own files beside it.
 */
public final class ToolsNote {

  private static final String HOME = "home=";
  private static final int MAX_OCTETS = 16 * 1024;

  private ToolsNote() {}

  /**
   * Where the note of a server is.
   *
   * @param server the WildFly's directory
   */
  public static Path in(Path server) {
    return server.resolve("standalone/configuration/postrider-tools");
  }

  /**
   * The data directory that is noted; empty if there is no note.
   *
   * @throws IOException if it cannot be read or is none
   */
  public static Optional<Path> home(Path server) throws IOException {
    Path note = in(server);
    if (Files.notExists(note)) {
      return Optional.empty();
    }
    if (Files.size(note) > MAX_OCTETS) {
      throw new IOException(note + " is too large for the few lines that belong there.");
    }
    return Files.readAllLines(note, UTF_8).stream()
        .filter(line -> line.startsWith(HOME))
        .map(line -> Path.of(line.substring(HOME.length())))
        .findFirst();
  }

  /** Notes a data directory, and the Java that this is running on. */
  public static void write(Path server, Path home) throws IOException {
    Path note = in(server);
    Path draft = note.resolveSibling(note.getFileName() + ".tmp");
    Files.write(
        draft,
        List.of(
            HOME + home.toAbsolutePath().normalize(), "java=" + System.getProperty("java.home")),
        UTF_8);
    Files.move(draft, note, StandardCopyOption.ATOMIC_MOVE);
  }
}
