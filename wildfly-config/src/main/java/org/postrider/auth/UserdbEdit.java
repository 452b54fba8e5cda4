package org.postrider.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Changes one file of a userdb, as Courier's {@code userdb} does and side by side with it. Octets
 * that are not understood stay as they are: comments, lines that are no records, names and values
 * in any encoding.
 *
 * <pre>
 * .lock.FILE    beside it, empty, mode 600: held by flock(2) while it is changed, and left there
 * .tmp.FILE     the new state, synced, given the mode and owner of the old one, and renamed over it
 * </pre>
 *
 * <p>A reader sees the old state or the new one. A crash leaves one of them, and perhaps {@code
 * .tmp.FILE}, which the next change writes anew. makeuserdb holds another lock, and sees one state
 * or the other as well. What is read at a time is one line, of {@value #LINE_MAX_OCTETS} octets at
 * most; a new file has mode 600. Any thread may use it.
 */
public final class UserdbEdit {

  private static final int LINE_MAX_OCTETS = 1 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String OWNER_ONLY = "rw-------";

  private final Path file;

  private UserdbEdit(Path file) {
    this.file = file;
  }

  /**
   * For changes of a file.
   *
   * @param file it need not be there; a symbolic link stands for what it leads to
   * @throws IOException if the link leads nowhere, or its directory is not there
   */
  public static UserdbEdit of(Path file) throws IOException {
    Path path = file.toAbsolutePath();
    return new UserdbEdit(Files.isSymbolicLink(path) ? path.toRealPath() : path.normalize());
  }

  /**
   * Gives a record fields, in their order; those that it has keep their places, new ones follow. A
   * record that is not there is made, at the end of the file.
   *
   * @param values UTF-8, or any other octets but LF and {@code |}
   * @throws IllegalArgumentException if a name, a field or a value cannot be written as one
   * @throws IOException if the file cannot be changed; then it is as before
   */
  public void set(String name, Map<String, byte[]> values) throws IOException {
    checkName(name);
    Map<String, String> wanted = new LinkedHashMap<>();
    values.forEach(
        (field, value) ->
            wanted.put(checkedField(field), checkedValue(new String(value, ISO_8859_1))));
    change(
        name,
        true,
        old -> {
          Map<String, String> fields = fields(old);
          wanted.forEach((field, value) -> fields.put(field, "=" + value));
          return Optional.of(line(name, fields));
        });
  }

  /**
   * Takes fields away from a record.
   *
   * @return whether there was such a record; if not, the file is as before
   * @throws IOException if the file cannot be changed; then it is as before
   */
  public boolean unset(String name, Collection<String> unwanted) throws IOException {
    return change(
        name,
        false,
        old -> {
          Map<String, String> fields = fields(old);
          unwanted.forEach(field -> fields.remove(octets(field)));
          return Optional.of(line(name, fields));
        });
  }

  /**
   * Takes a record away.
   *
   * @return whether there was one; if not, the file is as before
   * @throws IOException if the file cannot be changed; then it is as before
   */
  public boolean delete(String name) throws IOException {
    return change(name, false, old -> Optional.empty());
  }

  /**
   * Writes the name of every record, one in a line; nothing if there is no file.
   *
   * @throws IOException if it cannot be read, or is no file
   */
  public void showNames(OutputStream out) throws IOException {
    try (InputStream in = open()) {
      for (String line = readLine(in); line != null; line = readLine(in)) {
        String name = nameOf(line);
        if (!name.isEmpty() && !line.startsWith("#")) {
          out.write((name + "\n").getBytes(ISO_8859_1));
        }
      }
    } catch (NoSuchFileException none) {
      // as a file without records
    }
  }

  /**
   * Writes the fields of a record, one in a line; nothing if there is no such record.
   *
   * @return whether there is one
   * @throws IOException if the file cannot be read, or is no file
   */
  public boolean show(String name, OutputStream out) throws IOException {
    String wanted = octets(name);
    try (InputStream in = open()) {
      for (String line = readLine(in); line != null; line = readLine(in)) {
        if (isNamed(line, wanted) && !line.startsWith("#")) {
          String fields = line.substring(Math.min(line.length(), wanted.length() + 1));
          out.write((fields.replace('|', '\n') + "\n").getBytes(ISO_8859_1));
          return true;
        }
      }
    } catch (NoSuchFileException none) {
      // as a file without records
    }
    return false;
  }

  /** What becomes of a line: another, or none. */
  private interface Edit extends Function<String, Optional<String>> {}

  private boolean change(String name, boolean append, Edit edit) throws IOException {
    String wanted = octets(name);
    Path lock = file.resolveSibling(".lock." + file.getFileName());
    Optional<Flock> held = Flock.exclusive(lock, OWNER_ONLY, PATIENCE);
    if (held.isEmpty()) {
      throw new IOException(
          lock
              + " has been locked by another program for "
              + PATIENCE.toSeconds()
              + " s: nothing was changed. Find the program, and try again.");
    }
    try (Flock unused = held.get()) {
      return rewrite(wanted, append, edit);
    }
  }

  private boolean rewrite(String wanted, boolean append, Edit edit) throws IOException {
    Path draft = file.resolveSibling(".tmp." + file.getFileName());
    Files.deleteIfExists(draft);
    try {
      boolean changed;
      try (FileChannel channel =
          FileChannel.open(
              draft,
              Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(OWNER_ONLY)))) {
        OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 64 * 1024);
        changed = copy(wanted, append, edit, out);
        out.flush();
        if (changed) {
          channel.force(true);
        }
      }
      if (changed) {
        if (Files.exists(file)) {
          keepAttributes(draft);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        DataDirectory.sync(file.getParent());
      }
      return changed;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Copies all but the first record of that name, which is edited. */
  private boolean copy(String wanted, boolean append, Edit edit, OutputStream out)
      throws IOException {
    boolean found = false;
    try (InputStream in = open()) {
      for (String line = readLine(in); line != null; line = readLine(in)) {
        if (!found && isNamed(line, wanted)) {
          found = true;
          Optional<String> edited = edit.apply(line);
          if (edited.isEmpty()) {
            continue;
          }
          line = edited.get();
        }
        out.write((line + "\n").getBytes(ISO_8859_1));
      }
    } catch (NoSuchFileException none) {
      // the first record makes it
    }
    if (!found && append) {
      out.write((edit.apply(wanted).orElseThrow() + "\n").getBytes(ISO_8859_1));
      return true;
    }
    return found;
  }

  /** The owner too: a file that root changes stays readable by the server, whose file it is. */
  private void keepAttributes(Path draft) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(draft, PosixFileAttributeView.class);
    PosixFileAttributes old = Files.readAttributes(file, PosixFileAttributes.class);
    PosixFileAttributes made = view.readAttributes();
    Set<PosixFilePermission> permissions = old.permissions();
    if (!old.owner().equals(made.owner()) || !old.group().equals(made.group())) {
      try {
        view.setGroup(old.group());
        view.setOwner(old.owner());
      } catch (FileSystemException notAllowed) {
        throw new FileSystemException(
            file.toString(),
            null,
            "it belongs to "
                + old.owner().getName()
                + ", and would not any more: change it as that user.");
      }
    }
    view.setPermissions(permissions);
  }

  private InputStream open() throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new NotAFileException(file);
    }
    return new BufferedInputStream(Files.newInputStream(file), 64 * 1024);
  }

  /** A line without its LF, one character an octet; null at the end. */
  private String readLine(InputStream in) throws IOException {
    int octet = in.read();
    if (octet < 0) {
      return null;
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    while (octet >= 0 && octet != '\n') {
      if (line.size() == LINE_MAX_OCTETS) {
        throw new IOException(
            file + " has a line of more than " + LINE_MAX_OCTETS + " octets: it is no userdb.");
      }
      line.write(octet);
      octet = in.read();
    }
    return line.toString(ISO_8859_1);
  }

  private static String nameOf(String line) {
    int tab = line.indexOf('\t');
    return tab < 0 ? line : line.substring(0, tab);
  }

  private static boolean isNamed(String line, String wanted) {
    return line.startsWith(wanted)
        && (line.length() == wanted.length() || line.charAt(wanted.length()) == '\t');
  }

  /** The fields of a line, each with its {@code =value}, or nothing if it has no value. */
  private static Map<String, String> fields(String line) {
    Map<String, String> fields = new LinkedHashMap<>();
    int tab = line.indexOf('\t');
    if (tab >= 0 && tab + 1 < line.length()) {
      for (String field : line.substring(tab + 1).split("\\|", -1)) {
        int equals = field.indexOf('=');
        fields.put(
            equals < 0 ? field : field.substring(0, equals),
            equals < 0 ? "" : field.substring(equals));
      }
    }
    return fields;
  }

  private static String line(String name, Map<String, String> fields) {
    if (fields.isEmpty()) {
      return octets(name);
    }
    StringBuilder line = new StringBuilder(octets(name));
    char between = '\t';
    for (Map.Entry<String, String> field : fields.entrySet()) {
      line.append(between).append(field.getKey()).append(field.getValue());
      between = '|';
    }
    return line.toString();
  }

  private static String octets(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  private static void checkName(String name) {
    if (name.isEmpty() || name.startsWith("#") || has(name, '\t') || has(name, '\n')) {
      throw new IllegalArgumentException(
          "A name in userdb has no TAB, no line feed and no # before it.");
    }
  }

  private static String checkedField(String field) {
    if (has(field, '=')) {
      throw new IllegalArgumentException("A field of userdb has no = in its name.");
    }
    return checkedValue(octets(field));
  }

  private static String checkedValue(String value) {
    if (has(value, '|') || has(value, '\n')) {
      throw new IllegalArgumentException("Fields and values in userdb have no | and no line feed.");
    }
    return value;
  }

  private static boolean has(String text, char character) {
    return text.indexOf(character) >= 0;
  }
}
