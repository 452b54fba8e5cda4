package org.postrider.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;

/**
 * A message's file, open for reading. Stays readable when the message is renamed or expunged.
 *
 * @param size octets on disk
 * @param date internal date: the file's modification time
 */
public record OpenMessage(FileChannel file, long size, Instant date) implements AutoCloseable {
  @Override
  public void close() throws IOException {
    file.close();
  }
}
