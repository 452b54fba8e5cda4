package org.postrider.auth.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.WatchedFile;

/**
 * A file of lines whose columns are divided by colons and whose first is the name: {@code passwd},
 * {@code shadow}, vpopmail's {@code vpasswd}. Up to {@value #MEMORY_MAX_OCTETS} octets are kept in
 * memory and read again when the file changes; a larger one is read through for each name, and at
 * most {@value #OPEN_MAX} are kept. Of a name that comes twice the first line counts. Lines that
 * are empty, a comment or longer than {@value #LINE_MAX_OCTETS} octets, and those by which NIS is
 * asked for ({@code +} and {@code -}), are passed over. Names are compared octet by octet. Any
 * thread may ask.
 */
public final class PasswdFile {

  /** The longest line, without its LF. */
  static final int LINE_MAX_OCTETS = 8 * 1024;

  /** The largest file that is kept. */
  static final int MEMORY_MAX_OCTETS = 4 << 20;

  private static final int OPEN_MAX = 16;
  private static final int READ_OCTETS = 64 * 1024;
  private static final long NUMBER_MAX = 0xFFFF_FFFFL;

  private static final Map<Path, PasswdFile> OPEN = new LinkedHashMap<>(16, 0.75f, true);

  private final WatchedFile<Content> content;

  /**
   * What is known of the file.
   *
   * @param lines by name, in the order of the file; null if it is too large to be kept
   */
  private record Content(Map<String, String> lines) {}

  /** What is done with a line. */
  @FunctionalInterface
  public interface Visitor {

    /**
     * Takes a line.
     *
     * @param name the first column
     * @param line all of it
     * @return whether to go on
     */
    boolean visit(String name, String line);
  }

  private PasswdFile(Path file) {
    content = new WatchedFile<>(file, new Content(Map.of()), PasswdFile::read);
  }

  /**
   * The file at a path, the same object for every caller.
   *
   * @param file it need not be there
   */
  public static PasswdFile at(Path file) {
    Path path = file.toAbsolutePath().normalize();
    synchronized (OPEN) {
      PasswdFile found = OPEN.computeIfAbsent(path, PasswdFile::new);
      if (OPEN.size() > OPEN_MAX) {
        OPEN.remove(OPEN.keySet().iterator().next());
      }
      return found;
    }
  }

  /** The file. */
  public Path path() {
    return content.path();
  }

  /**
   * The line of a name; empty if there is none, or no file.
   *
   * @throws TemporaryFailureException if the file cannot be read
   */
  public Optional<String> find(String name) throws TemporaryFailureException {
    if (name.isEmpty() || isNoName(name.charAt(0))) {
      return Optional.empty();
    }
    Map<String, String> kept = content.get().lines;
    if (kept != null) {
      return Optional.ofNullable(kept.get(name));
    }
    try {
      return find(path(), name);
    } catch (IOException failed) {
      throw unreadable(failed);
    }
  }

  /**
   * Visits every line, of a name that comes twice both where the file is large.
   *
   * @throws TemporaryFailureException if the file cannot be read
   */
  public void forEach(Visitor visitor) throws TemporaryFailureException {
    Map<String, String> kept = content.get().lines;
    if (kept != null) {
      for (Map.Entry<String, String> line : kept.entrySet()) {
        if (!visitor.visit(line.getKey(), line.getValue())) {
          return;
        }
      }
      return;
    }
    try {
      scan(path(), null, visitor);
    } catch (IOException failed) {
      throw unreadable(failed);
    }
  }

  /**
   * The line of a name in a file that is not kept, whatever the name begins with.
   *
   * @throws NoSuchFileException if it is not there
   */
  public static Optional<String> find(Path file, String name) throws IOException {
    String[] found = new String[1];
    scan(
        file,
        name.getBytes(UTF_8),
        (first, line) -> {
          found[0] = line;
          return false;
        });
    return Optional.ofNullable(found[0]);
  }

  /**
   * Visits every line of a file that is not kept.
   *
   * @throws NoSuchFileException if it is not there
   */
  public static void forEach(Path file, Visitor visitor) throws IOException {
    scan(file, null, visitor);
  }

  private TemporaryFailureException unreadable(IOException failed) {
    return new TemporaryFailureException(
        path() + " cannot be used: " + failed.getMessage() + ".", failed);
  }

  private static Content read(Path file) throws IOException {
    if (Files.size(file) > MEMORY_MAX_OCTETS) {
      return new Content(null);
    }
    Map<String, String> lines = new LinkedHashMap<>();
    scan(
        file,
        null,
        (name, line) -> {
          lines.putIfAbsent(name, line);
          return true;
        });
    return new Content(lines);
  }

  /**
   * Reads through a file.
   *
   * @param wanted whose lines are visited; null for everybody's
   */
  private static void scan(Path file, byte[] wanted, Visitor visitor) throws IOException {
    byte[] line = new byte[LINE_MAX_OCTETS];
    byte[] chunk = new byte[READ_OCTETS];
    int length = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int octets = in.read(chunk); octets >= 0; octets = in.read(chunk)) {
        for (int i = 0; i < octets; i++) {
          if (chunk[i] != '\n') {
            if (length < LINE_MAX_OCTETS) {
              line[length] = chunk[i];
            }
            length = Math.min(length + 1, LINE_MAX_OCTETS + 1);
          } else {
            if (!visit(line, length, wanted, visitor)) {
              return;
            }
            length = 0;
          }
        }
      }
      visit(line, length, wanted, visitor);
    } catch (AccessDeniedException denied) {
      throw new IOException(
          "the server's user may not read it; run the server as root, put its user into the file's"
              + " group, or use authpam instead",
          denied);
    } finally {
      Arrays.fill(line, (byte) 0);
      Arrays.fill(chunk, (byte) 0);
    }
  }

  private static boolean isNoName(char first) {
    return first == '#' || first == '+' || first == '-';
  }

  private static boolean visit(byte[] line, int length, byte[] wanted, Visitor visitor) {
    int colon = 0;
    int end = Math.min(length, LINE_MAX_OCTETS);
    while (colon < end && line[colon] != ':') {
      colon++;
    }
    if (length > LINE_MAX_OCTETS || colon == 0 || colon == end) {
      return true;
    }
    if (wanted == null && isNoName((char) line[0])) {
      return true;
    }
    if (wanted != null && !Arrays.equals(wanted, 0, wanted.length, line, 0, colon)) {
      return true;
    }
    return visitor.visit(new String(line, 0, colon, UTF_8), new String(line, 0, length, UTF_8));
  }

  /** A decimal number from 0 to 4294967295, or -1. */
  public static long number(String text) {
    if (text.isEmpty() || text.length() > 10) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        return -1;
      }
      value = value * 10 + (digit - '0');
    }
    return value <= NUMBER_MAX ? value : -1;
  }
}
