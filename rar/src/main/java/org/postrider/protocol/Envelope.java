package org.postrider.protocol;

import java.util.List;

/**
 * The header fields that a list of messages shows. Texts are as in the header, unfolded, encoded
 * words left in place; octets above 127 are decoded (UTF-8, else Windows-1252). Null where a field
 * is missing.
 *
 * @rfc 3501 7.4.2
 */
public record Envelope(
    String date,
    String subject,
    List<Address> from,
    List<Address> sender,
    List<Address> replyTo,
    List<Address> to,
    List<Address> cc,
    List<Address> bcc,
    String inReplyTo,
    String messageId) {

  public Envelope {
    from = List.copyOf(from);
    sender = List.copyOf(sender);
    replyTo = List.copyOf(replyTo);
    to = List.copyOf(to);
    cc = List.copyOf(cc);
    bcc = List.copyOf(bcc);
  }
}
