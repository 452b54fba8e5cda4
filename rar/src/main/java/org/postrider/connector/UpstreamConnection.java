package org.postrider.connector;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.postrider.session.Upstream;

/**
 * A connection to another server: greeting, TLS, LOGIN; from then on only octets. Belongs to one
 * thread until it is signed in.
 */
final class UpstreamConnection implements Upstream {

  private static final System.Logger LOG = System.getLogger(UpstreamConnection.class.getName());

  private static final int LINE_MAX_OCTETS = 8 * 1024;
  private static final int LINES_MAX = 100;
  private static final int CAPABILITIES_MAX = 200;

  private final String mailhost;
  private final ProxySettings settings;
  private final SSLContext tls;
  private final long deadline;
  private volatile Socket socket;
  private InputStream in;
  private OutputStream out;
  private List<String> capabilities = List.of();

  /** The other server says no; the text is its own, made fit to be passed on. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String text) {
      super(UpstreamServers.printable(text));
    }
  }

  /**
   * @param socket not connected yet; closed by {@link #close} from now on
   */
  UpstreamConnection(String mailhost, Socket socket, ProxySettings settings, SSLContext tls) {
    this.mailhost = mailhost;
    this.socket = socket;
    this.settings = settings;
    this.tls = tls;
    this.deadline = System.nanoTime() + settings.timeLimit().toNanos();
  }

  /**
   * @param host as the certificate is to name it
   * @throws RefusedException where it does not let the account in
   */
  void signIn(InetSocketAddress address, String host, String name, byte[] password)
      throws IOException {
    socket.connect(address, millisLeft());
    if (settings.tls() == ProxySettings.Tls.IMAPS) {
      secure(host);
    }
    useStreams();
    String greeting = line();
    if (!greeting.startsWith("* OK")) {
      throw new IOException("it greets by: " + greeting);
    }
    if (settings.tls() == ProxySettings.Tls.STARTTLS) {
      say("P0 STARTTLS\r\n".getBytes(StandardCharsets.US_ASCII));
      String answer = answer("P0");
      if (!answer.startsWith("P0 OK")) {
        throw new IOException("it offers no TLS: " + answer);
      }
      secure(host);
      useStreams(); // what came in clear before the handshake is gone
    }
    login(name, password);
    socket.setSoTimeout(0);
  }

  private void secure(String host) throws IOException {
    SSLSocket secured =
        (SSLSocket) tls.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    secured.setSSLParameters(parameters);
    secured.setSoTimeout(millisLeft());
    secured.startHandshake();
    socket = secured;
  }

  private void useStreams() throws IOException {
    in = new BufferedInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  private void login(String name, byte[] password) throws IOException {
    byte[] user = name.getBytes(StandardCharsets.UTF_8);
    say("P1 LOGIN ".getBytes(StandardCharsets.US_ASCII));
    astring(user);
    say(new byte[] {' '});
    astring(password);
    say("\r\n".getBytes(StandardCharsets.US_ASCII));
    String answer = answer("P1");
    if (!answer.startsWith("P1 OK")) {
      throw new RefusedException(answer.substring(2).strip());
    }
    capabilities = capabilities(answer);
  }

  /** A quoted string, or a literal where it can't be one. */
  private void astring(byte[] octets) throws IOException {
    boolean plain = octets.length <= 1024;
    for (byte b : octets) {
      plain &= b >= ' ' && b < 0x7F;
    }
    if (!plain) {
      say(("{" + octets.length + "}\r\n").getBytes(StandardCharsets.US_ASCII));
      String go = line();
      while (go.startsWith("* ")) {
        go = line();
      }
      if (!go.startsWith("+")) {
        throw new RefusedException(go);
      }
      say(octets);
      return;
    }
    byte[] quoted = new byte[2 * octets.length + 2];
    int length = 0;
    quoted[length++] = '"';
    for (byte b : octets) {
      if (b == '"' || b == '\\') {
        quoted[length++] = '\\';
      }
      quoted[length++] = b;
    }
    quoted[length++] = '"';
    try {
      out.write(quoted, 0, length);
      out.flush();
    } finally {
      Arrays.fill(quoted, (byte) 0);
    }
  }

  private void say(byte[] octets) throws IOException {
    out.write(octets);
    out.flush();
  }

  /** The line with a tag; those before it are passed over. */
  private String answer(String tag) throws IOException {
    for (int lines = 0; lines < LINES_MAX; lines++) {
      String line = line();
      if (line.startsWith(tag + " ")) {
        return line;
      }
      if (line.startsWith("* BYE")) {
        throw new IOException("it says " + line);
      }
    }
    throw new IOException("it does not come to an answer");
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      socket.setSoTimeout(millisLeft());
      for (int octet = in.read(); octet != '\n'; octet = in.read()) {
        if (octet < 0) {
          throw new IOException("it closed the connection");
        }
        if (line.size() == LINE_MAX_OCTETS) {
          throw new IOException("its answer is too long");
        }
        line.write(octet);
        if (in.available() == 0) {
          socket.setSoTimeout(millisLeft());
        }
      }
    } catch (SocketTimeoutException e) {
      throw tooSlow(e);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  private int millisLeft() throws IOException {
    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (left <= 0) {
      throw tooSlow(null);
    }
    return Math.toIntExact(Math.min(left, Integer.MAX_VALUE));
  }

  private IOException tooSlow(SocketTimeoutException cause) {
    return new IOException(
        "it did not answer within " + settings.timeLimit().toSeconds() + " s", cause);
  }

  /** What stands in {@code [CAPABILITY ...]}; nothing where it is not there, or odd. */
  private static List<String> capabilities(String answer) {
    String code = "P1 OK [CAPABILITY ";
    int end = answer.indexOf(']');
    if (!answer.toUpperCase(Locale.ROOT).startsWith(code) || end < code.length()) {
      return List.of();
    }
    List<String> words = List.of(answer.substring(code.length(), end).strip().split(" +"));
    boolean plain =
        words.size() <= CAPABILITIES_MAX && words.stream().allMatch(UpstreamConnection::isAtom);
    return plain ? words : List.of();
  }

  private static boolean isAtom(String word) {
    return !word.isEmpty()
        && word.chars().allMatch(c -> c > ' ' && c < 0x7F && "(){%*\"\\]".indexOf(c) < 0);
  }

  @Override
  public String host() {
    return mailhost;
  }

  @Override
  public List<String> capabilities() {
    return capabilities;
  }

  @Override
  public boolean isForeign() {
    return settings.foreign();
  }

  @Override
  public InputStream in() {
    return in;
  }

  @Override
  public OutputStream out() {
    return out;
  }

  @Override
  public void sayNoMore() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, () -> mailhost + " was gone before it was left: " + e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, mailhost + " did not close", e);
    }
  }
}
