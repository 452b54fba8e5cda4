package org.postrider.message;

import java.util.List;
import java.util.Optional;
import org.postrider.protocol.Section;

/**
 * Finds what a section means in a message.
 *
 * <p>Numbers lead through multiparts; a {@code message/rfc822} part passes them on to the parts of
 * its message. A message that is no multipart has one part, number 1, which is its text. HEADER and
 * TEXT are those of a message: behind a number they name nothing unless the part is a {@code
 * message/rfc822}.
 *
 * @rfc 3501 6.4.5
 */
final class Sections {

  private Sections() {}

  /**
   * Where the octets are (of HEADER.FIELDS: the header to choose from); empty where there is no
   * such section.
   */
  static Optional<Region> find(Structure structure, Section section) {
    Part message = structure.message();
    if (section.part().isEmpty()) {
      return Optional.of(
          section.text() == Section.Text.ALL
              ? structure.whole()
              : ofMessage(message, section.text()));
    }
    Part part = part(message, section.part());
    if (part == null) {
      return Optional.empty();
    }
    return switch (section.text()) {
      case ALL -> Optional.of(part.body());
      case MIME -> Optional.of(part.header());
      case HEADER, HEADER_FIELDS, HEADER_FIELDS_NOT, TEXT ->
          part.hasMessage()
              ? Optional.of(ofMessage(part.message(), section.text()))
              : Optional.empty();
    };
  }

  private static Region ofMessage(Part message, Section.Text text) {
    return text == Section.Text.TEXT ? message.body() : message.header();
  }

  /** Null where there is no such part. */
  private static Part part(Part message, List<Long> numbers) {
    Part at = message;
    boolean isMessage = true;
    for (long number : numbers) {
      if (!isMessage && at.hasMessage()) {
        at = at.message();
        isMessage = true;
      }
      if (at.isMultipart()) {
        if (number > at.parts().size()) {
          return null;
        }
        at = at.parts().get((int) number - 1);
      } else if (!isMessage || number != 1) {
        return null;
      }
      isMessage = false;
    }
    return at;
  }
}
