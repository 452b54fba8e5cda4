package org.postrider.tool.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The sharable Maildirs that an account sees: the file {@code shared-maildirs} of its Maildir.
 *
 * <pre>
 * # comment
 * NAME TAB /path LF           TAB or blanks
 * </pre>
 *
 * <p>A name is added by appending to the file, and taken out by a new file that is renamed over it.
 * Nobody locks it, so the administrator alone changes it, one command after the other.
 */
final class SharedMaildirs {

  static final String FILE = "shared-maildirs";

  /** A few lines for each account: one beyond this is none. */
  private static final int MAX_OCTETS = 1 << 20;

  private final Path file;

  /**
   * @param file need not be there
   */
  SharedMaildirs(Path file) {
    this.file = file;
  }

  /** Whether the file names one so. */
  boolean has(String name) throws IOException {
    try {
      return text().lines().anyMatch(line -> isOf(line, name));
    } catch (NoSuchFileException none) {
      return false;
    }
  }

  /** Adds a line at the end. */
  void add(String name, String path) throws IOException {
    String line = name + "\t" + path + "\n";
    String before = "";
    if (Files.exists(file)) {
      String text = text();
      before = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    }
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      write(out, (before + line).getBytes(UTF_8));
    }
  }

  /**
   * Takes all lines of a name out; the others stay as they are.
   *
   * @return whether there was one
   * @throws NoSuchFileException where the Maildir has no such file
   */
  boolean remove(String name) throws IOException {
    StringBuilder rest = new StringBuilder();
    boolean found = false;
    String text = text();
    for (int from = 0; from < text.length(); ) {
      int end = text.indexOf('\n', from) + 1;
      String line = text.substring(from, end == 0 ? text.length() : end);
      if (isOf(line, name)) {
        found = true;
      } else {
        rest.append(line);
      }
      from += line.length();
    }
    if (found) {
      replace(file, rest.toString().getBytes(ISO_8859_1));
    }
    return found;
  }

  /** With one character for each octet. */
  private String text() throws IOException {
    if (Files.size(file) > MAX_OCTETS) {
      throw new IOException(file + " is larger than 1 MB, which no list of Maildirs is.");
    }
    return Files.readString(file, ISO_8859_1);
  }

  private static boolean isOf(String line, String name) {
    int end = 0;
    while (end < line.length() && line.charAt(end) > ' ') {
      end++;
    }
    String named = new String(line.substring(0, end).getBytes(ISO_8859_1), UTF_8);
    return !line.startsWith("#") && !line.isBlank() && named.equals(name);
  }

  /** A new file of the same mode and owner, in {@code tmp} first, synced, and renamed. */
  static void replace(Path file, byte[] content) throws IOException {
    Path scratch = Files.createTempFile(file.resolveSibling("tmp"), "maildirmake", "_shared");
    try {
      try (FileChannel out = FileChannel.open(scratch, StandardOpenOption.WRITE)) {
        Files.setAttribute(
            scratch, "unix:mode", (int) Files.getAttribute(file, "unix:mode") & 0777);
        if ((Integer) Files.getAttribute(scratch, "unix:uid")
            != (int) Files.getAttribute(file, "unix:uid")) {
          Files.setAttribute(scratch, "unix:gid", Files.getAttribute(file, "unix:gid"));
          Files.setAttribute(scratch, "unix:uid", Files.getAttribute(file, "unix:uid"));
        }
        write(out, content);
        out.force(true);
      }
      Files.move(scratch, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  private static void write(FileChannel out, byte[] octets) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(octets);
    while (left.hasRemaining()) {
      out.write(left);
    }
  }
}
