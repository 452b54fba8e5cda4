package org.postrider.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;

/**
 * Passes octets between a client and the server that has its mail, as they are, until one of them
 * has had enough. One buffer each way; who does not read is not read for.
 *
 * <p>What the client says is passed on by the conversation's thread, which therefore keeps the
 * client's deadlines; what the server says, by another one, which takes the floor for each piece.
 */
final class Relay {

  private static final System.Logger LOG = System.getLogger(Relay.class.getName());

  private static final int BUFFER_OCTETS = 16 * 1024;

  /** How long the one side has to end when the other has. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private final Client client;
  private final Upstream upstream;
  private final Runnable heard;
  private volatile boolean atLineEnd = true;
  private volatile boolean over;

  /**
   * @param heard called whenever the client has said something
   */
  Relay(Client client, Upstream upstream, Runnable heard) {
    this.client = client;
    this.upstream = upstream;
    this.heard = heard;
  }

  /** False in the middle of a line to the client, where nothing of ours has a place. */
  boolean atLineEnd() {
    return atLineEnd;
  }

  /**
   * Passes octets on until the end; the connection to the server is closed then. The caller has the
   * floor, and has it again when this returns.
   *
   * @throws IOException the client's: it is gone, or was silent for too long
   */
  void run() throws IOException {
    client.speaking().unlock();
    Thread back = Thread.ofVirtual().name("upstream-" + client.link().id()).start(this::passBack);
    try {
      passOn();
      upstream.sayNoMore();
      await(back);
    } finally {
      over = true;
      upstream.close();
      client.speaking().lock();
    }
  }

  private void passOn() throws IOException {
    byte[] rest = client.reader().takeRest();
    InputStream in = client.link().in();
    byte[] buffer = new byte[BUFFER_OCTETS];
    boolean taken = tell(rest, rest.length);
    while (taken) {
      int count = in.read(buffer);
      if (count < 0) {
        return;
      }
      heard.run();
      taken = tell(buffer, count);
    }
  }

  /** False where the server takes nothing any more. */
  private boolean tell(byte[] octets, int count) {
    try {
      upstream.out().write(octets, 0, count);
      return true;
    } catch (IOException e) {
      ended("to", e);
      return false;
    }
  }

  private void passBack() {
    byte[] buffer = new byte[BUFFER_OCTETS];
    WritableByteChannel out = client.link().out();
    try {
      for (int count = upstream.in().read(buffer); count >= 0; count = upstream.in().read(buffer)) {
        client.speaking().lock();
        try {
          ByteBuffer octets = ByteBuffer.wrap(buffer, 0, count);
          while (octets.hasRemaining()) {
            out.write(octets);
          }
          atLineEnd = count == 0 ? atLineEnd : buffer[count - 1] == '\n';
        } finally {
          client.speaking().unlock();
        }
      }
    } catch (IOException e) {
      ended("from", e);
    }
    if (!over) { // otherwise it is this side that ended it, and has yet to say why
      // The client has read the server's last words; the other thread is to come back.
      client.link().sayNoMore();
      client.link().stopReading();
    }
  }

  private void ended(String direction, IOException e) {
    LOG.log(
        System.Logger.Level.DEBUG,
        () ->
            client.link().id() + ": nothing goes " + direction + " " + upstream.host() + ": " + e);
  }

  private static void await(Thread thread) throws InterruptedIOException {
    try {
      thread.join(LAST_WORDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The server is stopping.");
    }
  }
}
