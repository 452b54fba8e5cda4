package org.postrider.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.postrider.message.HeaderCapture.Field;
import org.postrider.protocol.BodyStructure.Disposition;
import org.postrider.protocol.BodyStructure.Extension;
import org.postrider.protocol.BodyStructure.Parameter;
import org.postrider.protocol.Envelope;

/** A part whose end has not been seen yet: what the parser knows of it so far. */
final class OpenPart {

  /** Longest boundary that is looked for; RFC 2046 allows 70. */
  static final int MAX_BOUNDARY = 200;

  private static final int FEW_PARAMETERS = 10;

  private static final List<Parameter> US_ASCII = List.of(new Parameter("charset", "us-ascii"));

  /** Multiparts and messages around this one. */
  final int depth;

  /** True for the message itself and for one in a {@code message/rfc822} part. */
  final boolean message;

  /**
   * True in a {@code multipart/digest}, whose parts are messages where they do not say otherwise.
   */
  private final boolean inDigest;

  final List<Part> parts = new ArrayList<>();

  Region header;
  Place bodyStart;

  /**
   * What lines begin with that end a part of this multipart, without the two hyphens; null where
   * there are none.
   */
  byte[] boundary;

  private byte[] namedBoundary;

  /** True where the parts in it are not looked for: it is as good as a file of unknown kind. */
  boolean tooDeep;

  private final Place start;
  private String type;
  private String subtype;
  private List<Parameter> parameters;
  private Extension extension;
  private String id;
  private String description;
  private String encoding;
  private Envelope envelope;

  OpenPart(Place start, int depth, boolean message, boolean inDigest) {
    this.start = start;
    this.depth = depth;
    this.message = message;
    this.inDigest = inDigest;
  }

  /**
   * A place between two octets of the message.
   *
   * @param offset octets in the file before it
   * @param bare line feeds before it that have no carriage return
   * @param lines line feeds before it
   */
  record Place(long offset, long bare, long lines) {
    long wire() {
      return offset + bare;
    }

    Region to(Place end) {
      return new Region(offset, end.offset - offset, wire(), end.wire() - wire());
    }
  }

  /**
   * The header is complete.
   *
   * @param parametersLeft parameters that the message may still have
   */
  void headerEnds(Place end, HeaderCapture fields, int parametersLeft) {
    header = start.to(end);
    bodyStart = end;
    fields.finishField();
    contentType(fields.value(Field.CONTENT_TYPE), parametersLeft);
    String transferEncoding = fields.token(Field.CONTENT_TRANSFER_ENCODING);
    encoding = transferEncoding == null ? "7bit" : transferEncoding;
    id = fields.value(Field.CONTENT_ID);
    description = fields.value(Field.CONTENT_DESCRIPTION);
    Disposition disposition = disposition(fields.value(Field.CONTENT_DISPOSITION), parametersLeft);
    String language = fields.value(Field.CONTENT_LANGUAGE);
    String location = fields.value(Field.CONTENT_LOCATION);
    String md5 = fields.value(Field.CONTENT_MD5);
    if (disposition != null || language != null || location != null || md5 != null) {
      extension = new Extension(md5, disposition, languages(language), withoutBlanks(location));
    } else {
      extension = Extension.NONE;
    }
    if (message) {
      envelope = fields.envelope();
    }
  }

  int parameterCount() {
    Disposition disposition = extension.disposition();
    return parameters.size() + (disposition == null ? 0 : disposition.parameters().size());
  }

  boolean isMultipart() {
    return type.equals("multipart");
  }

  boolean isMessage() {
    return type.equals("message") && (subtype.equals("rfc822") || subtype.equals("global"));
  }

  boolean isDigest() {
    return isMultipart() && subtype.equals("digest");
  }

  /** The boundary that Content-Type names; null where there is none that can be looked for. */
  static byte[] boundaryOf(String contentType) {
    return contentType == null ? null : octets(MimeValue.parse(contentType).parameter("boundary"));
  }

  /** The boundary that Content-Type names; null where there is none that can be looked for. */
  byte[] namedBoundary() {
    return namedBoundary;
  }

  private static byte[] octets(String boundary) {
    if (boundary == null) {
      return null;
    }
    byte[] octets = boundary.stripTrailing().getBytes(StandardCharsets.UTF_8);
    return octets.length == 0 || octets.length > MAX_BOUNDARY ? null : octets;
  }

  private void contentType(String field, int parametersLeft) {
    MimeValue value = field == null ? null : MimeValue.parse(field, toLookAt(parametersLeft));
    int slash = value == null ? -1 : value.value().indexOf('/');
    if (slash > 0 && slash < value.value().length() - 1) {
      type = value.value().substring(0, slash);
      subtype = value.value().substring(slash + 1);
      parameters = atMost(value.parameters(), parametersLeft);
      namedBoundary = octets(value.parameter("boundary"));
    } else if (inDigest && field == null) {
      type = "message";
      subtype = "rfc822";
      parameters = List.of();
    } else {
      plainText();
    }
    if (type.equals("text")
        && subtype.equals("plain")
        && parameters.stream().noneMatch(OpenPart::isCharset)) {
      parameters = new ArrayList<>(parameters);
      parameters.addAll(US_ASCII);
    }
  }

  private static boolean isCharset(Parameter parameter) {
    return parameter.name().equals("charset");
  }

  private void plainText() {
    type = "text";
    subtype = "plain";
    parameters = US_ASCII;
  }

  /** A few are always looked at: a boundary may be among them. */
  private static int toLookAt(int parametersLeft) {
    return Math.clamp(parametersLeft, FEW_PARAMETERS, MimeValue.MAX_PARAMETERS);
  }

  private static List<Parameter> atMost(List<Parameter> list, int count) {
    return list.size() <= count ? list : list.subList(0, Math.max(0, count));
  }

  private static Disposition disposition(String field, int parametersLeft) {
    if (field == null) {
      return null;
    }
    MimeValue value = MimeValue.parse(field, toLookAt(parametersLeft));
    if (value.value().isEmpty() && value.parameters().isEmpty()) {
      return null;
    }
    String type = value.value().isEmpty() ? "attachment" : value.value();
    return new Disposition(type, atMost(value.parameters(), parametersLeft));
  }

  /**
   * @rfc 3282 2
   */
  private static List<String> languages(String field) {
    List<String> languages = new ArrayList<>();
    if (field != null) {
      for (String tag : field.split("[,\\s]+", 32)) {
        if (!tag.isEmpty()) {
          languages.add(tag);
        }
      }
    }
    return languages;
  }

  private static String withoutBlanks(String location) {
    return location == null ? null : location.replace(" ", "");
  }

  /** The part, now that its end is known. */
  Part close(Place end) {
    if (parts.isEmpty() && (isMultipart() || isMessage())) {
      if (tooDeep || isMessage()) {
        opaque();
      } else {
        // Nothing in it is set off by a boundary: for whoever reads the message it is a text.
        plainText();
      }
    }
    return new Part(
        header,
        bodyStart.to(end),
        end.lines() - bodyStart.lines(),
        type,
        subtype,
        parameters,
        extension,
        id,
        description,
        encoding,
        envelope,
        parts);
  }

  private void opaque() {
    type = "application";
    subtype = "octet-stream";
    parameters = List.of();
  }
}
