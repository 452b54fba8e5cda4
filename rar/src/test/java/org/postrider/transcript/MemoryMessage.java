package org.postrider.transcript;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postrider.protocol.Flags;
import org.postrider.protocol.Section;

/** A message of the store in memory. Guarded by the store's lock. */
final class MemoryMessage {

  /** Octets on the wire. */
  final byte[] octets;

  final OffsetDateTime date;

  /** The state at which it came into its folder. */
  final long arrived;

  Flags flags;

  /** The state at which its flags changed last. */
  long changed;

  MemoryMessage(byte[] octets, OffsetDateTime date, Flags flags, long arrived) {
    this.octets = octets;
    this.date = date;
    this.flags = flags;
    this.arrived = arrived;
    this.changed = arrived;
  }

  /** Octets where lines end in LF, as on disk. */
  long diskSize() {
    return text().replace("\r\n", "\n").length();
  }

  /** The header with its empty line, one character an octet. */
  String header() {
    return text().substring(0, bodyStart());
  }

  String body() {
    return text().substring(bodyStart());
  }

  /** All of it, one character an octet. */
  String text() {
    return new String(octets, StandardCharsets.ISO_8859_1);
  }

  private int bodyStart() {
    String text = text();
    if (text.startsWith("\r\n")) {
      return 2;
    }
    int end = text.indexOf("\r\n\r\n");
    return end < 0 ? text.length() : end + 4;
  }

  /** The fields of the header, folded ones in one piece, each with its CRLF. */
  List<String> fields() {
    List<String> fields = new ArrayList<>();
    for (String line : header().split("(?<=\r\n)")) {
      boolean goesOn = line.startsWith(" ") || line.startsWith("\t");
      if (goesOn && !fields.isEmpty()) {
        fields.set(fields.size() - 1, fields.getLast() + line);
      } else if (!line.equals("\r\n")) {
        fields.add(line);
      }
    }
    return fields;
  }

  /** True where a field of that name holds the text, whatever the case. */
  boolean hasField(String name, String text) {
    for (String field : fields()) {
      int colon = field.indexOf(':');
      if (colon > 0
          && field.substring(0, colon).strip().equalsIgnoreCase(name)
          && contains(field.substring(colon + 1).replace("\r\n", ""), text)) {
        return true;
      }
    }
    return false;
  }

  /** The unfolded value of the first field of that name; empty where there is none. */
  String field(String name) {
    for (String field : fields()) {
      int colon = field.indexOf(':');
      if (colon > 0 && field.substring(0, colon).strip().equalsIgnoreCase(name)) {
        return field.substring(colon + 1).replace("\r\n", "").strip();
      }
    }
    return "";
  }

  static boolean contains(String text, String part) {
    return text.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }

  /** The octets of a section of the message itself. */
  byte[] section(Section section) {
    String text =
        switch (section.text()) {
          case ALL -> text();
          case HEADER -> header();
          case TEXT -> body();
          case HEADER_FIELDS -> fields(section.fields(), true);
          case HEADER_FIELDS_NOT -> fields(section.fields(), false);
          case MIME -> throw new IllegalArgumentException("a message itself has no MIME header");
        };
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private String fields(List<String> names, boolean wanted) {
    StringBuilder text = new StringBuilder();
    for (String field : fields()) {
      int colon = field.indexOf(':');
      String name = colon < 0 ? "" : field.substring(0, colon).strip();
      if (names.stream().anyMatch(name::equalsIgnoreCase) == wanted) {
        text.append(field);
      }
    }
    return text.append("\r\n").toString();
  }
}
