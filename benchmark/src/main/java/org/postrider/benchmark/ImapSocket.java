package org.postrider.benchmark;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocket;

/** A client that costs next to nothing, so that the server is what is measured. */
final class ImapSocket implements Closeable {

  private static final int TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] buffer = new byte[8192];
  private int position;
  private int limit;

  private ImapSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /**
   * Connects and reads the greeting.
   *
   * @param tls null for clear text
   */
  static ImapSocket connect(InetSocketAddress server, ClientTls tls) throws IOException {
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.setSoTimeout(TIMEOUT_MILLIS);
      plain.connect(server, TIMEOUT_MILLIS);
      ImapSocket client = new ImapSocket(tls == null ? plain : tls.over(plain));
      String greeting = client.line();
      if (!greeting.startsWith("* OK")) {
        throw new IOException("greeted by: " + greeting);
      }
      return client;
    } catch (IOException failed) {
      plain.close();
      throw failed;
    }
  }

  /** The version of TLS that was agreed on. */
  String protocol() {
    return socket instanceof SSLSocket secured ? secured.getSession().getProtocol() : "clear text";
  }

  /** Sends a command and reads up to its answer; an error unless that is OK. */
  void ok(String command) throws IOException {
    out.write(("a " + command + "\r\n").getBytes(ISO_8859_1));
    out.flush();
    String line = line();
    while (!line.startsWith("a ")) {
      if (line.startsWith("* BYE") && !command.equals("LOGOUT")) {
        throw new IOException(line);
      }
      line = line();
    }
    if (!line.startsWith("a OK")) {
      throw new IOException(line);
    }
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder(128);
    while (true) {
      if (position == limit) {
        limit = in.read(buffer);
        position = 0;
        if (limit < 0) {
          limit = 0;
          throw new EOFException("closed after: " + line);
        }
      }
      char c = (char) (buffer[position++] & 0xFF);
      if (c == '\n') {
        return line.toString();
      }
      if (c != '\r') {
        line.append(c);
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
