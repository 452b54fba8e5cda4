package org.postrider.message;

import java.util.List;
import org.postrider.protocol.BodyStructure;
import org.postrider.protocol.BodyStructure.Extension;
import org.postrider.protocol.BodyStructure.Fields;
import org.postrider.protocol.BodyStructure.Parameter;
import org.postrider.protocol.Envelope;

/**
 * A part of a message, or the message itself: where it is in the file, what it is, and what is in
 * it. Immutable.
 *
 * @param header with the blank line that ends it, where there is one
 * @param body of a part in a multipart without the line end before the next boundary, which belongs
 *     to that
 * @param lines line ends in the body
 * @param type media type in lower case
 * @param subtype media subtype in lower case
 * @param id Content-ID; null where there is none
 * @param description Content-Description; null where there is none
 * @param encoding Content-Transfer-Encoding in lower case; {@code 7bit} where there is none
 * @param envelope of a message; null for a mere part
 * @param parts of a multipart, at least one; of a {@code message/rfc822} part the one message in
 *     it; else empty
 */
public record Part(
    Region header,
    Region body,
    long lines,
    String type,
    String subtype,
    List<Parameter> parameters,
    Extension extension,
    String id,
    String description,
    String encoding,
    Envelope envelope,
    List<Part> parts) {

  public Part {
    parameters = List.copyOf(parameters);
    parts = List.copyOf(parts);
  }

  public boolean isMultipart() {
    return !parts.isEmpty() && type.equals("multipart");
  }

  /**
   * True for a part of type {@code message/rfc822} (or {@code message/global}) whose message was
   * parsed.
   */
  public boolean hasMessage() {
    return !parts.isEmpty() && type.equals("message");
  }

  /** The message in this part; only where {@link #hasMessage()}. */
  public Part message() {
    return parts.getFirst();
  }

  /** The first parameter of Content-Type of that name (lower case); null where there is none. */
  public String parameter(String name) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(name)) {
        return parameter.value();
      }
    }
    return null;
  }

  /** This part as FETCH tells it. Goes as deep as the parts, which the parser bounds. */
  public BodyStructure structure() {
    if (isMultipart()) {
      List<BodyStructure> children = parts.stream().map(Part::structure).toList();
      return new BodyStructure.Multipart(subtype, parameters, children, extension);
    }
    Fields fields = new Fields(id, description, encoding, body.wire());
    if (hasMessage()) {
      Part message = message();
      return new BodyStructure.Message(
          subtype, parameters, fields, message.envelope(), message.structure(), lines, extension);
    }
    if (type.equals("text")) {
      return new BodyStructure.Text(subtype, parameters, fields, lines, extension);
    }
    return new BodyStructure.Basic(type, subtype, parameters, fields, extension);
  }
}
