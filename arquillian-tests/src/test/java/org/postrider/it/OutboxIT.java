package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Outbox, which sends by the mail session of the WildFly. */
class OutboxIT {

  private static final String MESSAGE =
      "From: anna@example.org\r\nTo: bob@example.org\r\nBcc: carol@example.org\r\n"
          + "Subject: sent by curl\r\n\r\nhello\r\n";

  private static Sink sink;
  private static PostriderServer server;

  @BeforeAll
  static void start() throws Exception {
    sink = new Sink();
    server =
        new PostriderServer("outbox").with("imap.outbox-smtp-port", Integer.toString(sink.port()));
    Files.createDirectories(server.home().resolve("etc"));
    Files.writeString(server.home().resolve("etc/imapd"), "OUTBOX=.Outbox\n");
    server.start();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    sink.close();
  }

  @Test
  void whatCurlPutsIntoTheOutboxIsSent() throws Exception {
    String account = server.newAccount();
    try (ImapClient client = server.signedIn(account)) {
      assertThat(client.greeting()).contains(" XCOURIEROUTBOX=INBOX.Outbox");
      client.ok("CREATE INBOX.Outbox");
    }
    Path directory = PostriderServer.directory("outbox-curl");
    Path file = Files.writeString(directory.resolve("message.eml"), MESSAGE);
    Program.find("curl", "curl", directory)
        .run(
            List.of(
                "--silent",
                "--show-error",
                "--max-time",
                "60",
                "--cacert",
                server.certificate().toString(),
                "--user",
                account + ":" + PostriderServer.PASSWORD,
                "--upload-file",
                file.toString(),
                "imaps://127.0.0.1:%d/INBOX.Outbox".formatted(server.imaps().getPort())))
        .succeeded();
    assertThat(sink.said)
        .containsSubsequence(
            "MAIL FROM:<" + account + ">",
            "RCPT TO:<bob@example.org>",
            "RCPT TO:<carol@example.org>",
            "X-IMAP-Sender: " + account,
            "Subject: sent by curl")
        .noneMatch(line -> line.startsWith("Bcc:"));
    try (ImapClient client = server.signedIn(account)) {
      client.ok("SELECT INBOX.Outbox");
      assertThat(client.ok("FETCH 1 BODY.PEEK[]").getFirst()).contains(MESSAGE);
    }
  }

  @Test
  void aDraftThatIsRefusedStaysAndTheClientReadsWhy() throws Exception {
    String account = server.newAccount();
    try (ImapClient client = server.signedIn(account)) {
      client.ok("CREATE INBOX.Outbox");
      client.append("INBOX", MESSAGE.replace("bob@", "nobody@").getBytes(UTF_8));
      client.ok("SELECT INBOX");
      assertThat(client.command("MOVE 1 INBOX.Outbox").getLast())
          .contains(
              "NO [ALERT] The message was not sent; the mail server said: 550 5.1.1 nobody is"
                  + " here");
      assertThat(client.ok("STATUS INBOX.Outbox (MESSAGES)").getFirst()).contains("MESSAGES 0");
      assertThat(client.ok("SEARCH ALL").getFirst()).isEqualTo("* SEARCH 1");
    }
  }

  /** A mail server that takes everything, but nothing for {@code nobody}. */
  private static final class Sink implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final List<String> said = new CopyOnWriteArrayList<>();

    Sink() throws IOException {
      Thread.ofVirtual().start(this::accept);
    }

    int port() {
      return socket.getLocalPort();
    }

    private void accept() {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept();
            BufferedReader in =
                new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
            PrintStream out = new PrintStream(client.getOutputStream(), true, UTF_8)) {
          talk(in, out);
        } catch (IOException e) {
          continue; // the client is gone, or this is closed
        }
      }
    }

    private void talk(BufferedReader in, PrintStream out) throws IOException {
      out.print("220 sink.example.org ESMTP\r\n");
      boolean data = false;
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        said.add(line);
        if (data) {
          data = !line.equals(".");
          out.print(data ? "" : "250 Taken\r\n");
        } else if (line.equals("DATA")) {
          data = true;
          out.print("354 Go on\r\n");
        } else {
          out.print(line.contains("nobody@") ? "550 5.1.1 nobody is here\r\n" : "250 OK\r\n");
        }
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
