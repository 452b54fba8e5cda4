package org.postrider.message;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;
import org.postrider.protocol.BodyStructure;
import org.postrider.protocol.Envelope;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.Literal;
import org.postrider.protocol.Partial;
import org.postrider.protocol.Section;

/**
 * The structure of one message: what it is made of and where in its file. Immutable; good for as
 * long as the file has these octets, under whatever name. Some hundred octets for a simple message.
 */
public final class Structure {

  private final Part message;
  private final Region whole;
  private final LineMap lineMap;

  Structure(Part message, Region whole, LineMap lineMap) {
    this.message = message;
    this.whole = whole;
    this.lineMap = lineMap;
  }

  /** The message as the outermost part. */
  public Part message() {
    return message;
  }

  /** The whole file. */
  public Region whole() {
    return whole;
  }

  /** Octets of the message on the wire: RFC822.SIZE. */
  public long wireSize() {
    return whole.wire();
  }

  public Envelope envelope() {
    return message.envelope();
  }

  public BodyStructure bodyStructure() {
    return message.structure();
  }

  /**
   * The octets that an item of FETCH asks for. Bodies stay in the file; only a selection of header
   * fields is read here (at most {@link HeaderFields#MAX_SELECTION} octets).
   *
   * @param file the message that this is the structure of; has to stay open while the literal is in
   *     use
   * @return empty where the section does not exist, or the piece begins behind its end
   */
  public Literal literal(FetchItem.Body item, FileChannel file) throws IOException {
    Section section = item.section();
    Optional<Region> found = Sections.find(this, section);
    if (found.isEmpty()) {
      return Literal.EMPTY;
    }
    if (section.text().namesFields()) {
      boolean others = section.text() == Section.Text.HEADER_FIELDS_NOT;
      byte[] selection = HeaderFields.select(file::read, found.get(), section.fields(), others);
      return new Literal.Octets(clipped(selection, item.partial()));
    }
    return region(found.get(), item.partial(), file);
  }

  private static byte[] clipped(byte[] octets, Optional<Partial> partial) {
    if (partial.isEmpty()) {
      return octets;
    }
    int from = (int) Math.min(partial.get().offset(), octets.length);
    int to = (int) Math.min(from + partial.get().length(), octets.length);
    return Arrays.copyOfRange(octets, from, to);
  }

  private Literal region(Region region, Optional<Partial> partial, FileChannel file) {
    long skip = partial.map(Partial::offset).orElse(0L);
    long size = Math.min(partial.map(Partial::length).orElse(Long.MAX_VALUE), region.wire() - skip);
    if (size <= 0) {
      return Literal.EMPTY;
    }
    if (region.wire() == region.length()) {
      return new Literal.FileRegion(file, region.offset() + skip, size);
    }
    long[] start = lineMap.before(region, skip);
    return new Literal.CrlfRegion(file, start[0], region.end() - start[0], skip - start[1], size);
  }
}
