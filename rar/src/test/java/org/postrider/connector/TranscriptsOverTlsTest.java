package org.postrider.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.session.Policy;
import org.postrider.transcript.MemoryMail;
import org.postrider.transcript.SocketStage;
import org.postrider.transcript.Stage;
import org.postrider.transcript.Transcripts;

/** Some transcripts over real sockets and TLS: those in which timing or the end matters. */
class TranscriptsOverTlsTest {

  private static final List<String> WANTED =
      List.of("greeting", "idle", "logout", "pipelined-sign-in", "refused-literal-is-no-command");

  @TempDir Path home;
  private final AtomicInteger used = new AtomicInteger();
  private ImapServer server;

  @BeforeEach
  void start() throws IOException {
    Map<String, String> passwords = new HashMap<>();
    WANTED.forEach(name -> passwords.put("user" + passwords.size(), "secret"));
    MemoryMail mail = new MemoryMail(passwords);
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    Settings settings =
        new Settings(
            List.of(),
            List.of(anyPort),
            100,
            100,
            Duration.ofSeconds(60),
            Duration.ofMinutes(30),
            home.resolve("imapd.pem"),
            ClientCertificates.NONE,
            true,
            AccessFile.NONE,
            Optional.empty(),
            ProxySettings.DEFAULT,
            Policy.DEFAULT);
    server = new ImapServer(settings, () -> new Endpoint(mail, () -> {}));
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @TestFactory
  Stream<DynamicTest> transcripts() {
    List<DynamicTest> tests =
        Transcripts.tests(transcript -> WANTED.contains(transcript.name()), account -> open())
            .toList();
    assertThat(tests).hasSameSizeAs(WANTED);
    return tests.stream();
  }

  private Stage open() throws GeneralSecurityException {
    int port = server.getListeners().getFirst().port();
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    String user = "user" + used.getAndIncrement();
    return new SocketStage(address, SocketClient.trustingSockets(), user, "secret");
  }
}
