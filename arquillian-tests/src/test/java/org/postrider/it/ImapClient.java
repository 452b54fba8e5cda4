package org.postrider.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * A client that sends lines and reads them, and knows no more of IMAP than tags and literals. Used
 * by one thread.
 */
final class ImapClient implements Closeable {

  private static final int TIMEOUT_MILLIS = 30_000;
  private static final Pattern LITERAL = Pattern.compile("\\{(\\d+)}$");

  private Socket socket;
  private Closeable end;
  private InputStream in;
  private OutputStream out;
  private final String greeting;
  private int commands;

  private ImapClient(Socket socket) throws IOException {
    use(socket);
    this.greeting = line();
  }

  private ImapClient(Process server) throws IOException {
    in = new BufferedInputStream(server.getInputStream());
    out = server.getOutputStream();
    end = server::destroyForcibly;
    this.greeting = line();
  }

  /** With a server that talks over its standard input and output; ended with the conversation. */
  static ImapClient over(Process server) throws IOException {
    return new ImapClient(server);
  }

  /**
   * By IMAPS.
   *
   * @param from the local address; null for any
   */
  static ImapClient imaps(InetSocketAddress server, SSLContext tls, InetAddress from)
      throws IOException {
    Socket plain = plainSocket(server, from);
    return new ImapClient(secured(plain, tls));
  }

  /** By IMAP, in clear text so far. */
  static ImapClient imap(InetSocketAddress server) throws IOException {
    return new ImapClient(plainSocket(server, null));
  }

  private static Socket plainSocket(InetSocketAddress server, InetAddress from) throws IOException {
    Socket plain = new Socket();
    if (from != null) {
      plain.bind(new InetSocketAddress(from, 0));
    }
    plain.connect(server, TIMEOUT_MILLIS);
    plain.setSoTimeout(TIMEOUT_MILLIS);
    plain.setTcpNoDelay(true);
    return plain;
  }

  private static SSLSocket secured(Socket plain, SSLContext tls) throws IOException {
    String host = plain.getInetAddress().getHostAddress();
    SSLSocket secured =
        (SSLSocket) tls.getSocketFactory().createSocket(plain, host, plain.getPort(), true);
    var parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private void use(Socket next) throws IOException {
    socket = next;
    end = next;
    in = new BufferedInputStream(next.getInputStream());
    out = next.getOutputStream();
  }

  ImapClient startTls(SSLContext tls) throws IOException {
    ok("STARTTLS");
    use(secured(socket, tls));
    return this;
  }

  String greeting() {
    return greeting;
  }

  /** The next line, with its literals; one character an octet. */
  String line() throws IOException {
    StringBuilder response = new StringBuilder();
    while (true) {
      ByteArrayOutputStream octets = new ByteArrayOutputStream();
      int octet = in.read();
      while (octet >= 0 && octet != '\n') {
        octets.write(octet);
        octet = in.read();
      }
      if (octet < 0) {
        throw new EOFException("The server closed the connection after: " + response + octets);
      }
      String text = octets.toString(ISO_8859_1).stripTrailing();
      response.append(text);
      Matcher literal = LITERAL.matcher(text);
      if (!literal.find()) {
        return response.toString();
      }
      int size = Integer.parseInt(literal.group(1));
      byte[] content = in.readNBytes(size);
      response.append("\r\n").append(new String(content, ISO_8859_1));
    }
  }

  /** Everything until the end of the connection. */
  List<String> linesToTheEnd() throws IOException {
    List<String> lines = new ArrayList<>();
    try {
      while (true) {
        lines.add(line());
      }
    } catch (EOFException e) {
      return lines;
    }
  }

  /** Sends a command and reads up to its answer, which is the last of the lines. */
  List<String> command(String command) throws IOException {
    return answer(send(command));
  }

  /** As {@link #command}; what is not answered by OK is an error. */
  List<String> ok(String command) throws IOException {
    List<String> lines = command(command);
    if (!lines.getLast().contains(" OK")) {
      throw new AssertionError(command + " was answered: " + lines);
    }
    return lines;
  }

  /** Sends a command with a tag; the tag. */
  String send(String command) throws IOException {
    String tag = "t" + ++commands;
    sendRaw((tag + " " + command + "\r\n").getBytes(UTF_8));
    return tag;
  }

  void sendRaw(byte[] octets) throws IOException {
    out.write(octets);
    out.flush();
  }

  List<String> answer(String tag) throws IOException {
    List<String> lines = new ArrayList<>();
    String line = line();
    while (!line.startsWith(tag + " ")) {
      lines.add(line);
      line = line();
    }
    lines.add(line);
    return lines;
  }

  /** Stores a message; the answer. */
  String append(String mailbox, byte[] message) throws IOException {
    String tag = send("APPEND \"%s\" {%d+}".formatted(mailbox, message.length));
    sendRaw(message);
    sendRaw(new byte[] {'\r', '\n'});
    return answer(tag).getLast();
  }

  /** Stores a message as clients have to that know of no LITERAL+; the answer. */
  String appendWhenAsked(String mailbox, byte[] message) throws IOException {
    String tag = send("APPEND \"%s\" {%d}".formatted(mailbox, message.length));
    String line = line();
    while (!line.startsWith("+")) {
      if (line.startsWith(tag + " ")) {
        return line;
      }
      line = line();
    }
    sendRaw(message);
    sendRaw(new byte[] {'\r', '\n'});
    return answer(tag).getLast();
  }

  /** Begins to wait for changes; returns when the server does. */
  String idle() throws IOException {
    String tag = send("IDLE");
    String line = line();
    while (!line.startsWith("+")) {
      line = line();
    }
    return tag;
  }

  void done(String idleTag) throws IOException {
    sendRaw("DONE\r\n".getBytes(UTF_8));
    answer(idleTag);
  }

  void timeout(Duration time) throws IOException {
    socket.setSoTimeout(Math.toIntExact(time.toMillis()));
  }

  /** Without a word. */
  @Override
  public void close() throws IOException {
    end.close();
  }
}
