package org.postrider.message;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the octets of a message are: {@code FileChannel::read}, or an array. */
@FunctionalInterface
interface OctetSource {

  /**
   * Reads some octets from a place, without moving any position.
   *
   * @return how many; -1 at the end
   */
  int read(ByteBuffer target, long offset) throws IOException;

  /** Octets in memory, for tests and for header values. */
  static OctetSource of(byte[] octets) {
    return (target, offset) -> {
      if (offset >= octets.length) {
        return -1;
      }
      int count = Math.min(target.remaining(), octets.length - (int) offset);
      target.put(octets, (int) offset, count);
      return count;
    };
  }
}
