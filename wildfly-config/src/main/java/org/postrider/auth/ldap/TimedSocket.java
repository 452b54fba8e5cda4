package org.postrider.auth.ldap;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A socket that is read until a point in time, however the octets drip in: a time limit for each
 * read, which is all that sockets have, would begin anew with each octet. TLS may be layered over
 * it. For one thread at a time.
 */
final class TimedSocket extends Socket {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private volatile long end;

  /** Sets the point in time, of {@link System#nanoTime}, after which reading fails. */
  void readUntil(long nanos) {
    end = nanos;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        await();
        return super.read();
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        await();
        return super.read(buffer, offset, length);
      }
    };
  }

  private void await() throws IOException {
    long rest = (end - System.nanoTime()) / NANOS_PER_MILLI;
    if (rest <= 0) {
      throw new SocketTimeoutException("The time for an answer is over.");
    }
    super.setSoTimeout((int) Math.min(rest, Integer.MAX_VALUE));
  }

  /** Has no effect: {@link #readUntil} decides, and the library would set its own limits. */
  @Override
  public void setSoTimeout(int unused) {}
}
