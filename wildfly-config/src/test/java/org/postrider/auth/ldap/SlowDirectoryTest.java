package org.postrider.auth.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.listener.InMemoryDirectoryServer;
import com.unboundid.ldap.listener.InMemoryDirectoryServerConfig;
import com.unboundid.ldap.listener.InMemoryListenerConfig;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.PasswordHash;

/** What a directory that is down or slow may cost: LDAP_TIMEOUT is one second here. */
class SlowDirectoryTest {

  private static final String SSHA = "{SSHA}kLTUxCXAks50cTljBY6MKEQ1FDFpW8pA"; // secret

  @TempDir Path home;
  private LdapSite site;

  @BeforeEach
  void makeSite() throws Exception {
    site = new LdapSite(home);
    site.daemon("");
  }

  @AfterEach
  void closeSite() {
    site.close();
  }

  /** Accepts connections, and says nothing, or an octet now and then. */
  private static final class Silent implements AutoCloseable {

    private final ServerSocket listener =
        new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
    private final ConcurrentLinkedQueue<Socket> accepted = new ConcurrentLinkedQueue<>();
    private final AtomicInteger connections = new AtomicInteger();

    Silent(boolean drips) throws IOException {
      Thread.ofVirtual().start(() -> accept(drips));
    }

    private void accept(boolean drips) {
      try {
        while (true) {
          Socket socket = listener.accept();
          connections.incrementAndGet();
          accepted.add(socket);
          if (drips) {
            Thread.ofVirtual().start(() -> drip(socket));
          }
        }
      } catch (IOException closed) {
        accepted.forEach(Silent::end);
      }
    }

    /** The answer to a bind with a text of 900,000 octets, five of them a second. */
    private static void drip(Socket socket) {
      byte[] beginning =
          HexFormat.of()
              .parseHex(
                  "3083" + "0dbba8" + "020101" + "6183" + "0dbba0" + "0a0100" + "0400" + "0483"
                      + "0dbb96");
      try (OutputStream out = socket.getOutputStream()) {
        out.write(beginning);
        while (true) {
          Awaitility.await().pollDelay(Duration.ofMillis(200)).until(() -> true);
          out.write('a');
        }
      } catch (IOException gone) {
        end(socket);
      }
    }

    private static void end(Socket socket) {
      try {
        socket.close();
      } catch (IOException alreadyGone) {
        throw new IllegalStateException(alreadyGone);
      }
    }

    String uri() {
      return "ldap://127.0.0.1:" + listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }

  /** How many connections a directory has, by its access log. */
  private static final class OpenConnections extends Handler {

    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @Override
    public void publish(LogRecord record) {
      if (record.getMessage().contains(" CONNECT ")) {
        most.accumulateAndGet(open.incrementAndGet(), Math::max);
      } else if (record.getMessage().contains(" DISCONNECT ")) {
        open.decrementAndGet();
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private final OpenConnections connections = new OpenConnections();

  private InMemoryDirectoryServer directory(int port) throws Exception {
    InMemoryDirectoryServerConfig config = new InMemoryDirectoryServerConfig(LdapSite.BASE);
    config.setListenerConfigs(
        InMemoryListenerConfig.createLDAPConfig(
            "loopback", InetAddress.getLoopbackAddress(), port, null));
    config.setSchema(null);
    config.setAccessLogHandler(connections);
    config.addAdditionalBindCredentials(LdapSite.ADMINISTRATOR, "toto");
    InMemoryDirectoryServer directory = new InMemoryDirectoryServer(config);
    directory.add("dn: o=example", "objectClass: organization");
    directory.add(
        "dn: cn=ann,o=example",
        "objectClass: person",
        "mail: ann",
        "homeDirectory: /home/ann",
        "uidNumber: 5001",
        "gidNumber: 5001",
        "userPassword: " + SSHA);
    directory.startListening();
    return directory;
  }

  private void settings(String uri, String... more) throws IOException {
    site.settings(uri, "LDAP_TIMEOUT 1\nLDAP_CRYPTPW userPassword\n" + String.join("\n", more));
  }

  private Duration timeOf(String expected) throws Exception {
    long start = System.nanoTime();
    assertThat(site.failure("ann", "secret")).contains(expected);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  @Test
  void aSilentDirectoryCostsOneTimeLimitAndThenNothing() throws Exception {
    try (Silent silent = new Silent(false)) {
      settings(silent.uri());
      assertThat(timeOf(silent.uri() + ": no answer within 1 seconds"))
          .isBetween(Duration.ofMillis(900), Duration.ofMillis(9_000));
      for (int i = 0; i < 50; i++) {
        assertThat(timeOf("no answer within 1 seconds")).isLessThan(Duration.ofMillis(900));
      }
      assertThat(silent.connections).hasValueLessThanOrEqualTo(2);
    }
  }

  @Test
  void anAnswerThatNeverEndsIsNotWaitedFor() throws Exception {
    try (Silent dripping = new Silent(true)) {
      settings(dripping.uri());
      assertThat(timeOf("no answer within 1 seconds"))
          .isBetween(Duration.ofMillis(900), Duration.ofMillis(9_000));
    }
  }

  @Test
  void aHandshakeThatNeverEndsIsNotWaitedFor() throws Exception {
    try (Silent silent = new Silent(false)) {
      settings(silent.uri().replace("ldap:", "ldaps:"));
      assertThat(timeOf("no answer within 1 seconds")).isLessThan(Duration.ofMillis(9_000));
      settings(silent.uri(), "LDAP_TLS 1");
      assertThat(timeOf("no answer within 1 seconds")).isLessThan(Duration.ofMillis(9_000));
    }
  }

  @Test
  void aSilentServerIsPassedOver() throws Exception {
    InMemoryDirectoryServer second = directory(0);
    try (Silent silent = new Silent(false)) {
      settings(silent.uri() + " ldap://127.0.0.1:" + second.getListenPort());
      assertThat(timeOf("accepted")).isLessThan(Duration.ofMillis(9_000));
      for (int i = 0; i < 20; i++) {
        assertThat(timeOf("accepted")).isLessThan(Duration.ofMillis(900));
      }
    } finally {
      second.shutDown(true);
    }
  }

  @Test
  void whoSignsInByAnotherModuleIsNotHeldUp() throws Exception {
    Path userdb = home.resolve("etc/userdb");
    Files.writeString(
        userdb,
        "eve\tuid=5001|gid=5001|home=/home/eve|systempw="
            + PasswordHash.create("other".toCharArray())
            + "\n");
    Files.setPosixFilePermissions(userdb, PosixFilePermissions.fromString("rw-------"));
    site.daemon("authmodulelist=\"authuserdb authldap\"\n");
    try (Silent silent = new Silent(false);
        ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      settings(silent.uri());
      List<Future<String>> waiting = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        waiting.add(crowd.submit(() -> site.failure("ann", "secret")));
      }
      long start = System.nanoTime();
      for (int i = 0; i < 5; i++) {
        assertThat(site.isAccepted("eve", "other")).isTrue();
      }
      Duration own = Duration.ofNanos(System.nanoTime() - start);
      for (Future<String> each : waiting) {
        assertThat(each.get()).doesNotStartWith("accepted");
      }
      // Every one of the crowd computes a hash for a name that userdb does not know.
      assertThat(own).isLessThan(Duration.ofSeconds(10));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
      assertThat(silent.connections).hasValueLessThanOrEqualTo(LdapConnections.CONNECTIONS_MAX + 5);
    }
  }

  @Test
  void aDirectoryThatIsBackIsFoundByItself() throws Exception {
    InMemoryDirectoryServer directory = directory(0);
    int port = directory.getListenPort();
    settings("ldap://127.0.0.1:" + port);
    assertThat(site.isAccepted("ann", "secret")).isTrue();
    directory.shutDown(true);
    assertThat(site.failure("ann", "secret")).contains("Connection refused");
    InMemoryDirectoryServer again = directory(port);
    try {
      Awaitility.await()
          .atMost(Duration.ofSeconds(12))
          .until(() -> site.failure("ann", "secret").startsWith("accepted"));
    } finally {
      again.shutDown(true);
    }
  }

  @Test
  void connectionsAreKeptAndBoundedAndClosedWithTheChain() throws Exception {
    InMemoryDirectoryServer directory = directory(0);
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      // Not the second of the others: 400 at once take their time on a busy machine.
      site.settings(
          "ldap://127.0.0.1:" + directory.getListenPort(),
          "LDAP_TIMEOUT 60\nLDAP_CRYPTPW userPassword\n");
      List<Future<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        all.add(crowd.submit(() -> site.isAccepted("ann", "secret")));
      }
      for (Future<Boolean> each : all) {
        assertThat(each.get()).isTrue();
      }
      assertThat(connections.most).hasValueBetween(2, LdapConnections.CONNECTIONS_MAX);
      assertThat(connections.open.get()).isPositive();
      site.close();
      Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> connections.open.get() == 0 && !hasTimer());
    } finally {
      directory.shutDown(true);
    }
  }

  /** The library's one thread. */
  private static boolean hasTimer() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().equals("Write Timeout Handler Timer"));
  }
}
