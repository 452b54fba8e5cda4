package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.mail.SignInSettings;
import org.postrider.session.Policy;
import org.postrider.transcript.MemoryMail;
import org.postrider.wire.Limits;

class ImapServerTest {

  @TempDir Path home;
  private ImapServer server;
  private Policy policy = Policy.DEFAULT;
  private AccessFile access = AccessFile.NONE;
  private Optional<String> denial = Optional.empty();
  private final ProxySettings proxy = ProxySettings.DEFAULT;

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop();
    }
  }

  @Test
  void greetsSignsInAndSaysGoodbye() throws Exception {
    start(100, 10, Duration.ofSeconds(60), Duration.ofMinutes(30));
    try (SocketClient client = new SocketClient(port("imap"))) {
      assertThat(client.line())
          .startsWith("* OK [CAPABILITY IMAP4rev1 ")
          .contains("STARTTLS", "AUTH=PLAIN");
      assertThat(client.ask("a", "LOGIN anna secret")).startsWith("a OK [CAPABILITY ");
      assertThat(client.ask("b", "SELECT INBOX")).isEqualTo("b OK [READ-WRITE] SELECT completed");
      client.send("c LOGOUT\r\n");
      assertThat(client.line()).startsWith("* BYE ");
      assertThat(client.line()).startsWith("c OK ");
      assertThat(client.line()).isNull();
    }
  }

  @Test
  void somebodyWhoMayNotConnectReadsNothingOrWhatIsSet() throws Exception {
    access =
        new AccessFile(Files.writeString(home.resolve("imapaccess"), "127\tdeny\n"), v -> policy);
    start(100, 10, Duration.ofSeconds(60), Duration.ofMinutes(30));
    try (SocketClient client = new SocketClient(port("imap"))) {
      assertThat(client.line()).isNull();
    }
    assertThat(server.getListeners()).anyMatch(listener -> listener.refused() == 1);
    server.stop();
    denial = Optional.of("go-away");
    start(100, 10, Duration.ofSeconds(60), Duration.ofMinutes(30));
    try (SocketClient client = SocketClient.tls(port("imaps"))) {
      assertThat(client.line()).isEqualTo("* BYE go-away");
    }
  }

  @Test
  void anAddressMayHaveItsOwnLimitAndItsOwnSettings() throws Exception {
    Policy strict =
        new Policy(false, false, Limits.BEFORE_SIGN_IN, Limits.SIGNED_IN, SignInSettings.DEFAULT);
    access =
        new AccessFile(
            Files.writeString(
                home.resolve("imapaccess"), "127.0.0.1\tallow,MAXCPERIP=1,IMAP_TLS_REQUIRED=1\n"),
            variables -> variables.equals(Map.of("IMAP_TLS_REQUIRED", "1")) ? strict : policy);
    start(100, 10, Duration.ofSeconds(60), Duration.ofMinutes(30));
    try (SocketClient client = new SocketClient(port("imap"))) {
      assertThat(client.line()).contains("LOGINDISABLED");
      try (SocketClient second = new SocketClient(port("imap"))) {
        assertThat(second.line())
            .isEqualTo(
                "* BYE [LIMIT] There are 1 connections from your address already; close some.");
      }
    }
  }

  @Test
  void whatCameBeforeTheHandshakeIsForgotten() throws Exception {
    start(100, 10, Duration.ofSeconds(60), Duration.ofMinutes(30));
    try (SocketClient client = new SocketClient(port("imap"))) {
      client.line();
      client.send("a STARTTLS\r\nb LOGIN anna secret\r\n");
      assertThat(client.line()).startsWith("a OK ");
      client.secure();
      assertThat(client.ask("c", "NOOP")).startsWith("c OK ");
      assertThat(client.ask("d", "SELECT INBOX")).startsWith("d BAD ");
      client.send("e CAPABILITY\r\n");
      assertThat(client.line()).doesNotContain("STARTTLS").contains("AUTH=PLAIN");
    }
  }

  @Test
  void withoutTlsNoPasswordIsTakenWhereTheAdministratorWantsThat() throws Exception {
    policy =
        new Policy(
            false,
            false,
            Limits.BEFORE_SIGN_IN,
            Limits.SIGNED_IN.withMessageOctets(1_000_000),
            SignInSettings.DEFAULT);
    start(100, 10, Duration.ofSeconds(60), Duration.ofMinutes(30));
    try (SocketClient client = new SocketClient(port("imap"))) {
      assertThat(client.line()).contains("LOGINDISABLED", "STARTTLS").doesNotContain("AUTH=PLAIN");
      assertThat(client.ask("a", "LOGIN anna secret")).startsWith("a NO [PRIVACYREQUIRED] ");
      assertThat(client.ask("b", "AUTHENTICATE PLAIN AGFubmEAc2VjcmV0"))
          .startsWith("b NO [PRIVACYREQUIRED] ");
      assertThat(client.ask("c", "STARTTLS")).startsWith("c OK ");
      client.secure();
      client.send("d CAPABILITY\r\n");
      assertThat(client.line()).contains("AUTH=PLAIN").doesNotContain("LOGINDISABLED");
      client.line();
      assertThat(client.ask("e", "LOGIN anna secret")).startsWith("e OK ");
    }
  }

  @Test
  void oldTlsIsRefused() throws Exception {
    start(100, 10, Duration.ofSeconds(60), Duration.ofMinutes(30));
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      try (SocketClient client = new SocketClient(port("imaps"))) {
        client.secure(protocol);
        assertThat(client.line()).startsWith("* OK ");
      }
    }
    try (SocketClient client = new SocketClient(port("imaps"))) {
      assertThatThrownBy(() -> client.secure("TLSv1.1")).isInstanceOf(SSLException.class);
    }
  }

  @Test
  void oneConnectionTooManyFromAnAddressReadsWhy() throws Exception {
    start(100, 2, Duration.ofSeconds(60), Duration.ofMinutes(30));
    List<SocketClient> clients = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      SocketClient client = new SocketClient(port("imap"));
      assertThat(client.line()).startsWith("* OK ");
      clients.add(client);
    }
    for (SocketClient refused :
        List.of(new SocketClient(port("imap")), SocketClient.tls(port("imaps")))) {
      assertThat(refused.line())
          .startsWith("* BYE [LIMIT] There are 2 connections from your address");
      assertThat(refused.line()).isNull();
    }
    assertThat(server.getListeners()).extracting(ListenerState::refused).containsExactly(1L, 1L);
    clients.getFirst().close();
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () -> {
              try (SocketClient next = new SocketClient(port("imap"))) {
                assertThat(next.line()).startsWith("* OK ");
              }
            });
  }

  @Test
  void whoeverDoesNotSignInIsDisconnectedWhateverItTrickles() throws Exception {
    start(100, 10, Duration.ofSeconds(1), Duration.ofMinutes(30));
    try (SocketClient client = new SocketClient(port("imap"))) {
      client.line();
      Instant begin = Instant.now();
      String last = "";
      for (int i = 0; last != null && !last.startsWith("* BYE"); i++) {
        client.send("t" + i + " NOOP\r\n");
        last = client.line();
      }
      assertThat(last).isEqualTo("* BYE Disconnected: signing in took too long.");
      assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void aSilentClientIsToldGoodbye() throws Exception {
    start(100, 10, Duration.ofSeconds(60), Duration.ofSeconds(1));
    try (SocketClient client = SocketClient.tls(port("imaps"))) {
      client.line();
      client.ask("a", "LOGIN anna secret");
      assertThat(client.line()).startsWith("* BYE Disconnected for inactivity");
      assertThat(client.line()).isNull();
    }
  }

  @Test
  void anIdlingClientIsToldGoodbyeToo() throws Exception {
    start(100, 10, Duration.ofSeconds(60), Duration.ofSeconds(1));
    try (SocketClient client = new SocketClient(port("imap"))) {
      client.line();
      client.ask("a", "LOGIN anna secret");
      client.ask("b", "SELECT INBOX");
      client.send("c IDLE\r\n");
      assertThat(client.line()).isEqualTo("+ idling");
      assertThat(client.line()).startsWith("* BYE Disconnected for inactivity");
    }
  }

  @Test
  void stoppingSaysGoodbyeToEverybodyAndLeavesNoThread() throws Exception {
    start(100, 50, Duration.ofSeconds(60), Duration.ofMinutes(30));
    List<SocketClient> clients = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      SocketClient client =
          i % 2 == 0 ? new SocketClient(port("imap")) : SocketClient.tls(port("imaps"));
      client.line();
      if (i % 4 > 1) {
        client.ask("a", "LOGIN anna secret");
        client.ask("b", "SELECT INBOX");
        client.send("c IDLE\r\n");
        client.line();
      }
      clients.add(client);
    }
    Instant begin = Instant.now();
    server.stop();
    assertThat(Duration.between(begin, Instant.now())).isLessThan(Duration.ofSeconds(5));
    for (SocketClient client : clients) {
      assertThat(client.line()).isEqualTo("* BYE The server is stopping.");
      assertThat(client.line()).isNull();
    }
    assertThat(server.getSessions()).isEmpty();
    assertThatThrownBy(() -> new SocketClient(port("imap"))).isInstanceOf(IOException.class);
  }

  @Test
  void anAdministratorSeesSessionsAndEndsOne() throws Exception {
    start(100, 10, Duration.ofSeconds(60), Duration.ofMinutes(30));
    try (SocketClient client = SocketClient.tls(port("imaps"))) {
      client.line();
      client.ask("a", "ID (\"name\" \"Post Horn\" \"version\" \"3\")");
      client.ask("b", "LOGIN anna secret");
      client.ask("c", "SELECT INBOX");
      SessionState session = server.getSessions().getFirst();
      assertThat(session.account()).isEqualTo("anna");
      assertThat(session.client()).isEqualTo("Post Horn 3");
      assertThat(session.tls()).isEqualTo("TLSv1.3");
      assertThat(session.state()).isEqualTo("selected");
      assertThat(session.mailbox()).isEqualTo("INBOX");
      assertThat(session.commands()).isEqualTo(3);
      assertThat(server.disconnect(session.id(), "Time for lunch.")).isTrue();
      assertThat(client.line()).isEqualTo("* BYE Time for lunch.");
      assertThat(server.disconnect("s999", "nobody")).isFalse();
    }
  }

  @Test
  void aNewCertificateIsUsedWithoutARestartAndABrokenOneIsNot() throws Exception {
    start(100, 10, Duration.ofSeconds(60), Duration.ofMinutes(30));
    Path pem = home.resolve("imapd.pem");
    String first = serial();
    Certificates.selfSigned(List.of("new.example"), Instant.now()).writePem(pem);
    Files.setLastModifiedTime(pem, FileTime.from(Instant.now().plusSeconds(10)));
    await().atMost(Duration.ofSeconds(10)).until(() -> !serial().equals(first));
    String second = serial();
    Files.writeString(pem, "no certificate at all");
    Files.setLastModifiedTime(pem, FileTime.from(Instant.now().plusSeconds(20)));
    await()
        .during(Duration.ofMillis(1500))
        .atMost(Duration.ofSeconds(5))
        .until(() -> serial().equals(second));
  }

  @Test
  void aTakenPortIsToldInOneSentence() throws Exception {
    start(100, 10, Duration.ofSeconds(60), Duration.ofMinutes(30));
    InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), port("imap"));
    Settings again =
        settings(List.of(taken), List.of(), 1, 1, Duration.ofSeconds(1), Duration.ofSeconds(1));
    assertThatThrownBy(() -> new ImapServer(again, this::endpoint))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Port " + taken.getPort() + " (imap) can't be opened on 127.0.0.1")
        .hasMessageContaining("-Dimap.port");
  }

  @Test
  void aThousandIdleConnectionsAreServed() throws Exception {
    start(2000, 2000, Duration.ofSeconds(60), Duration.ofMinutes(30));
    List<SocketClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < 1000; i++) {
        clients.add(new SocketClient(port("imap")));
      }
      for (SocketClient client : clients) {
        assertThat(client.line()).startsWith("* OK ");
      }
      assertThat(clients.getLast().ask("a", "LOGIN anna secret")).startsWith("a OK ");
      assertThat(server.getSessions()).hasSize(1000);
    } finally {
      for (SocketClient client : clients) {
        client.close();
      }
    }
    await().atMost(Duration.ofSeconds(10)).until(() -> server.getSessions().isEmpty());
  }

  private String serial() throws Exception {
    try (SocketClient client = SocketClient.tls(port("imaps"))) {
      client.line();
      return client.serverCertificate().getSerialNumber().toString();
    }
  }

  private void start(int connections, int perAddress, Duration signIn, Duration idle)
      throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        new ImapServer(
            settings(List.of(anyPort), List.of(anyPort), connections, perAddress, signIn, idle),
            this::endpoint);
  }

  private Settings settings(
      List<InetSocketAddress> imap,
      List<InetSocketAddress> imaps,
      int connections,
      int perAddress,
      Duration signIn,
      Duration idle) {
    return new Settings(
        imap,
        imaps,
        connections,
        perAddress,
        signIn,
        idle,
        home.resolve("imapd.pem"),
        ClientCertificates.NONE,
        true,
        access,
        denial,
        proxy,
        policy);
  }

  private final MemoryMail mail = new MemoryMail(Map.of("anna", "secret"));

  private Endpoint endpoint() {
    return new Endpoint(mail, () -> {});
  }

  private int port(String name) {
    Map<String, Set<Integer>> ports =
        server.getListeners().stream()
            .collect(
                Collectors.groupingBy(
                    ListenerState::name,
                    Collectors.mapping(ListenerState::port, Collectors.toSet())));
    return ports.get(name).iterator().next();
  }
}
