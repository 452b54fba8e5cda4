package org.postrider.connector;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.postrider.mail.MailException;
import org.postrider.session.Link;
import org.postrider.session.Upstream;
import org.postrider.wire.DisconnectException;

/**
 * One client's connection: its socket, its TLS, its deadlines. Before sign-in there is one deadline
 * for all, whatever trickles in; afterwards each silence may be as long as the idle time.
 *
 * <p>Reading and TLS belong to the connection's virtual thread; writing to whoever has the floor;
 * {@link #close} and {@link #stuckNanos} to any thread.
 */
final class Connection implements Link {

  private static final System.Logger LOG = System.getLogger(Connection.class.getName());

  /** How long a client that was told goodbye may still send, before it is cut. */
  private static final int LAST_OCTETS_MILLIS = 500;

  /** Beyond the deadline that reads keep themselves. */
  private static final long OVERDUE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final String id;
  private final SocketChannel channel;
  private final InetSocketAddress client;
  private final Optional<ServerCertificate> certificate;
  private final Duration idleTime;
  private final UpstreamServers upstreams;
  private final long signInDeadline;
  private volatile SSLSocket tls;
  private volatile boolean signedIn;

  /** {@code nanoTime} of a write that has not ended; 0 between writes. */
  private volatile long writingSince;

  /**
   * @param certificate empty: TLS is not offered
   */
  Connection(
      String id,
      SocketChannel channel,
      Optional<ServerCertificate> certificate,
      Duration signInTime,
      Duration idleTime,
      UpstreamServers upstreams)
      throws IOException {
    this.id = id;
    this.channel = channel;
    this.client = (InetSocketAddress) channel.getRemoteAddress();
    this.certificate = certificate;
    this.idleTime = idleTime;
    this.upstreams = upstreams;
    this.signInDeadline = System.nanoTime() + signInTime.toNanos();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public InetSocketAddress client() {
    return client;
  }

  @Override
  public boolean secure() {
    return tls != null;
  }

  @Override
  public int port() {
    return channel.socket().getLocalPort();
  }

  @Override
  public Optional<SSLSession> tls() {
    return Optional.ofNullable(tls).map(SSLSocket::getSession);
  }

  @Override
  public boolean offersTls() {
    return certificate.isPresent();
  }

  @Override
  public void startTls() throws IOException {
    SSLSocket secured = certificate.orElseThrow().over(channel.socket());
    secured.setSoTimeout(millisLeft());
    secured.startHandshake();
    tls = secured;
  }

  /** The TLS version; empty without TLS. */
  String tlsVersion() {
    SSLSocket secured = tls;
    return secured == null ? "" : secured.getSession().getProtocol();
  }

  @Override
  public void signedIn() {
    signedIn = true;
  }

  /**
   * True where the client should have signed in long ago: a handshake that trickles has no other
   * end.
   */
  boolean overdue() {
    return !signedIn && System.nanoTime() - signInDeadline > OVERDUE_NANOS;
  }

  /** How long the write that is going on has been waiting for the client; 0 where none is. */
  long stuckNanos() {
    long since = writingSince;
    return since == 0 ? 0 : System.nanoTime() - since;
  }

  @Override
  public InputStream in() {
    return new TimedInput();
  }

  @Override
  public WritableByteChannel out() {
    return new TimedOutput();
  }

  @Override
  public void sayNoMore() {
    try {
      SSLSocket secured = tls;
      if (secured == null) {
        channel.shutdownOutput();
      } else {
        secured.shutdownOutput();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> id + " was gone before it was left: " + e);
    }
  }

  @Override
  public void stopReading() {
    try {
      channel.shutdownInput();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> id + " was gone before it was left: " + e);
    }
  }

  @Override
  public Upstream upstream(String mailhost, String name, byte[] password) throws MailException {
    return upstreams.connect(mailhost, name, password);
  }

  @Override
  public void hangUp() {
    sayNoMore();
    try {
      Socket socket = socket();
      socket.setSoTimeout(LAST_OCTETS_MILLIS);
      InputStream in = socket.getInputStream();
      byte[] dropped = new byte[4096];
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_OCTETS_MILLIS);
      while (System.nanoTime() < end && in.read(dropped) > 0) {
        continue;
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> id + " did not close its side: " + e);
    } finally {
      close();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, id + " did not close", e);
    }
  }

  private Socket socket() {
    SSLSocket secured = tls;
    return secured == null ? channel.socket() : secured;
  }

  private int millisLeft() throws DisconnectException {
    if (signedIn) {
      return Math.toIntExact(Math.min(idleTime.toMillis(), Integer.MAX_VALUE));
    }
    long left = TimeUnit.NANOSECONDS.toMillis(signInDeadline - System.nanoTime());
    if (left <= 0) {
      throw timedOut();
    }
    return Math.toIntExact(Math.min(left, Integer.MAX_VALUE));
  }

  private DisconnectException timedOut() {
    return new DisconnectException(
        null,
        signedIn
            ? "Disconnected for inactivity: nothing came for " + idleTime.toMinutes() + " minutes."
            : "Disconnected: signing in took too long.");
  }

  /** Octets from the client, whatever the transport is by now. */
  private final class TimedInput extends InputStream {

    private final Socket socket = socket();
    private InputStream in;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] octets, int offset, int length) throws IOException {
      if (in == null) {
        in = socket.getInputStream();
      }
      socket.setSoTimeout(millisLeft());
      try {
        return in.read(octets, offset, length);
      } catch (SocketTimeoutException e) {
        throw timedOut();
      }
    }
  }

  /** Octets to the client; remembers how long a write takes, because no socket limits that. */
  private final class TimedOutput implements WritableByteChannel {

    private final SSLSocket secured = tls;
    private OutputStream out;

    @Override
    public int write(ByteBuffer octets) throws IOException {
      writingSince = System.nanoTime();
      try {
        if (secured == null) {
          return channel.write(octets);
        }
        if (out == null) {
          out = secured.getOutputStream();
        }
        int length = octets.remaining();
        out.write(octets.array(), octets.arrayOffset() + octets.position(), length);
        octets.position(octets.limit());
        return length;
      } finally {
        writingSince = 0;
      }
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() {
      Connection.this.close();
    }
  }
}
