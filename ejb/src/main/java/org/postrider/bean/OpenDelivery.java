package org.postrider.bean;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.postrider.mail.Delivery;
import org.postrider.mail.MailException;
import org.postrider.maildir.Folder;
import org.postrider.maildir.Incoming;

/**
 * A message that a client is sending.
 *
 * @param folder where it goes
 * @param outgoing whether it is sent first
 */
record OpenDelivery(Folder folder, Incoming message, Outgoing outgoing) implements Delivery {

  @Override
  public void write(ByteBuffer octets) throws MailException {
    try {
      message.write(octets);
    } catch (IOException e) {
      throw Refusals.failed(e);
    }
  }

  @Override
  public void end() throws MailException {
    try {
      message.finish();
    } catch (IOException e) {
      throw Refusals.failed(e);
    }
  }

  @Override
  public void close() throws IOException {
    message.close();
  }
}
