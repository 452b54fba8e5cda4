package org.postrider.outbox;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A message on its way out: what is stored, without some fields of its header and with one line
 * before it. It is read from its file through one buffer, as often as it is asked for.
 *
 * <p>The header ends at its first empty line; a line in it that is no field is sent as it is.
 *
 * @param file lines ending in LF; read by position
 * @param first a whole line, with its LF, or empty
 * @param omitted names of fields that are not sent, in any case
 */
record Letter(FileChannel file, String first, Set<String> omitted) {

  private static final int BUFFER_OCTETS = 16 * 1024;

  /** No name that is left out is longer. */
  private static final int NAME_MAX_OCTETS = 128;

  Letter {
    Set<String> lower = new TreeSet<>();
    omitted.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
    omitted = lower;
  }

  /** The same without another field. */
  Letter without(String... names) {
    Set<String> all = new TreeSet<>(omitted);
    all.addAll(Set.of(names));
    return new Letter(file, first, all);
  }

  /** Writes all of it, lines ending in LF. Does not close. */
  void writeTo(OutputStream out) throws IOException {
    out.write(first.getBytes(StandardCharsets.UTF_8));
    Header header = new Header(out);
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_OCTETS);
    long at = 0;
    while (true) {
      int count = file.read(buffer.clear(), at);
      if (count < 0) {
        break;
      }
      at += count;
      int from = header.take(buffer.array(), count);
      out.write(buffer.array(), from, count - from);
    }
    header.end();
  }

  /** The header as it goes by. */
  private final class Header {
    private final OutputStream out;
    private final byte[] name = new byte[NAME_MAX_OCTETS];
    private int length;

    /** False behind the name, or where there can be none any more. */
    private boolean inName = true;

    private boolean omits;
    private boolean ended;

    Header(OutputStream out) {
      this.out = out;
    }

    /**
     * @return how many of the octets belong to the header
     */
    int take(byte[] octets, int count) throws IOException {
      int at = 0;
      while (at < count && !ended) {
        if (inName) {
          name(octets[at++]);
        } else {
          at = restOfLine(octets, at, count);
        }
      }
      return at;
    }

    private void name(byte b) throws IOException {
      boolean folded = length == 0 && (b == ' ' || b == '\t');
      if (folded) {
        inName = false; // goes, or stays, with the line before
        put(b);
      } else if (b == '\n') {
        ended = length == 0 || (length == 1 && name[0] == '\r');
        omits = false;
        putName();
        put(b);
      } else if (b == ':' || length == NAME_MAX_OCTETS) {
        omits = b == ':' && omitted.contains(text());
        inName = false;
        putName();
        put(b);
      } else {
        name[length++] = b;
      }
    }

    private int restOfLine(byte[] octets, int from, int count) throws IOException {
      int to = from;
      while (to < count && octets[to] != '\n') {
        to++;
      }
      boolean whole = to < count;
      int end = whole ? to + 1 : to;
      if (!omits) {
        out.write(octets, from, end - from);
      }
      inName = whole;
      return end;
    }

    private String text() {
      return new String(name, 0, length, StandardCharsets.ISO_8859_1)
          .stripTrailing()
          .toLowerCase(Locale.ROOT);
    }

    private void putName() throws IOException {
      if (!omits) {
        out.write(name, 0, length);
      }
      length = 0;
    }

    private void put(byte b) throws IOException {
      if (!omits) {
        out.write(b);
      }
    }

    /** The file ends within the header. */
    void end() throws IOException {
      if (!ended && inName) {
        omits = false;
        putName();
      }
    }
  }
}
