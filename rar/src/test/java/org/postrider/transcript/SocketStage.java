package org.postrider.transcript;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javax.net.SocketFactory;

/** A server that runs somewhere, over TCP; what is given to a transcript is put there by IMAP. */
public final class SocketStage implements Stage {

  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss xx", Locale.ENGLISH);

  private static final int TIMEOUT_MILLIS = 30_000;

  private final InetSocketAddress address;
  private final SocketFactory sockets;
  private final String user;
  private final String password;

  /**
   * @param sockets those of an {@code SSLContext} where the port speaks TLS from the first octet
   * @param user of an account that has an empty INBOX and nothing else
   */
  public SocketStage(
      InetSocketAddress address, SocketFactory sockets, String user, String password) {
    this.address = address;
    this.sockets = sockets;
    this.user = user;
    this.password = password;
  }

  @Override
  public String user() {
    return user;
  }

  @Override
  public String password() {
    return password;
  }

  /** Selects nothing, so that what it puts there is still {@code \Recent}. */
  @Override
  public void give(Transcript.GivenMailbox mailbox) throws Exception {
    TestClient client = new TestClient(1, connect());
    try (client) {
      client.next();
      ask(client, "LOGIN \"" + user + "\" \"" + password + "\"", new byte[0]);
      if (!mailbox.name().equals("INBOX")) {
        ask(client, "CREATE \"" + mailbox.name() + "\"", new byte[0]);
      }
      for (GivenMessage message : mailbox.messages()) {
        String date = DATE_TIME.format(message.date());
        ask(
            client,
            "APPEND \"%s\" \"%s\" {%d+}".formatted(mailbox.name(), date, message.octets().length),
            message.octets());
      }
      ask(client, "LOGOUT", new byte[0]);
    }
  }

  private static void ask(TestClient client, String command, byte[] literal)
      throws IOException, InterruptedException {
    String tag = client.nextTag();
    client.send((tag + " " + command + "\r\n").getBytes(StandardCharsets.UTF_8));
    if (literal.length > 0) {
      client.send(literal);
      client.send(new byte[] {'\r', '\n'});
    }
    String answer = client.next();
    while (answer != null && answer.startsWith("* ")) {
      answer = client.next();
    }
    if (answer == null || !answer.startsWith(tag + " OK ")) {
      throw new IOException("could not prepare the account: " + command + ": " + answer);
    }
  }

  @Override
  public Line connect() throws IOException {
    Socket socket = sockets.createSocket(address.getAddress(), address.getPort());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return new Line(
        new BufferedInputStream(socket.getInputStream()), socket.getOutputStream(), socket);
  }

  @Override
  public void close() {
    // The server goes on; its account is used up.
  }
}
