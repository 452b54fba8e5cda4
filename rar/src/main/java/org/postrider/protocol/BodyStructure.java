package org.postrider.protocol;

import java.util.List;

/**
 * The shape of a message: its parts, what they are and how large. Sizes are octets on the wire, in
 * transfer encoding.
 *
 * @rfc 3501 7.4.2
 */
public sealed interface BodyStructure {

  /** Media type in lower case, {@code text}. */
  String type();

  /** Media subtype in lower case, {@code plain}. */
  String subtype();

  /**
   * Parameters of Content-Type in their order; a text part has a charset always, {@code us-ascii}
   * where none is named.
   */
  List<Parameter> parameters();

  /** Content-Disposition, Content-Language, Content-Location. */
  Extension extension();

  /** A parameter of a MIME header field. */
  record Parameter(String name, String value) {}

  /**
   * @param type in lower case, {@code attachment}
   */
  record Disposition(String type, List<Parameter> parameters) {
    public Disposition {
      parameters = List.copyOf(parameters);
    }
  }

  /**
   * What BODYSTRUCTURE tells beyond BODY.
   *
   * @param md5 Content-MD5; null where there is none, and always for a multipart
   * @param disposition null where there is none
   * @param language empty where there is none
   * @param location null where there is none
   */
  record Extension(String md5, Disposition disposition, List<String> language, String location) {
    public static final Extension NONE = new Extension(null, null, List.of(), null);

    public Extension {
      language = List.copyOf(language);
    }
  }

  /**
   * The fields that every part but a multipart has.
   *
   * @param id Content-ID; null where there is none
   * @param description Content-Description; null where there is none
   * @param encoding Content-Transfer-Encoding in lower case; {@code 7bit} where there is none
   * @param octets size of the body on the wire
   */
  record Fields(String id, String description, String encoding, long octets) {}

  /**
   * @param parts at least one; deeper ones than the parser's bound are a {@link Basic}
   */
  record Multipart(
      String subtype, List<Parameter> parameters, List<BodyStructure> parts, Extension extension)
      implements BodyStructure {
    public Multipart {
      parts = List.copyOf(parts);
      parameters = List.copyOf(parameters);
    }

    @Override
    public String type() {
      return "multipart";
    }
  }

  /**
   * @param lines line ends in the body
   */
  record Text(
      String subtype, List<Parameter> parameters, Fields fields, long lines, Extension extension)
      implements BodyStructure {
    public Text {
      parameters = List.copyOf(parameters);
    }

    @Override
    public String type() {
      return "text";
    }
  }

  /** A part of type {@code message/rfc822} (or {@code message/global}). */
  record Message(
      String subtype,
      List<Parameter> parameters,
      Fields fields,
      Envelope envelope,
      BodyStructure body,
      long lines,
      Extension extension)
      implements BodyStructure {
    public Message {
      parameters = List.copyOf(parameters);
    }

    @Override
    public String type() {
      return "message";
    }
  }

  /** Any other part. */
  record Basic(
      String type, String subtype, List<Parameter> parameters, Fields fields, Extension extension)
      implements BodyStructure {
    public Basic {
      parameters = List.copyOf(parameters);
    }
  }
}
