package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The text form of a userdb, line by line as makeuserdb reads it: what it stops on is an error
 * here, while {@link UserdbSnapshot} goes on. Holds one line at a time. For one thread.
 */
final class UserdbText {

  /** The longest line, without its LF, such that the record fits into a GDBM value. */
  static final int LINE_MAX_OCTETS = GdbmReader.VALUE_MAX_OCTETS - 8 * 1024;

  private static final int FAILED = 1;
  private static final int DEPTH_MAX = 16;
  private static final int FILES_MAX = 100_000;
  private static final int CHUNK_OCTETS = 64 * 1024;
  private static final byte[] NO_FIELDS = {'1'};

  private final Path root;
  private final List<Path> files = new ArrayList<>();

  /** Is given each line. */
  @FunctionalInterface
  interface Lines {
    void line(Line line) throws IOException;
  }

  /** One line, which is no comment and not empty. Valid while it is handed over. */
  final class Line {
    private final Path file;
    private final byte[] location;
    private byte[] octets = new byte[1024];
    private int length;
    private long number = 1;
    private int tab;

    private Line(Path file) {
      this.file = file;
      String place = file.equals(root) ? "" : root.relativize(file) + "/";
      location = ("_=" + place).getBytes(UTF_8);
    }

    /** What stands before the first TAB, or the whole line if it has none. */
    byte[] name() {
      return Arrays.copyOf(octets, tab < 0 ? length : tab);
    }

    /** What goes into userdb.dat: see {@link UserdbCompiler}. */
    byte[] openFields() {
      if (tab < 0) {
        return NO_FIELDS.clone();
      }
      ByteArrayOutputStream fields = new ByteArrayOutputStream(length - tab + location.length);
      if (join(false, fields)) {
        fields.write('|');
      }
      fields.writeBytes(location);
      return fields.toByteArray();
    }

    /** What goes into userdbshadow.dat; empty if there is nothing. */
    byte[] secretFields() {
      if (tab < 0) {
        return NO_FIELDS.clone();
      }
      ByteArrayOutputStream fields = new ByteArrayOutputStream();
      join(true, fields);
      return fields.toByteArray();
    }

    /**
     * Writes the fields of one kind with {@code |} between them; empty ones at the end are dropped.
     *
     * @return whether there are any
     */
    private boolean join(boolean secret, ByteArrayOutputStream fields) {
      int end = length;
      while (end > tab + 1 && octets[end - 1] == '|') {
        end--;
      }
      boolean any = false;
      for (int start = tab + 1; start < end; ) {
        int bar = start;
        while (bar < end && octets[bar] != '|') {
          bar++;
        }
        if (isSecret(start, bar) == secret) {
          if (any) {
            fields.write('|');
          }
          fields.write(octets, start, bar - start);
          any = true;
        }
        start = bar + 1;
      }
      return any;
    }

    /** Whether what stands before the first {@code =} ends in {@code pw}. */
    private boolean isSecret(int start, int end) {
      int equals = start;
      while (equals < end && octets[equals] != '=') {
        equals++;
      }
      return equals < end
          && equals - start >= 2
          && octets[equals - 2] == 'p'
          && octets[equals - 1] == 'w';
    }

    /** The end of the run, for a reason that is in this line. */
    UserdbCompileException refused(String reason) {
      return new UserdbCompileException(
          FAILED, file + " line " + number + ": " + reason + ". Mend the line and try again.");
    }

    private void append(byte octet) throws UserdbCompileException {
      if (length == LINE_MAX_OCTETS) {
        throw refused("longer than " + LINE_MAX_OCTETS + " octets");
      }
      if (length == octets.length) {
        octets = Arrays.copyOf(octets, Math.min(LINE_MAX_OCTETS, length * 2));
      }
      octets[length++] = octet;
    }

    private void end(Lines lines) throws IOException {
      if (length > 0 && octets[0] != '#') {
        tab = -1;
        for (int i = length - 1; i >= 0; i--) {
          if (octets[i] == '\t') {
            tab = i;
          } else if (octets[i] == 0) {
            throw refused("a NUL octet");
          }
        }
        lines.line(this);
      }
      length = 0;
      number++;
    }
  }

  /**
   * Finds the files.
   *
   * @param root the file or directory
   * @param stamp what it is
   */
  UserdbText(Path root, FileStamp stamp) throws IOException {
    this.root = root;
    if (stamp.isDirectory()) {
      find(root, 1);
    } else if (stamp.isRegularFile()) {
      files.add(root);
    } else {
      throw new UserdbCompileException(FAILED, root + " is neither a file nor a directory.");
    }
  }

  /** Hands over every line, in the order of the files' names. */
  void forEach(Lines lines) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_OCTETS);
    for (Path file : files) {
      Line line = new Line(file);
      try (SeekableByteChannel channel = Files.newByteChannel(file)) {
        while (channel.read(chunk.clear()) >= 0) {
          chunk.flip();
          while (chunk.hasRemaining()) {
            byte octet = chunk.get();
            if (octet == '\n') {
              line.end(lines);
            } else {
              line.append(octet);
            }
          }
        }
        line.end(lines);
      }
    }
  }

  /** A line of text that tells where a name stands first and where again. */
  String places(byte[] name) throws IOException {
    List<String> found = new ArrayList<>();
    forEach(
        line -> {
          if (found.size() < 2 && Arrays.equals(line.name(), name)) {
            found.add(line.file + " line " + line.number);
          }
        });
    return found.isEmpty() ? "" : "\n       (" + String.join(" and ", found) + ")";
  }

  private void find(Path directory, int depth) throws IOException {
    if (depth > DEPTH_MAX) {
      throw new UserdbCompileException(
          FAILED,
          directory
              + " is more than "
              + DEPTH_MAX
              + " directories deep, or a symbolic link leads in a circle: make it flatter.");
    }
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path entry : stream) {
        entries.add(entry);
        if (entries.size() + files.size() > FILES_MAX) {
          throw new UserdbCompileException(
              FAILED, root + " has more than " + FILES_MAX + " files.");
        }
      }
    } catch (DirectoryIteratorException failed) {
      throw failed.getCause();
    }
    entries.sort(null);
    for (Path entry : entries) {
      if (isWanted(entry)) {
        if (Files.isDirectory(entry)) {
          find(entry, depth + 1);
        } else if (Files.isRegularFile(entry)) {
          files.add(entry);
        } else {
          throw new UserdbCompileException(
              FAILED, entry + " is neither a file nor a directory. Remove it.");
        }
      }
    }
  }

  /** What an editor left is passed over; what a package manager left is for a person to merge. */
  private static boolean isWanted(Path entry) throws IOException {
    String name = entry.getFileName().toString();
    if (name.startsWith(".") || name.contains("~")) {
      return false;
    }
    if (name.endsWith(".dist")) {
      Path merged = entry.resolveSibling(name.substring(0, name.length() - ".dist".length()));
      if (Files.isRegularFile(merged)
          && Files.getLastModifiedTime(merged).compareTo(Files.getLastModifiedTime(entry)) > 0) {
        return false;
      }
      throw leftBehind(entry);
    }
    if (name.endsWith(".rpmsave") || name.endsWith(".rpmnew") || name.contains(".dpkg-")) {
      throw leftBehind(entry);
    }
    return true;
  }

  private static UserdbCompileException leftBehind(Path entry) {
    return new UserdbCompileException(
        FAILED,
        entry
            + " was left by a package manager. Move what you need of it into the file of the name"
            + " before the last dot, remove it, and try again.");
  }
}
