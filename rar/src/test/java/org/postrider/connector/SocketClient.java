package org.postrider.connector;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A client on a real socket that reads line by line and trusts any certificate. */
final class SocketClient implements Closeable {

  private Socket socket;

  SocketClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(10_000);
  }

  static SocketClient tls(int port) throws IOException, GeneralSecurityException {
    SocketClient client = new SocketClient(port);
    client.secure();
    return client;
  }

  /** Sockets that speak TLS and trust any certificate. */
  static SSLSocketFactory trustingSockets() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustsAnybody()}, new SecureRandom());
    return context.getSocketFactory();
  }

  void secure(String... protocols) throws IOException, GeneralSecurityException {
    SSLSocket secured =
        (SSLSocket) trustingSockets().createSocket(socket, "localhost", socket.getPort(), true);
    if (protocols.length > 0) {
      secured.setEnabledProtocols(protocols);
    }
    secured.startHandshake();
    socket = secured;
  }

  X509Certificate serverCertificate() throws IOException {
    return (X509Certificate) ((SSLSocket) socket).getSession().getPeerCertificates()[0];
  }

  void send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The next line without its end, or null where the server has closed. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    InputStream in = socket.getInputStream();
    try {
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          return line.isEmpty() ? null : line.toString();
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
    } catch (SocketException e) {
      return null;
    }
    return line.toString();
  }

  /** Sends a command and reads up to its tagged line, which it answers. */
  String ask(String tag, String command) throws IOException {
    send(tag + " " + command + "\r\n");
    String line = line();
    while (line != null && !line.startsWith(tag + " ")) {
      line = line();
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static final class TrustsAnybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
