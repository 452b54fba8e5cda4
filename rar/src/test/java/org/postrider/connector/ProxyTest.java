package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.mail.Forwarding;
import org.postrider.mail.SignInSettings;
import org.postrider.session.Policy;
import org.postrider.transcript.MemoryMail;
import org.postrider.transcript.Transcript.GivenAccount;
import org.postrider.wire.Limits;

/** Accounts whose mail is on another server, which is another {@link ImapServer} here. */
class ProxyTest {

  private static final String ODD_PASSWORD = "s\"e\\c \u00fc ret";
  private static final Map<String, String> ACCOUNTS =
      Map.of("anna", "secret", "otto", ODD_PASSWORD);

  @TempDir Path home;

  private final List<ImapServer> servers = new ArrayList<>();
  private ImapServer backend;
  private ProxySettings proxy = ProxySettings.DEFAULT;
  private Duration idle = Duration.ofMinutes(30);

  @BeforeEach
  void startBackend() throws IOException {
    backend = start("backend", Forwarding.OFF, new MemoryMail(ACCOUNTS), 0);
  }

  @AfterEach
  void stop() {
    servers.forEach(ImapServer::stop);
  }

  private ImapServer start(String name, Forwarding forwarding, MemoryMail mail, int port)
      throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    ImapServer server =
        new ImapServer(
            new Settings(
                List.of(new InetSocketAddress(here, port)),
                List.of(new InetSocketAddress(here, 0)),
                100,
                100,
                Duration.ofSeconds(60),
                idle,
                home.resolve(name + ".pem"),
                ClientCertificates.NONE,
                true,
                AccessFile.NONE,
                Optional.empty(),
                proxy,
                policy(forwarding)),
            () -> new Endpoint(mail, () -> {}));
    servers.add(server);
    return server;
  }

  private static Policy policy(Forwarding forwarding) {
    SignInSettings none = SignInSettings.DEFAULT;
    return new Policy(
        false,
        true,
        Limits.BEFORE_SIGN_IN,
        Limits.SIGNED_IN,
        new SignInSettings(
            none.host(), Set.of("PLAIN"), Set.of("PLAIN"), "", "", Map.of(), "", forwarding));
  }

  private static GivenAccount account(String mailhost) {
    return new GivenAccount("", "mailhost=" + mailhost, List.of());
  }

  /** A server that has the accounts, but not their mail. */
  private SocketClient front(String mailhost) throws IOException {
    ImapServer server =
        start(
            "front",
            new Forwarding(true, "front.example.com"),
            new MemoryMail(ACCOUNTS, account(mailhost)),
            0);
    SocketClient client = new SocketClient(port(server, "imap"));
    client.line();
    return client;
  }

  private SocketClient front() throws IOException {
    return front("127.0.0.1:" + port(backend, "imap"));
  }

  private ImapServer frontServer() {
    return servers.getLast();
  }

  private static int port(ImapServer server, String name) {
    return server.getListeners().stream()
        .filter(listener -> listener.name().equals(name))
        .findFirst()
        .orElseThrow()
        .port();
  }

  @Test
  void aClientTalksToTheServerThatHasItsMail() throws Exception {
    try (SocketClient client = front()) {
      assertThat(client.ask("a", "LOGIN anna secret"))
          .startsWith("a OK [CAPABILITY IMAP4rev1 ")
          .endsWith("] connected to proxy server.");
      assertThat(client.ask("b", "CREATE INBOX.there")).startsWith("b OK");
      assertThat(frontServer().getSessions())
          .singleElement()
          .satisfies(
              session -> {
                assertThat(session.state()).isEqualTo("proxied");
                assertThat(session.account()).isEqualTo("anna");
                assertThat(session.mailbox()).isEqualTo("127.0.0.1:" + port(backend, "imap"));
              });
      client.send("c LOGOUT\r\n");
      assertThat(client.line()).startsWith("* BYE ");
      assertThat(client.line()).startsWith("c OK ");
      assertThat(client.line()).isNull();
    }
    try (SocketClient direct = new SocketClient(port(backend, "imap"))) {
      direct.ask("a", "LOGIN anna secret");
      assertThat(direct.ask("b", "SELECT INBOX.there")).startsWith("b OK");
    }
    await().until(() -> frontServer().getSessions().isEmpty());
    await().until(() -> backend.getSessions().isEmpty());
  }

  @Test
  void commandsThatCameWithTheSignInArePassedOn() throws Exception {
    try (SocketClient client = front()) {
      client.send("a LOGIN anna secret\r\nb SELECT INBOX\r\nc NOOP\r\n");
      assertThat(client.ask("d", "NOOP")).isEqualTo("d OK NOOP completed");
    }
  }

  @Test
  void messagesGoBothWaysWhole() throws Exception {
    String message = "Subject: long\r\n\r\n" + "0123456789abcdef\r\n".repeat(50_000);
    try (SocketClient client = front()) {
      client.ask("a", "LOGIN anna secret");
      client.send("b APPEND INBOX {" + message.length() + "+}\r\n" + message + "\r\n");
      assertThat(client.ask("c", "SELECT INBOX")).startsWith("c OK");
      client.send("d FETCH 1 BODY[]\r\n");
      StringBuilder got = new StringBuilder();
      for (String line = client.line(); !line.startsWith("d "); line = client.line()) {
        got.append(line).append("\r\n");
      }
      assertThat(got.indexOf(message)).isPositive();
    }
  }

  @Test
  void everyPasswordAndEveryWayToSendOneIsPassedOn() throws Exception {
    byte[] plain = ("\0otto\0" + ODD_PASSWORD).getBytes(StandardCharsets.UTF_8);
    String base64 = Base64.getEncoder().encodeToString(plain);
    try (SocketClient client = front()) {
      assertThat(client.ask("a", "AUTHENTICATE PLAIN " + base64)).startsWith("a OK ");
    }
    try (SocketClient client = front()) {
      client.send("a AUTHENTICATE PLAIN\r\n");
      assertThat(client.line()).startsWith("+");
      client.send(base64 + "\r\n");
      assertThat(client.line()).startsWith("a OK ");
    }
    try (SocketClient client = front()) {
      client.send("a AUTHENTICATE LOGIN\r\n");
      assertThat(client.line()).startsWith("+");
      client.send("YW5uYQ==\r\n");
      assertThat(client.line()).startsWith("+");
      client.send("c2VjcmV0\r\n");
      assertThat(client.line()).startsWith("a OK ");
    }
  }

  @Test
  void theNamesOfBothServersAreCompared() throws Exception {
    try (SocketClient client = front("FRONT.example.com")) {
      assertThat(client.ask("a", "LOGIN anna secret")).endsWith(" Signed in");
    }
  }

  @Test
  void aServerThatIsNotThereIsToldOf() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    try (SocketClient client = front("127.0.0.1:" + free)) {
      assertThat(client.ask("a", "LOGIN anna secret"))
          .isEqualTo(
              "a NO [UNAVAILABLE] The server that has your mail does not answer; try again in a"
                  + " while.");
      assertThat(client.ask("b", "NOOP")).startsWith("b OK");
    }
  }

  @Test
  void aServerThatDoesNotKnowTheAccountIsQuoted() throws Exception {
    servers.remove(backend);
    backend.stop();
    backend = start("backend", Forwarding.OFF, new MemoryMail(Map.of("anna", "other")), 0);
    try (SocketClient client = front()) {
      assertThat(client.ask("a", "LOGIN anna secret"))
          .startsWith(
              "a NO [AUTHENTICATIONFAILED] The server that has your mail does not let you in: NO ");
    }
  }

  @Test
  void aServerIsNotPassedOnToItself() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    start(
        "self",
        new Forwarding(true, "front.example.com"),
        new MemoryMail(ACCOUNTS, account("localhost:" + port)),
        port);
    try (SocketClient client = new SocketClient(port)) {
      client.line();
      assertThat(client.ask("a", "LOGIN anna secret")).startsWith("a NO [UNAVAILABLE] ");
    }
  }

  @Test
  void twoServersThatNameEachOtherDoNotGoRoundForEver() throws Exception {
    int[] ports = new int[2];
    for (int i = 0; i < 2; i++) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        ports[i] = socket.getLocalPort();
      }
    }
    for (int i = 0; i < 2; i++) {
      start(
          "round" + i,
          new Forwarding(true, "other.example.com"),
          new MemoryMail(ACCOUNTS, account("127.0.0.1:" + ports[1 - i])),
          ports[i]);
    }
    try (SocketClient client = new SocketClient(ports[0])) {
      client.line();
      assertThat(client.ask("a", "LOGIN anna secret")).startsWith("a NO ");
    }
  }

  @Test
  void theWayBetweenTheServersIsProtectedWhereThatIsAskedFor() throws Exception {
    for (ProxySettings.Tls tls : List.of(ProxySettings.Tls.STARTTLS, ProxySettings.Tls.IMAPS)) {
      proxy =
          new ProxySettings(
              tls, Optional.of(home.resolve("backend.pem")), Duration.ofSeconds(20), false);
      String listener = tls == ProxySettings.Tls.IMAPS ? "imaps" : "imap";
      try (SocketClient client = front("localhost:" + port(backend, listener))) {
        assertThat(client.ask("a", "LOGIN anna secret")).as("%s", tls).startsWith("a OK ");
        assertThat(client.ask("b", "SELECT INBOX")).startsWith("b OK ");
        assertThat(backend.getSessions()).allMatch(session -> session.tls().startsWith("TLS"));
      }
      await().until(() -> backend.getSessions().isEmpty());
    }
  }

  @Test
  void noPasswordGoesToAServerWithoutAValidCertificate() throws Exception {
    proxy =
        new ProxySettings(
            ProxySettings.Tls.STARTTLS, Optional.empty(), Duration.ofSeconds(20), false);
    try (SocketClient client = front("localhost:" + port(backend, "imap"))) {
      assertThat(client.ask("a", "LOGIN anna secret")).startsWith("a NO [UNAVAILABLE] ");
    }
  }

  @Test
  void aForeignServerTellsItsOwnCapabilities() throws Exception {
    proxy =
        new ProxySettings(ProxySettings.Tls.NONE, Optional.empty(), Duration.ofSeconds(20), true);
    try (SocketClient client = front()) {
      client.send("a LOGIN anna secret\r\n");
      assertThat(client.line()).startsWith("* CAPABILITY IMAP4rev1 ");
      assertThat(client.line()).isEqualTo("a OK CAPABILITY completed");
    }
  }

  @Test
  void aServerThatStopsSaysGoodbyeToClientsItPassesOn() throws Exception {
    try (SocketClient client = front()) {
      client.ask("a", "LOGIN anna secret");
      frontServer().stop();
      assertThat(client.line()).isEqualTo("* BYE The server is stopping.");
      assertThat(client.line()).isNull();
    }
    await().until(() -> backend.getSessions().isEmpty());
  }

  @Test
  void aClientThatIsSilentForTooLongIsSentAway() throws Exception {
    idle = Duration.ofSeconds(1);
    try (SocketClient client = front()) {
      client.ask("a", "LOGIN anna secret");
      assertThat(client.line()).startsWith("* BYE Disconnected for inactivity");
      assertThat(client.line()).isNull();
    }
    await().until(() -> backend.getSessions().isEmpty());
  }

  @Test
  void whenTheOtherServerStopsTheClientReadsThat() throws Exception {
    try (SocketClient client = front()) {
      client.ask("a", "LOGIN anna secret");
      backend.stop();
      assertThat(client.line()).startsWith("* BYE ");
      assertThat(client.line()).isNull();
    }
    await().until(() -> frontServer().getSessions().isEmpty());
  }
}
