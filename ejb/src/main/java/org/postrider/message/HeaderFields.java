package org.postrider.message;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Goes over the fields of one header, in their order, one at a time. Octets that are no field (the
 * first line of mbox files, lines without a colon) are passed over.
 *
 * @rfc 5322 2.2
 */
public final class HeaderFields implements AutoCloseable {

  /**
   * What a selection of header fields has at most, in octets on the wire: fields beyond it are left
   * out.
   */
  public static final int MAX_SELECTION = 256 * 1024;

  private static final byte[] LINE_END = {'\r', '\n'};

  private final OctetReader in;
  private final int maxField;
  private final ByteArrayOutputStream field = new ByteArrayOutputStream(512);
  private String name;
  private int valueStart;
  private boolean ended;
  private boolean anyField;

  /**
   * @param header where to look; the blank line ends it before that
   * @param maxField octets of one field, on the wire; what follows of it is cut off
   */
  HeaderFields(OctetSource source, Region header, int maxField) {
    this.in = new OctetReader(source, header.offset(), header.length());
    this.maxField = maxField;
  }

  /** The fields of the header at the beginning of a file. */
  public static HeaderFields of(FileChannel file, int maxField) {
    return new HeaderFields(file::read, new Region(0, Long.MAX_VALUE, 0, 0), maxField);
  }

  /** The fields of a header that was found before. */
  public static HeaderFields of(FileChannel file, Region header, int maxField) {
    return new HeaderFields(file::read, header, maxField);
  }

  /** Goes to the next field. False where there is none. */
  public boolean next() throws IOException {
    name = null;
    field.reset();
    while (!ended) {
      in.lookAhead(HeaderLine.LOOK_AHEAD);
      if (in.position == in.end) {
        ended = true;
        break;
      }
      HeaderLine kind = HeaderLine.at(in.octets, in.position, in.end);
      boolean any = name != null || anyField;
      if (name != null && kind != HeaderLine.FOLDED) {
        return true;
      }
      switch (kind) {
        case BLANK -> ended = true;
        case FIELD -> begin();
        case FOLDED, JUNK -> {
          ended = !any;
          line(name != null);
        }
        case MBOX -> line(false);
      }
    }
    return name != null;
  }

  private void begin() throws IOException {
    anyField = true;
    int from = in.position;
    int colon = HeaderLine.colon(in.octets, from, in.end);
    name = HeaderText.decode(in.octets, from, HeaderLine.nameEnd(in.octets, from, colon));
    valueStart = colon + 1 - from;
    line(true);
  }

  /** Takes or passes one line; a line end on disk becomes one on the wire. */
  private void line(boolean take) throws IOException {
    int from = in.position;
    while (true) {
      int lineFeed = in.indexOfLineFeed(from);
      if (lineFeed >= 0) {
        if (take) {
          boolean crlf = in.octets[lineFeed - 1] == '\r';
          append(in.octets, in.position, Math.max(in.position, crlf ? lineFeed - 1 : lineFeed));
          field.write(LINE_END, 0, 2);
        }
        in.position = lineFeed + 1;
        return;
      }
      int stop = in.end > in.position && in.octets[in.end - 1] == '\r' ? in.end - 1 : in.end;
      if (take) {
        append(in.octets, in.position, stop);
      }
      int seen = in.end - stop;
      in.position = stop;
      if (!in.more()) {
        if (take) {
          append(in.octets, in.position, in.end);
          field.write(LINE_END, 0, 2);
        }
        in.position = in.end;
        return;
      }
      from = in.position + seen;
    }
  }

  private void append(byte[] octets, int from, int to) {
    int count = Math.min(to - from, maxField - field.size());
    if (count > 0) {
      field.write(octets, from, count);
    }
  }

  /** Name of the field, as it is written. */
  public String name() {
    return name;
  }

  /** Value of the field, unfolded, octets above 127 decoded, encoded words left in place. */
  public String value() {
    byte[] octets = field.toByteArray();
    int length = valueStart;
    for (int i = valueStart; i < octets.length; i++) {
      boolean lineEnd = octets[i] == '\r' && i + 1 < octets.length && octets[i + 1] == '\n';
      if (lineEnd) {
        i++;
      } else {
        octets[length++] = octets[i];
      }
    }
    return HeaderText.value(octets, valueStart, length);
  }

  @Override
  public void close() {
    in.close();
  }

  /**
   * The fields that have one of the names, or those that have none of them, and a blank line.
   *
   * @param names in any case
   * @param others true for those that have another name
   * @rfc 3501 6.4.5
   */
  static byte[] select(OctetSource source, Region header, List<String> names, boolean others)
      throws IOException {
    Set<String> wanted = new HashSet<>();
    for (String name : names) {
      wanted.add(name.toLowerCase(Locale.ROOT));
    }
    ByteArrayOutputStream selection = new ByteArrayOutputStream(1024);
    try (HeaderFields fields = new HeaderFields(source, header, MAX_SELECTION)) {
      while (fields.next()) {
        if (wanted.contains(fields.name.toLowerCase(Locale.ROOT)) != others
            && selection.size() + fields.field.size() <= MAX_SELECTION) {
          fields.field.writeTo(selection);
        }
      }
    }
    selection.write(LINE_END, 0, 2);
    return selection.toByteArray();
  }
}
