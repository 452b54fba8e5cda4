package org.postrider.tool.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where the tools find the accounts: the directory that {@code POSTRIDER_ETC} names, else {@code
 * etc/} in the data directory; that is the one that {@code POSTRIDER_HOME} names, else the one in
 * the server's {@link ToolsNote}, else its {@code standalone/data/postrider}.
 *
 * @param environment the variables of the process
 * @param server the directory of the server that the tools belong to, with {@code standalone/}
 */
public record Places(Map<String, String> environment, Path server) {

  private static final String USUAL = "standalone/data/postrider";

  /**
   * The data directory.
   *
   * @throws ToolException if none is named anywhere, or what is named is no directory
   */
  public Path home() throws ToolException {
    String variable = environment.getOrDefault("POSTRIDER_HOME", "");
    if (!variable.isBlank()) {
      return directory(Path.of(variable), "POSTRIDER_HOME");
    }
    Optional<Path> noted = noted();
    if (noted.isPresent()) {
      return directory(noted.get(), ToolsNote.in(server).toString());
    }
    if (Files.isDirectory(server.resolve(USUAL))) {
      return server.resolve(USUAL);
    }
    throw new ToolException(
        1,
        "No data directory is known: set POSTRIDER_HOME to the server's data directory (the one"
            + " with etc/userdb in it), or POSTRIDER_ETC to a directory with userdb in it.\n"
            + server.resolve("bin/postrider.sh")
            + " setup --home=DIRECTORY makes one, and notes it in "
            + ToolsNote.in(server)
            + ".");
  }

  /** The directory with Courier's files: userdb, authdaemonrc and their kin. */
  public Path etc() throws ToolException {
    String variable = environment.getOrDefault("POSTRIDER_ETC", "");
    return variable.isBlank()
        ? home().resolve("etc")
        : directory(Path.of(variable), "POSTRIDER_ETC");
  }

  /**
   * From where a relative home of an account starts: the data directory, or, where only Courier's
   * files are named, their directory.
   */
  public Path base() throws ToolException {
    try {
      return home();
    } catch (ToolException unknown) {
      if (environment.getOrDefault("POSTRIDER_ETC", "").isBlank()) {
        throw unknown;
      }
      return etc();
    }
  }

  private Optional<Path> noted() throws ToolException {
    try {
      return ToolsNote.home(server);
    } catch (IOException failed) {
      throw new ToolException(1, ToolException.reason(failed));
    }
  }

  private static Path directory(Path path, String source) throws ToolException {
    if (!Files.isDirectory(path)) {
      throw new ToolException(
          1, path + ", which " + source + " names, is no directory that can be reached.");
    }
    return path.toAbsolutePath().normalize();
  }
}
