package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sharable Maildirs that an account sees: those of everybody, {@code maildirshared} in the
 * directory of Courier's settings, then those of the account itself, {@code shared-maildirs} in its
 * Maildir.
 *
 * <pre>
 * # comment
 * NAME TAB /path LF        TAB or blanks; the path goes to the line's end
 * </pre>
 *
 * The first line of a name counts. A name has no dot and no slash, because it is one level of a
 * mailbox name; a path is absolute. Other lines are passed over, and so is all beyond {@value
 * #MOST_OCTETS} octets or {@value #MOST} names. Written by {@code maildirmake --add}.
 */
final class SharedMaildirs {

  static final String FILE = "shared-maildirs";

  private static final int MOST_OCTETS = 1 << 20;
  private static final int MOST = 10_000;

  private final Map<String, Path> paths = new LinkedHashMap<>();

  /**
   * Reads both files.
   *
   * @param disk of the account's files
   * @param root the account's Maildir
   * @param everybodys the file of the whole system, an administrator's
   */
  static SharedMaildirs read(Disk disk, Path root, Path everybodys) throws IOException {
    SharedMaildirs all = new SharedMaildirs();
    all.add(new Disk().readBeginning(everybodys, MOST_OCTETS));
    all.add(disk.readBeginning(root.resolve(FILE), MOST_OCTETS));
    return all;
  }

  /**
   * Adds the lines of a file.
   *
   * @param octets null where there is none
   */
  void add(byte[] octets) {
    if (octets != null) {
      new String(octets, StandardCharsets.ISO_8859_1).lines().forEach(this::addLine);
    }
  }

  private void addLine(String line) {
    int end = 0;
    while (end < line.length() && line.charAt(end) > ' ') {
      end++;
    }
    Optional<String> name = FileNames.text(line.substring(0, end));
    String path = line.substring(end).strip();
    boolean usable =
        name.isPresent()
            && SharedName.isLevel(name.get())
            && !line.startsWith("#")
            && path.startsWith("/")
            && path.indexOf('\0') < 0;
    if (usable && paths.size() < MOST) {
      try {
        paths.putIfAbsent(name.get(), path(path));
      } catch (IllegalArgumentException e) {
        // the system can't have such a path
      }
    }
  }

  /** The path that octets spell. */
  private static Path path(String octets) {
    Path path = Path.of("/");
    for (String part : octets.split("/")) {
      path = part.isEmpty() ? path : FileNames.in(path, part);
    }
    return path;
  }

  /** Paths by name, in the files' order. */
  Map<String, Path> all() {
    return Map.copyOf(paths);
  }

  Optional<Path> path(SharedName name) {
    return Optional.ofNullable(paths.get(name.maildir()));
  }
}
