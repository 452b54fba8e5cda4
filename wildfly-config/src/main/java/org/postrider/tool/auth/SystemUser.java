package org.postrider.tool.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whom files belong to.
 *
 * @param uid decimal
 * @param gid decimal
 * @param home the home directory, empty if it is not known
 */
record SystemUser(String uid, String gid, Path home) {

  private static final Path PASSWD = Path.of("/etc/passwd");

  /** The user of a name in {@code /etc/passwd}. */
  static Optional<SystemUser> find(String name) throws IOException {
    try (Stream<String> lines = Files.lines(PASSWD, ISO_8859_1)) {
      return lines
          .map(line -> line.split(":", -1))
          .filter(column -> column.length > 5 && column[0].equals(name))
          .findFirst()
          .map(column -> new SystemUser(column[2], column[3], Path.of(column[5])));
    }
  }

  /** The owner of a file. */
  static SystemUser ownerOf(Path file) throws IOException {
    Map<String, Object> found = Files.readAttributes(file, "unix:uid,gid");
    return new SystemUser(found.get("uid").toString(), found.get("gid").toString(), Path.of(""));
  }
}
