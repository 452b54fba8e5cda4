package org.postrider.mail;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A message on its way into a mailbox: an open file that no mailbox shows yet. Closed undelivered,
 * it is gone without a trace; closing it after delivery does nothing.
 *
 * <p>Used by one thread at a time.
 */
public interface Delivery extends AutoCloseable {

  /**
   * Takes the next octets as they come from the client, lines ending in CRLF.
   *
   * @throws MailException {@code [OVERQUOTA]} or {@code [UNAVAILABLE]} where they could not be
   *     written (no room); the rest of the literal is then dropped by the caller
   */
  void write(ByteBuffer octets) throws MailException;

  /**
   * No octets follow, but other messages do before it is delivered: what it holds open is closed.
   *
   * @throws MailException as {@link #write}
   */
  default void end() throws MailException {}

  @Override
  void close() throws IOException;
}
