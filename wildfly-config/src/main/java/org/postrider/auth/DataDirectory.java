package org.postrider.auth;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/** Where the data directory is, and how a secret file in it is written. */
public final class DataDirectory {

  private static final String PROPERTY = "postrider.home";
  private static final String VARIABLE = "POSTRIDER_HOME";
  private static final String ETC_PROPERTY = "postrider.etc";
  private static final String ETC_VARIABLE = "POSTRIDER_ETC";

  private DataDirectory() {}

  /**
   * The data directory of a login module: its option {@code home}, else the system property {@code
   * postrider.home}, else the environment variable {@code POSTRIDER_HOME}.
   *
   * @throws TemporaryFailureException if none of them says
   */
  public static Path of(Map<String, ?> options) throws TemporaryFailureException {
    String home = options.get("home") instanceof String text ? text : "";
    if (home.isBlank() || home.equals("${" + PROPERTY + "}")) {
      home = System.getProperty(PROPERTY, "");
    }
    if (home.isBlank()) {
      String variable = System.getenv(VARIABLE);
      home = variable == null ? "" : variable;
    }
    if (home.isBlank()) {
      throw new TemporaryFailureException(
          "No data directory is set: give the login module the option home, or start the"
              + " server with -D"
              + PROPERTY
              + "=DIRECTORY.");
    }
    return Path.of(home);
  }

  /**
   * Where Courier's configuration files are: what the system property {@code postrider.etc} or the
   * environment variable {@code POSTRIDER_ETC} names, so that the server can be pointed at those of
   * a Courier site; else {@code etc} in the data directory.
   *
   * @param home the data directory
   */
  public static Path etc(Path home) {
    String etc = System.getProperty(ETC_PROPERTY, "");
    if (etc.isBlank()) {
      String variable = System.getenv(ETC_VARIABLE);
      etc = variable == null ? "" : variable;
    }
    return etc.isBlank() ? home.resolve("etc") : Path.of(etc).toAbsolutePath().normalize();
  }

  /**
   * Writes a file of mode 600 whole or not at all: beside it under another name, synced, renamed
   * over it, and the rename synced. A crash leaves the old file or the new one, and perhaps {@code
   * .tmp.NAME}, which the next writing overwrites.
   */
  public static void write(Path file, byte[] octets) throws IOException {
    Path directory = file.toAbsolutePath().getParent();
    Path draft = directory.resolve(".tmp." + file.getFileName());
    Files.deleteIfExists(draft);
    try {
      try (FileChannel channel =
          FileChannel.open(
              draft,
              Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer rest = ByteBuffer.wrap(octets);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
    sync(directory);
  }

  /** Makes what was renamed or deleted in a directory outlast a power cut. */
  public static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
