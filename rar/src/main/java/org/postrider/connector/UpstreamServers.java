package org.postrider.connector;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import org.postrider.mail.MailException;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.session.Upstream;

/**
 * Other servers, which have accounts' mail: connects and signs in to them. Any thread.
 *
 * <p>A server that would be this one itself is not connected to; and where two servers name each
 * other, an account's sign-ins that are on their way at one moment are bounded, which ends the
 * round.
 */
final class UpstreamServers {

  private static final System.Logger LOG = System.getLogger(UpstreamServers.class.getName());

  /** Sign-ins of one account that may be on their way at a time; a busy client makes five. */
  private static final int ON_THEIR_WAY_MAX = 20;

  private static final int IMAP = 143;
  private static final int IMAPS = 993;

  private final ProxySettings settings;
  private final SSLContext tls;
  private final Predicate<InetSocketAddress> isThisServer;
  private final Map<String, Integer> onTheirWay = new ConcurrentHashMap<>();

  /**
   * @param isThisServer whether one of our own listeners answers there
   * @throws IOException where the authorities can't be used, with a sentence for the administrator
   */
  UpstreamServers(ProxySettings settings, Predicate<InetSocketAddress> isThisServer)
      throws IOException {
    this.settings = settings;
    this.isThisServer = isThisServer;
    this.tls = context(settings);
  }

  private static SSLContext context(ProxySettings settings) throws IOException {
    try {
      if (settings.authorities().isEmpty()) {
        return SSLContext.getDefault();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, ClientCertificates.trusting(settings.authorities().get()), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IOException(
          "imap.proxy-authorities is "
              + settings.authorities().map(Object::toString).orElse("not set")
              + ", and no certificates can be taken from there: "
              + e.getMessage(),
          e);
    }
  }

  /**
   * @param mailhost as the account has it
   * @throws MailException for the client to read
   */
  Upstream connect(String mailhost, String name, byte[] password) throws MailException {
    if (onTheirWay.merge(name, 1, Integer::sum) > ON_THEIR_WAY_MAX) {
      leave(name);
      LOG.log(
          System.Logger.Level.WARNING,
          "More than "
              + ON_THEIR_WAY_MAX
              + " sign-ins of one account are on their way to "
              + printable(mailhost)
              + ": does it send them back here? See the account's option mailhost there.");
      throw new MailException(
          Word.LIMIT, "Too many sign-ins of this account are on their way; try again in a while.");
    }
    try {
      return signedIn(mailhost, name, password);
    } finally {
      leave(name);
    }
  }

  private void leave(String name) {
    onTheirWay.computeIfPresent(name, (key, count) -> count == 1 ? null : count - 1);
  }

  private Upstream signedIn(String mailhost, String name, byte[] password) throws MailException {
    Socket socket = new Socket();
    boolean in = false;
    try {
      MailHost host =
          MailHost.parse(mailhost, settings.tls() == ProxySettings.Tls.IMAPS ? IMAPS : IMAP);
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getByName(host.host()), host.port());
      if (isThisServer.test(address)) {
        throw new IllegalArgumentException(
            "that is this server itself; PROXY_HOSTNAME=" + mailhost + " tells it so");
      }
      socket.setTcpNoDelay(true);
      socket.setKeepAlive(true);
      UpstreamConnection upstream = new UpstreamConnection(mailhost, socket, settings, tls);
      upstream.signIn(address, host.host(), name, password);
      in = true;
      return upstream;
    } catch (UpstreamConnection.RefusedException e) {
      complain(mailhost, e.getMessage());
      throw new MailException(
          Word.AUTHENTICATIONFAILED,
          "The server that has your mail does not let you in: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      complain(mailhost, e.getMessage());
      throw new MailException(
          Word.UNAVAILABLE,
          "The server that has your mail is not set rightly; please tell the administrator.");
    } catch (UnknownHostException e) {
      complain(mailhost, "there is no such name");
      throw unreachable();
    } catch (IOException e) {
      complain(mailhost, String.valueOf(e.getMessage()));
      throw unreachable();
    } finally {
      if (!in) {
        close(socket);
      }
    }
  }

  private static void complain(String mailhost, String why) {
    LOG.log(
        System.Logger.Level.WARNING,
        "An account's mail is on "
            + printable(mailhost)
            + ", and it could not be signed in there: "
            + printable(why));
  }

  private static MailException unreachable() {
    return new MailException(
        Word.UNAVAILABLE, "The server that has your mail does not answer; try again in a while.");
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "A connection did not close", e);
    }
  }

  /** One line of visible ASCII. */
  static String printable(String text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), 200); i++) {
      char c = text.charAt(i);
      line.append(c >= ' ' && c < 0x7F ? c : '?');
    }
    return line.toString();
  }
}
