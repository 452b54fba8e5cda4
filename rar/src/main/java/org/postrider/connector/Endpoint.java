package org.postrider.connector;

import org.postrider.mail.MailListener;

/**
 * One connection's door into the application.
 *
 * @param release gives it back to the container
 */
record Endpoint(MailListener listener, Runnable release) implements AutoCloseable {

  @Override
  public void close() {
    release.run();
  }
}
