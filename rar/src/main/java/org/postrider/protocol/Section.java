package org.postrider.protocol;

import java.util.List;

/**
 * A part of a message, or of a part: {@code 2.1.HEADER.FIELDS (From To)}.
 *
 * @param part part numbers from the outside in, each at least 1; empty is the message itself
 * @param text what of that part
 * @param fields names of header fields, as the client wrote them; empty unless {@code text} names
 *     fields
 * @rfc 3501 6.4.5
 */
public record Section(List<Long> part, Text text, List<String> fields) {

  /** The whole message: {@code BODY[]}. */
  public static final Section WHOLE = new Section(List.of(), Text.ALL, List.of());

  /** Deepest part path taken; deeper than any structure that is built. */
  public static final int MAX_DEPTH = 100;

  public Section {
    part = List.copyOf(part);
    fields = List.copyOf(fields);
    if (part.size() > MAX_DEPTH || part.stream().anyMatch(number -> number < 1)) {
      throw new IllegalArgumentException(
          "part numbers begin at 1, and at most " + MAX_DEPTH + " of them name a part");
    }
    if (text == Text.MIME && part.isEmpty()) {
      throw new IllegalArgumentException("MIME needs a part number");
    }
    if (fields.isEmpty() == text.namesFields()) {
      throw new IllegalArgumentException(
          "header fields are named with HEADER.FIELDS, and only there");
    }
  }

  /** What of the part is meant. */
  public enum Text {
    /** The contents of the part; of the message: all of it. */
    ALL(""),
    HEADER("HEADER"),
    HEADER_FIELDS("HEADER.FIELDS"),
    HEADER_FIELDS_NOT("HEADER.FIELDS.NOT"),
    TEXT("TEXT"),
    /** The MIME header of a part. */
    MIME("MIME");

    private final String wireName;

    Text(String wireName) {
      this.wireName = wireName;
    }

    public String wireName() {
      return wireName;
    }

    public boolean namesFields() {
      return this == HEADER_FIELDS || this == HEADER_FIELDS_NOT;
    }
  }
}
