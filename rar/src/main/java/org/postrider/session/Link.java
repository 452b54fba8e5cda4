package org.postrider.session;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import org.postrider.mail.MailException;
import org.postrider.protocol.ResponseCode.Word;

/** The way to the client, as a conversation sees it: octets in, octets out, and TLS. */
public interface Link {

  /** Names this connection in the log and in the console; never empty. */
  String id();

  InetSocketAddress client();

  /** This server's port that the client connected to; 0 where there are no ports. */
  int port();

  /** True where nobody between here and the client can read along. */
  boolean secure();

  /** TLS as the handshake left it; empty without. */
  Optional<SSLSession> tls();

  /** True where {@link #startTls} can be asked for. */
  boolean offersTls();

  /**
   * Octets from the client. A read that takes too long throws {@code wire.DisconnectException}.
   * After {@link #startTls} it is another stream.
   */
  InputStream in();

  /** Octets to the client; after {@link #startTls} another channel. */
  WritableByteChannel out();

  /**
   * Shakes hands; what came in clear before it is gone. Called once, when the answer to STARTTLS is
   * sent.
   */
  void startTls() throws IOException;

  /** The client has signed in: it may be silent for longer now. */
  void signedIn();

  /** Nothing more goes to the client, which learns it: TLS ends as TLS ends. From any thread. */
  void sayNoMore();

  /** Nothing more comes from the client: whoever is reading reads the end. From any thread. */
  default void stopReading() {
    close();
  }

  /**
   * Connects to another server, and signs an account in there.
   *
   * @param mailhost its name, with a port or without
   * @param password not kept, not wiped
   * @throws MailException where that can't be done, with a sentence for the client
   */
  default Upstream upstream(String mailhost, String name, byte[] password) throws MailException {
    throw new MailException(Word.UNAVAILABLE, "No other server can be reached from here.");
  }

  /**
   * Ends the connection so that the client reads all that was said: what it still sends is dropped
   * for a moment, because a socket that is closed over unread octets takes back its last words.
   * From the connection's own thread.
   */
  void hangUp();

  /** Ends the connection at once, from any thread. */
  void close();
}
