package org.postrider.message;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.postrider.message.OpenPart.Place;
import org.postrider.protocol.Envelope;

/**
 * Finds the structure of a message in one pass, front to back, through one buffer: where its parts
 * begin and end in the file, how long they are on the wire, what their headers say. Time is linear
 * in the size of the file, memory is bounded whatever is in it. Only reading can fail, never what
 * is read:
 *
 * <table>
 *   <caption>What is made of broken messages</caption>
 *   <tr><td>a header whose first line is no field</td><td>there is no header, all is body</td></tr>
 *   <tr><td>another line in a header that is no field</td><td>stays in the header, means nothing</td></tr>
 *   <tr><td>a header without a blank line</td><td>ends at the boundary or the end</td></tr>
 *   <tr><td>a multipart without a boundary, or that never occurs</td><td>plain text</td></tr>
 *   <tr><td>a multipart that is not closed</td><td>ends with what is around it</td></tr>
 *   <tr><td>parts within more than {@value #MAX_DEPTH} multiparts and messages</td><td>{@code application/octet-stream}</td></tr>
 *   <tr><td>parts from number {@value #MAX_PARTS} on</td><td>belong to the last one</td></tr>
 *   <tr><td>header text beyond {@link HeaderCapture}'s bounds</td><td>is not in envelope and structure</td></tr>
 * </table>
 *
 * <p>A boundary line is the boundary followed by the end of the line, a blank or two hyphens; of
 * several open boundaries that fit a line the longest one is meant.
 *
 * @rfc 2046 5.1
 * @rfc 3501 6.4.5
 */
public final class MessageParser {

  /** Most multiparts and messages around a part. */
  public static final int MAX_DEPTH = 50;

  /** Most parts of a message, those of nested messages included. */
  public static final int MAX_PARTS = 10_000;

  /** Most parameters in the fields of all parts together. */
  static final int MAX_PARAMETERS = 20_000;

  private static final int LOOK_AHEAD = OpenPart.MAX_BOUNDARY + HeaderLine.LOOK_AHEAD;

  private final OctetReader in;
  private final HeaderCapture fields = new HeaderCapture();
  private final List<OpenPart> stack = new ArrayList<>();
  private final LineMap.Builder lineMap = new LineMap.Builder();

  private long bare;
  private long lines;
  private boolean inHeader;
  private int parts;
  private int parametersLeft = MAX_PARAMETERS;
  private int boundaries;
  private boolean closing;

  private MessageParser(OctetReader in) {
    this.in = in;
  }

  /**
   * The structure of the message in a file, read from its first octet whatever the channel's
   * position.
   */
  public static Structure parse(FileChannel file) throws IOException {
    return parse(file::read);
  }

  static Structure parse(OctetSource source) throws IOException {
    try (OctetReader in = new OctetReader(source)) {
      return new MessageParser(in).message();
    }
  }

  /** Reads no further than the header: the envelope of the message. */
  public static Envelope parseHeader(FileChannel file) throws IOException {
    return parseHeader(file::read);
  }

  static Envelope parseHeader(OctetSource source) throws IOException {
    try (OctetReader in = new OctetReader(source)) {
      MessageParser parser = new MessageParser(in);
      parser.open(0, true, false);
      parser.header();
      parser.fields.finishField();
      return parser.fields.envelope();
    }
  }

  private Structure message() throws IOException {
    open(0, true, false);
    boolean more = true;
    while (more) {
      if (inHeader) {
        header();
        headerEnds();
      } else {
        more = body();
      }
    }
    Place end = place();
    Part root = close(end);
    while (!stack.isEmpty()) {
      root = close(end);
    }
    Region whole = new Region(0, end.offset(), 0, end.wire());
    return new Structure(root, whole, lineMap.build());
  }

  private Place place() {
    return new Place(in.offset(), bare, lines);
  }

  private void open(int depth, boolean message, boolean inDigest) {
    stack.add(new OpenPart(place(), depth, message, inDigest));
    fields.start(message, in.offset());
    inHeader = true;
    if (++parts >= MAX_PARTS) {
      boundaries = 0;
    }
  }

  private Part close(Place end) {
    OpenPart closed = stack.removeLast();
    if (closed.boundary != null) {
      boundaries--;
    }
    Part part = closed.close(end);
    if (!stack.isEmpty()) {
      stack.getLast().parts.add(part);
    }
    return part;
  }

  /** Goes over lines to the first one of the body, or to a boundary, or to the end. */
  private void header() throws IOException {
    boolean any = false;
    boolean ownBoundaryKnown = false;
    byte[] ownBoundary = null;
    while (true) {
      in.lookAhead(LOOK_AHEAD);
      if (in.position == in.end || (boundaries > 0 && boundary() >= 0)) {
        return;
      }
      switch (HeaderLine.at(in.octets, in.position, in.end)) {
        case BLANK -> {
          skipLine(false);
          return;
        }
        case FIELD -> {
          any = true;
          field();
        }
        case FOLDED -> {
          if (!any) {
            return;
          }
          skipLine(fields.wantsMore());
        }
        case MBOX -> {
          fields.finishField();
          skipLine(false);
        }
        case JUNK -> {
          if (!any) {
            return;
          }
          fields.finishField();
          if (!ownBoundaryKnown && startsWithHyphens()) {
            String contentType = fields.value(HeaderCapture.Field.CONTENT_TYPE);
            ownBoundaryKnown = contentType != null;
            ownBoundary = OpenPart.boundaryOf(contentType);
          }
          if (ownBoundary != null && fits(ownBoundary)) {
            return;
          }
          skipLine(false);
        }
      }
    }
  }

  private void field() throws IOException {
    int from = in.position;
    int colon = HeaderLine.colon(in.octets, from, in.end);
    boolean wanted =
        fields.field(in.octets, from, HeaderLine.nameEnd(in.octets, from, colon), in.offset());
    in.position = colon + 1;
    skipLine(wanted);
  }

  private void headerEnds() {
    OpenPart part = stack.getLast();
    part.headerEnds(place(), fields, parametersLeft);
    parametersLeft -= part.parameterCount();
    inHeader = false;
    if (part.depth < MAX_DEPTH && parts < MAX_PARTS) {
      if (part.isMultipart()) {
        part.boundary = part.namedBoundary();
        boundaries += part.boundary == null ? 0 : 1;
      } else if (part.isMessage()) {
        open(part.depth + 1, true, false);
      }
    } else {
      part.tooDeep = true;
    }
  }

  /**
   * Goes over lines to the one behind the next boundary line.
   *
   * @return false where there is none
   */
  private boolean body() throws IOException {
    do {
      if (boundaries > 0) {
        in.lookAhead(2);
        if (startsWithHyphens()) {
          in.lookAhead(LOOK_AHEAD);
          int index = boundary();
          if (index >= 0) {
            boundaryLine(index);
            return true;
          }
        }
      }
    } while (skipLine(false));
    return false;
  }

  private boolean startsWithHyphens() {
    int at = in.position;
    return in.end - at >= 2 && in.octets[at] == '-' && in.octets[at + 1] == '-';
  }

  /**
   * Which multipart's boundary the line here is, as an index in the stack; -1 where it is none.
   * Sets {@code closing}. At most {@value #MAX_DEPTH} comparisons, most of which end at the first
   * octet.
   */
  private int boundary() {
    if (!startsWithHyphens()) {
      return -1;
    }
    int lineFeed = in.indexOfLineFeed(in.position);
    int room = (lineFeed < 0 ? in.end : lineFeed) - in.position - 2;
    int found = -1;
    int longest = 0;
    for (int i = stack.size() - 1; i >= 0; i--) {
      byte[] boundary = stack.get(i).boundary;
      if (boundary != null
          && boundary.length > longest
          && boundary.length <= room
          && fits(boundary)) {
        found = i;
        longest = boundary.length;
      }
    }
    if (found >= 0) {
      int rest = in.position + 2 + longest;
      closing = in.end - rest >= 2 && in.octets[rest] == '-' && in.octets[rest + 1] == '-';
    }
    return found;
  }

  /** True where the line here, which begins with two hyphens, is a line of this boundary. */
  private boolean fits(byte[] boundary) {
    int from = in.position + 2;
    int to = from + boundary.length;
    if (to > in.end
        || in.octets[to - 1] != boundary[boundary.length - 1]
        || !Arrays.equals(in.octets, from, to, boundary, 0, boundary.length)) {
      return false;
    }
    return to == in.end
        || (in.octets[to] <= ' ' && in.octets[to] >= 0)
        || (in.end - to >= 2 && in.octets[to] == '-' && in.octets[to + 1] == '-');
  }

  /**
   * The line here ends what is within a multipart, and begins its next part or is its last line.
   */
  private void boundaryLine(int index) throws IOException {
    Place here = place();
    boolean afterCrlf = in.octets[in.position - 2] == '\r';
    Place before =
        new Place(here.offset() - (afterCrlf ? 2 : 1), bare - (afterCrlf ? 0 : 1), lines - 1);
    // The line end before a boundary belongs to it, but for a part that has no line in its body.
    boolean toHere = false;
    while (stack.size() - 1 > index) {
      toHere |= stack.getLast().bodyStart.offset() > before.offset();
      close(toHere ? here : before);
    }
    OpenPart multipart = stack.getLast();
    boolean last = closing;
    skipLine(false);
    if (last) {
      multipart.boundary = null;
      boundaries--;
    } else {
      open(multipart.depth + 1, false, multipart.isDigest());
    }
  }

  /**
   * Goes to the beginning of the next line.
   *
   * @param capture true to keep what is passed as the value of a field
   * @return false where the message ends before
   */
  private boolean skipLine(boolean capture) throws IOException {
    int from = in.position;
    while (true) {
      int lineFeed = in.indexOfLineFeed(from);
      if (lineFeed >= 0) {
        boolean crlf = in.octets[lineFeed - 1] == '\r';
        if (capture) {
          fields.append(in.octets, in.position, crlf ? lineFeed - 1 : lineFeed);
        }
        lines++;
        bare += crlf ? 0 : 1;
        in.position = lineFeed + 1;
        if (in.offset() >= lineMap.next) {
          lineMap.add(in.offset(), in.offset() + bare);
        }
        return true;
      }
      // A carriage return at the end of the buffer may be half a line end.
      int stop = in.end > in.position && in.octets[in.end - 1] == '\r' ? in.end - 1 : in.end;
      if (capture) {
        fields.append(in.octets, in.position, stop);
      }
      int seen = in.end - stop;
      in.position = stop;
      if (!in.more()) {
        in.position = in.end;
        return false;
      }
      from = in.position + seen;
    }
  }
}
