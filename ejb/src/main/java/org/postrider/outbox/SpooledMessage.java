package org.postrider.outbox;

import jakarta.mail.Address;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A message as the mail library sends it, which never holds it: it asks for the octets once, and
 * whom the envelope is from.
 */
final class SpooledMessage extends MimeMessage {

  private final Letter letter;
  private final InternetAddress from;
  private volatile boolean whole;

  SpooledMessage(Session session, Letter letter, InternetAddress from) {
    super(session);
    this.letter = letter;
    this.from = from;
  }

  /** True once every octet has been handed over. */
  boolean isWhole() {
    return whole;
  }

  /** The envelope's sender. */
  @Override
  public Address[] getFrom() {
    return new Address[] {from};
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    letter.writeTo(out);
    whole = true;
  }

  /**
   * @param ignored fields that the library leaves out of messages of its own making
   */
  @Override
  public void writeTo(OutputStream out, String[] ignored) throws IOException {
    writeTo(out);
  }
}
