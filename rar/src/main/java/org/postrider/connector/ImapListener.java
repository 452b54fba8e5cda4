package org.postrider.connector;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** One listening socket and the thread that accepts from it. */
final class ImapListener {

  private static final System.Logger LOG = System.getLogger(ImapListener.class.getName());

  private static final int BACKLOG = 1024;

  private final String name;
  private final boolean implicitTls;
  private final Optional<ServerCertificate> certificate;
  private final ServerSocketChannel socket;
  private final InetSocketAddress address;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();
  private Thread acceptor;

  /**
   * Binds; nothing is accepted yet.
   *
   * @param name {@code imap} or {@code imaps}
   * @param certificate empty: no TLS
   * @throws IOException with a sentence for the administrator where the port can't be had
   */
  ImapListener(
      String name,
      InetSocketAddress address,
      boolean implicitTls,
      Optional<ServerCertificate> certificate)
      throws IOException {
    this.name = name;
    this.implicitTls = implicitTls;
    this.certificate = certificate;
    this.socket = ServerSocketChannel.open();
    try {
      socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      socket.bind(address, BACKLOG);
      this.address = (InetSocketAddress) socket.getLocalAddress();
    } catch (BindException e) {
      socket.close();
      throw new IOException(
          "Port "
              + address.getPort()
              + " ("
              + name
              + ") can't be opened on "
              + address.getAddress().getHostAddress()
              + ": "
              + e.getMessage()
              + ". Stop the program that has it, or choose another by -D"
              + name
              + ".port.",
          e);
    }
  }

  /** True where a connection to that address of this machine would be accepted here. */
  boolean isAt(InetSocketAddress other) {
    if (other.getPort() != address.getPort()) {
      return false;
    }
    try {
      boolean everywhere = address.getAddress().isAnyLocalAddress();
      return other.getAddress().equals(address.getAddress())
          || (everywhere
              && (other.getAddress().isLoopbackAddress()
                  || other.getAddress().isAnyLocalAddress()
                  || NetworkInterface.getByInetAddress(other.getAddress()) != null));
    } catch (SocketException e) {
      return false;
    }
  }

  boolean implicitTls() {
    return implicitTls;
  }

  Optional<ServerCertificate> certificate() {
    return certificate;
  }

  AtomicInteger open() {
    return open;
  }

  void countRefused() {
    refused.incrementAndGet();
  }

  /** Who takes accepted connections; must return at once. */
  @FunctionalInterface
  interface Taker {
    void take(ImapListener listener, SocketChannel channel);
  }

  void start(Taker taker) {
    acceptor =
        Thread.ofVirtual()
            .name("postrider-" + name + "-" + address.getPort())
            .start(() -> accept(taker));
  }

  private void accept(Taker taker) {
    while (socket.isOpen()) {
      try {
        SocketChannel channel = socket.accept();
        accepted.incrementAndGet();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        taker.take(this, channel);
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "Port "
                + address.getPort()
                + " could not accept a connection ("
                + e.getMessage()
                + ")");
        pause();
      }
    }
  }

  /** Out of file handles, most likely: trying again at once would only burn the processor. */
  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Accepts nothing more; connections stay. */
  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "Port " + address.getPort() + " did not close", e);
    }
    if (acceptor != null) {
      acceptor.interrupt();
      awaitEnd(acceptor);
    }
  }

  /** The port is free only when the thread that waits in accept has let go of it. */
  private static void awaitEnd(Thread acceptor) {
    try {
      acceptor.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  ListenerState state() {
    return new ListenerState(
        name,
        address.getAddress().getHostAddress(),
        address.getPort(),
        implicitTls ? "TLS" : certificate.isPresent() ? "STARTTLS" : "none",
        certificate.map(ServerCertificate::validUntil).map(Instant::toString).orElse(""),
        open.get(),
        accepted.get(),
        refused.get());
  }
}
