package org.postrider.protocol;

import java.nio.channels.FileChannel;

/**
 * Octets of known number on their way to a client. A message is never held in memory: regions name
 * a place in an open file, and {@code wire.ResponseWriter} moves it from there.
 */
public sealed interface Literal {

  /** Octets on the wire. */
  long size();

  /** Nothing. */
  Literal EMPTY = new Octets(new byte[0]);

  /** A few kilobytes at most, made for the purpose. */
  record Octets(byte[] octets) implements Literal {
    @Override
    public long size() {
      return octets.length;
    }
  }

  /**
   * A region of a file whose lines already end in CRLF, or that is binary: goes out as it is.
   *
   * @param file open while the literal is in use; whoever made the literal closes it
   * @param offset first octet in the file
   * @param size octets
   */
  record FileRegion(FileChannel file, long offset, long size) implements Literal {}

  /**
   * A region of a file with bare LF line ends, widened to CRLF on its way.
   *
   * @param file as in {@link FileRegion}
   * @param offset first octet in the file
   * @param length octets in the file
   * @param skip octets on the wire to leave out at the beginning, for a {@link Partial}
   * @param size octets on the wire that follow these
   */
  record CrlfRegion(FileChannel file, long offset, long length, long skip, long size)
      implements Literal {}
}
