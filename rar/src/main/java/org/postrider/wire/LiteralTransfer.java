package org.postrider.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.postrider.protocol.Literal;

/**
 * Moves a literal's octets from its file. It counts: a literal that ends early ends the connection,
 * because the client would take what follows for its octets.
 */
final class LiteralTransfer {

  private static final int PIECE_OCTETS = 32 * 1024;

  private LiteralTransfer() {}

  /** Where widened octets go: answers a buffer with room for at least one octet. */
  @FunctionalInterface
  interface Room {
    ByteBuffer get() throws IOException;
  }

  /** Sends a region as it is. */
  static void send(Literal.FileRegion region, Room room) throws IOException {
    long position = region.offset();
    long end = region.offset() + region.size();
    ByteBuffer piece =
        ByteBuffer.allocate((int) Math.min(PIECE_OCTETS, Math.max(1, region.size())));
    while (position < end) {
      piece.clear();
      piece.limit((int) Math.min(piece.capacity(), end - position));
      int read = region.file().read(piece, position);
      if (read <= 0) {
        throw cutShort();
      }
      put(piece.array(), 0, read, room);
      position += read;
    }
  }

  /** Sends a region with every bare LF widened to CRLF. */
  static void widen(Literal.CrlfRegion region, Room room) throws IOException {
    FileChannel file = region.file();
    ByteBuffer piece =
        ByteBuffer.allocate((int) Math.min(PIECE_OCTETS, Math.max(1, region.length())));
    byte[] octets = piece.array();
    long position = region.offset();
    long end = region.offset() + region.length();
    long skip = region.skip();
    long left = region.size();
    boolean afterCr = false;
    while (left > 0) {
      piece.clear();
      piece.limit((int) Math.min(piece.capacity(), end - position));
      int read = piece.hasRemaining() ? file.read(piece, position) : -1;
      if (read <= 0) {
        throw cutShort();
      }
      position += read;
      int from = 0;
      while (from < read && left > 0) {
        int lf = indexOfLf(octets, from, read);
        int run = lf - from;
        long taken = Math.min(Math.max(0, run - skip), left);
        int start = (int) Math.min(run, skip);
        skip -= start;
        put(octets, from + start, (int) taken, room);
        left -= taken;
        if (lf == read) {
          afterCr = octets[read - 1] == '\r';
          break;
        }
        boolean bare = run > 0 ? octets[lf - 1] != '\r' : !afterCr;
        if (bare) {
          if (skip > 0) {
            skip--;
          } else if (left > 0) {
            room.get().put((byte) '\r');
            left--;
          }
        }
        if (skip > 0) {
          skip--;
        } else if (left > 0) {
          room.get().put((byte) '\n');
          left--;
        }
        afterCr = false;
        from = lf + 1;
      }
    }
  }

  private static int indexOfLf(byte[] octets, int from, int to) {
    int i = from;
    while (i < to && octets[i] != '\n') {
      i++;
    }
    return i;
  }

  private static void put(byte[] octets, int from, int length, Room room) throws IOException {
    int done = 0;
    while (done < length) {
      ByteBuffer target = room.get();
      int step = Math.min(target.remaining(), length - done);
      target.put(octets, from + done, step);
      done += step;
    }
  }

  private static IOException cutShort() {
    return new IOException("A message file became shorter while it was being sent.");
  }
}
