package org.postrider.wire;

import java.io.IOException;
import java.util.List;
import org.postrider.protocol.Address;
import org.postrider.protocol.BodyStructure;
import org.postrider.protocol.BodyStructure.Parameter;
import org.postrider.protocol.Envelope;

/**
 * Spells ENVELOPE and BODYSTRUCTURE. Its recursion is as deep as the structure, which the parser
 * bounds.
 *
 * @rfc 3501 7.4.2
 */
final class StructureWriter {

  private final ResponseWriter out;
  private final boolean backslashesLeftOut;

  StructureWriter(ResponseWriter out, boolean backslashesLeftOut) {
    this.out = out;
    this.backslashesLeftOut = backslashesLeftOut;
  }

  void envelope(Envelope envelope) throws IOException {
    out.octet('(').nstring(envelope.date()).octet(' ').nstring(envelope.subject());
    addresses(envelope.from());
    addresses(envelope.sender());
    addresses(envelope.replyTo());
    addresses(envelope.to());
    addresses(envelope.cc());
    addresses(envelope.bcc());
    out.octet(' ')
        .nstring(envelope.inReplyTo())
        .octet(' ')
        .nstring(envelope.messageId())
        .octet(')');
  }

  private void addresses(List<Address> addresses) throws IOException {
    out.octet(' ');
    if (addresses.isEmpty()) {
      out.ascii("NIL");
      return;
    }
    out.octet('(');
    for (Address address : addresses) {
      out.octet('(')
          .nstring(address.name())
          .octet(' ')
          .nstring(address.route())
          .octet(' ')
          .nstring(address.mailbox())
          .octet(' ')
          .nstring(address.host())
          .octet(')');
    }
    out.octet(')');
  }

  void structure(BodyStructure structure, boolean extended) throws IOException {
    out.octet('(');
    switch (structure) {
      case BodyStructure.Multipart multipart -> {
        for (BodyStructure part : multipart.parts()) {
          structure(part, extended);
        }
        out.octet(' ').string(multipart.subtype());
        if (extended) {
          out.octet(' ');
          parameters(multipart.parameters());
        }
      }
      case BodyStructure.Text text -> {
        fields(text, text.fields());
        out.octet(' ').number(text.lines());
        md5(text.extension(), extended);
      }
      case BodyStructure.Message message -> {
        fields(message, message.fields());
        out.octet(' ');
        envelope(message.envelope());
        out.octet(' ');
        structure(message.body(), extended);
        out.octet(' ').number(message.lines());
        md5(message.extension(), extended);
      }
      case BodyStructure.Basic basic -> {
        fields(basic, basic.fields());
        md5(basic.extension(), extended);
      }
    }
    if (extended) {
      extension(structure.extension());
    }
    out.octet(')');
  }

  private void fields(BodyStructure part, BodyStructure.Fields fields) throws IOException {
    out.string(part.type()).octet(' ').string(part.subtype()).octet(' ');
    parameters(part.parameters());
    out.octet(' ')
        .nstring(fields.id())
        .octet(' ')
        .nstring(fields.description())
        .octet(' ')
        .string(fields.encoding())
        .octet(' ')
        .number(fields.octets());
  }

  private void md5(BodyStructure.Extension extension, boolean extended) throws IOException {
    if (extended) {
      out.octet(' ').nstring(extension.md5());
    }
  }

  private void extension(BodyStructure.Extension extension) throws IOException {
    out.octet(' ');
    BodyStructure.Disposition disposition = extension.disposition();
    if (disposition == null) {
      out.ascii("NIL");
    } else {
      out.octet('(').string(disposition.type()).octet(' ');
      parameters(disposition.parameters());
      out.octet(')');
    }
    out.octet(' ');
    List<String> language = extension.language();
    if (language.isEmpty()) {
      out.ascii("NIL");
    } else {
      String before = "(";
      for (String tag : language) {
        out.ascii(before).string(tag);
        before = " ";
      }
      out.octet(')');
    }
    out.octet(' ').nstring(extension.location());
  }

  private void parameters(List<Parameter> parameters) throws IOException {
    if (parameters.isEmpty()) {
      out.ascii("NIL");
      return;
    }
    String before = "(";
    for (Parameter parameter : parameters) {
      String value = parameter.value();
      out.ascii(before)
          .string(parameter.name())
          .octet(' ')
          .string(backslashesLeftOut ? value.replace("\\", "") : value);
      before = " ";
    }
    out.octet(')');
  }
}
