package org.postrider.it;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Sockets that have already said STARTTLS: whoever gets one reads the greeting, as if it came now,
 * and speaks TLS without knowing.
 */
final class StartTlsSockets extends SocketFactory {

  private static final int TIMEOUT_MILLIS = 30_000;

  private final SSLContext tls;

  StartTlsSockets(SSLContext tls) {
    this.tls = tls;
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    Socket plain = new Socket(host, port);
    plain.setTcpNoDelay(true);
    plain.setSoTimeout(TIMEOUT_MILLIS);
    byte[] greeting = line(plain.getInputStream());
    plain.getOutputStream().write("s STARTTLS\r\n".getBytes(US_ASCII));
    String answer = new String(line(plain.getInputStream()), US_ASCII);
    if (!answer.startsWith("s OK ")) {
      plain.close();
      throw new IOException("STARTTLS was answered: " + answer);
    }
    SSLSocket secured =
        (SSLSocket) tls.getSocketFactory().createSocket(plain, host.getHostAddress(), port, true);
    secured.startHandshake();
    return new Greeted(secured, greeting);
  }

  /** Octet by octet: what follows belongs to TLS. */
  private static byte[] line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    int octet = in.read();
    while (octet >= 0 && octet != '\n') {
      line.append((char) octet);
      octet = in.read();
    }
    return line.append('\n').toString().getBytes(US_ASCII);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return createSocket(InetAddress.getByName(host), port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException("Nobody here binds the local address.");
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
    throw new UnsupportedOperationException("Nobody here binds the local address.");
  }

  /** TLS with the greeting put back before it. */
  private static final class Greeted extends Socket {

    private final SSLSocket secured;
    private final InputStream in;

    Greeted(SSLSocket secured, byte[] greeting) throws IOException {
      this.secured = secured;
      this.in =
          new SequenceInputStream(new ByteArrayInputStream(greeting), secured.getInputStream());
    }

    @Override
    public InputStream getInputStream() {
      return in;
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
      return secured.getOutputStream();
    }

    @Override
    public void setTcpNoDelay(boolean on) throws java.net.SocketException {
      secured.setTcpNoDelay(on);
    }

    @Override
    public void setSoTimeout(int millis) throws java.net.SocketException {
      secured.setSoTimeout(millis);
    }

    @Override
    public void close() throws IOException {
      secured.close();
    }
  }
}
