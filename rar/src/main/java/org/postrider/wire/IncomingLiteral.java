package org.postrider.wire;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A literal whose size is known and whose octets are still with the client. It is accepted and
 * moved, or refused; never held in memory whole.
 *
 * @rfc 3501 4.3
 * @rfc 7888 4
 */
public final class IncomingLiteral {

  /** Octets moved at a time; also the most that a slow client makes the server hold. */
  private static final int PIECE_OCTETS = 32 * 1024;

  private final CommandOctets octets;
  private final long size;
  private final boolean synchronizing;

  IncomingLiteral(CommandOctets octets, long size, boolean synchronizing) {
    this.octets = octets;
    this.size = size;
    this.synchronizing = synchronizing;
  }

  /** Takes the next octets; the buffer is used again afterwards. */
  @FunctionalInterface
  public interface Sink {
    void take(ByteBuffer octets) throws IOException;
  }

  /** Octets announced. */
  public long size() {
    return size;
  }

  /** Tells the client to send it, where it waits for that. */
  public void accept() throws IOException {
    octets.accept(synchronizing);
  }

  /** Moves all octets. */
  public void transferTo(Sink sink) throws IOException {
    octets.transfer(size, new byte[(int) Math.min(size, PIECE_OCTETS)], sink);
  }

  /** It is not wanted: a synchronizing one is never sent, another is dropped when it comes. */
  void refuse() {
    octets.refuse(size, synchronizing);
  }
}
