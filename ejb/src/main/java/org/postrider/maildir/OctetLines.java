package org.postrider.maildir;

import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;

/**
 * The lines of a file of the store, one after the other, in one buffer of bounded size, whatever
 * the file is: a line longer than the bound is told as such, and its octets are dropped. Lines end
 * in LF. Used by one thread.
 */
final class OctetLines implements Closeable {

  private static final int BUFFER = 64 * 1024;

  private final InputStream in;
  private final int longest;
  private long left;
  private byte[] octets;
  private int filled;
  private int start;
  private int end;
  private int following;
  private boolean tooLong;
  private boolean whole;

  /**
   * @param longest octets of a line that are kept
   * @param most octets that are read; the rest is not there
   */
  private OctetLines(InputStream in, int longest, long most) {
    this.in = in;
    this.longest = longest;
    this.left = most;
    this.octets = new byte[(int) Math.min(BUFFER, most + 1)];
  }

  /** The lines of octets in memory. */
  OctetLines(byte[] content, int longest) {
    this(new ByteArrayInputStream(content), longest, content.length);
  }

  /**
   * The lines of a file.
   *
   * @param longest octets of a line that are kept
   * @return null where there is none, or something else has its name, or it is larger than the
   *     bound
   */
  static OctetLines of(Disk disk, Path file, int longest, long most) throws IOException {
    BasicFileAttributes there = disk.stat(file);
    if (there == null || !there.isRegularFile() || there.size() > most) {
      return null;
    }
    try {
      // What is added to it meanwhile is not read.
      return new OctetLines(Channels.newInputStream(disk.open(file)), longest, there.size());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Goes to the next line; false where there is none. */
  boolean next() throws IOException {
    start = following;
    tooLong = false;
    int i = start;
    while (true) {
      while (i < filled && octets[i] != '\n') {
        i++;
      }
      whole = i < filled;
      if (whole) {
        tooLong |= i - start > longest;
        end = i;
        following = i + 1;
        return true;
      }
      if (i - start > longest) {
        tooLong = true;
        filled = start; // these octets are of no use
      }
      toTheBeginning();
      i = filled;
      if (!fill()) {
        end = filled;
        following = filled;
        return tooLong || end > start;
      }
    }
  }

  private void toTheBeginning() {
    System.arraycopy(octets, start, octets, 0, filled - start);
    filled -= start;
    start = 0;
  }

  private boolean fill() throws IOException {
    if (filled == octets.length) {
      octets = Arrays.copyOf(octets, octets.length * 2);
    }
    int read =
        left == 0 ? -1 : in.read(octets, filled, (int) Math.min(octets.length - filled, left));
    if (read < 0) {
      return false;
    }
    filled += read;
    left -= read;
    return true;
  }

  /** True where the line was longer than the bound; its octets are not known. */
  boolean isTooLong() {
    return tooLong;
  }

  /** True where the line has its LF. */
  boolean isWhole() {
    return whole;
  }

  /** Octets of the line, without its LF. */
  int length() {
    return end - start;
  }

  /** An octet of the line. */
  byte at(int i) {
    return octets[start + i];
  }

  /** Octets of the line from there on, one character each. */
  String text(int from) {
    return new String(octets, start + from, end - start - from, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
