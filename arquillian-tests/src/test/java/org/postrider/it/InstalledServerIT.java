package org.postrider.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.postrider.it.Program.Ended;

/**
 * A server that install.sh made in a directory with blanks, started and stopped by its commands.
 */
class InstalledServerIT {

  private static final String ACCOUNT = "ann@example.org";

  private static Path room;
  private static Path prefix;
  private static Path home;
  private static InetSocketAddress imap;

  @BeforeAll
  static void install() throws Exception {
    room = PostriderServer.directory("installed server");
    prefix = room.resolve("a prefix");
    home = prefix.resolve("data");
    Path script = PostriderServer.property("postrider.it.scripts").resolve("install.sh");
    String said =
        new Program(Path.of("/bin/sh"), room.resolve("work"))
            .run(
                List.of(script.toString(), "--prefix", prefix.toString()),
                new byte[0],
                Map.of("JAVA_HOME", System.getProperty("java.home")))
            .succeeded();
    assertThat(said).contains(prefix + "/sbin/imapd start").doesNotContain("rror");

    int[] ports = PostriderServer.freePorts(4);
    imap = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports[0]);
    Path etc = Files.createDirectories(home.resolve("etc"));
    Files.writeString(
        etc.resolve("postrider.properties"),
        "imaps.port=%d\nconsole.port=%d\njboss.management.http.port=%d\n"
            .formatted(ports[1], ports[2], ports[3]));
    // Courier's own file says the rest.
    Files.writeString(etc.resolve("imapd"), "PORT=" + ports[0] + "\nADDRESS=127.0.0.1\n");
    PostriderServer.addAccount(home, ACCOUNT);
  }

  @AfterEach
  void leaveNothingRunning() throws Exception {
    imapd("stop");
  }

  private static Ended run(Path command, String... arguments)
      throws IOException, InterruptedException {
    return new Program(command, room.resolve("work"))
        .run(
            List.of(arguments),
            new byte[0],
            Map.of("JAVA_HOME", System.getProperty("java.home"), "JAVA_OPTS", "-Xmx256m"));
  }

  private static Ended imapd(String... arguments) throws IOException, InterruptedException {
    return run(prefix.resolve("sbin/imapd"), arguments);
  }

  private static long pid() throws IOException {
    return Long.parseLong(Files.readString(home.resolve("imapd.pid")).strip());
  }

  @Test
  void itIsStartedAndStoppedAndClientsAreTold() throws Exception {
    assertThat(imapd("status")).isEqualTo(new Ended(3, "imapd: not running\n"));
    assertThat(imapd("stop")).isEqualTo(new Ended(0, "imapd: not running\n"));

    assertThat(imapd("start").succeeded())
        .contains("imapd: running (pid " + pid() + "): IMAP 127.0.0.1:" + imap.getPort());
    long pid = pid();
    assertThat(imapd("start").succeeded()).startsWith("imapd: already running (pid " + pid + ")");
    assertThat(run(prefix.resolve("sbin/imapd-ssl"), "start").succeeded())
        .startsWith("imapd-ssl: already running");
    assertThat(imapd("status")).isEqualTo(new Ended(0, "imapd: running (pid " + pid + ")\n"));
    assertThat(ProcessHandle.of(pid).flatMap(it -> it.info().arguments()).orElseThrow())
        .contains("-Xmx256m");

    ImapClient client = ImapClient.imap(imap);
    client.ok("LOGIN \"" + ACCOUNT + "\" \"" + PostriderServer.PASSWORD + "\"");
    assertThat(client.append("INBOX", "Subject: kept\r\n\r\nhello\r\n".getBytes(UTF_8)))
        .contains("OK");
    assertThat(run(prefix.resolve("sbin/imapd-ssl"), "restart").succeeded())
        .contains("imapd-ssl: stopped", "imapd-ssl: running (pid " + pid() + ")");
    assertThat(client.linesToTheEnd()).anyMatch(line -> line.startsWith("* BYE "));
    client.close();
    assertThat(pid()).isNotEqualTo(pid);

    try (ImapClient again = ImapClient.imap(imap)) {
      again.ok("LOGIN \"" + ACCOUNT + "\" \"" + PostriderServer.PASSWORD + "\"");
      assertThat(again.ok("SELECT INBOX")).contains("* 1 EXISTS");
    }
    assertThat(imapd("stop")).isEqualTo(new Ended(0, "imapd: stopped\n"));
    assertThat(imapd("status").exit()).isEqualTo(3);
    assertThat(home.resolve("imapd.pid")).doesNotExist();
    assertThat(imapd("try-restart").succeeded()).isEqualTo("imapd: not running\n");
  }

  @Test
  void aServerThatDiedIsKnownAndStartedAgain() throws Exception {
    imapd("start").succeeded();
    ProcessHandle process = ProcessHandle.of(pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().join();

    Ended status = imapd("status");
    assertThat(status.exit()).isEqualTo(1);
    assertThat(status.output()).contains("dead", "imapd.pid", "server.log");

    assertThat(imapd("start").succeeded()).startsWith("imapd: running");
    assertThat(imapd("status").exit()).isZero();
  }

  @Test
  void anotherProcessOfTheSameNumberIsNotTakenForTheServer() throws Exception {
    Files.writeString(home.resolve("imapd.pid"), ProcessHandle.current().pid() + "\n");

    assertThat(imapd("status").exit()).isEqualTo(1);
    assertThat(imapd("stop").exit()).isZero();
    assertThat(home.resolve("imapd.pid")).doesNotExist();
  }

  @Test
  void whatKeepsItFromStartingIsSaidAndNothingIsLeft() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(imap);

      Ended ended = imapd("start");

      assertThat(ended.exit()).isEqualTo(1);
      assertThat(ended.output()).contains("Port " + imap.getPort() + " (IMAP) is taken");
    }
    assertThat(home.resolve("imapd.pid")).doesNotExist();
    Ended option =
        new Program(prefix.resolve("sbin/imapd"), room.resolve("work"))
            .run(
                List.of("start"),
                new byte[0],
                Map.of("JAVA_HOME", System.getProperty("java.home"), "JAVA_OPTS", "-XX:+Nonsense"));
    assertThat(option.exit()).isEqualTo(1);
    assertThat(option.output()).contains("ended by itself", "Nonsense");
    assertThat(imapd("status").exit()).isEqualTo(3);
    assertThat(imapd("nonsense").exit()).isEqualTo(2);
  }

  @Test
  void inTheForegroundItTellsSystemdAndEndsWithTheCommand() throws Exception {
    Path socket = Path.of("/tmp").resolve("postrider-notify-" + ProcessHandle.current().pid());
    Path told = room.resolve("told");
    Process listener =
        new ProcessBuilder(
                "python3",
                "-c",
                "import socket,sys; s=socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM);"
                    + " s.bind(sys.argv[1]); open(sys.argv[2],'wb').write(s.recv(999))",
                socket.toString(),
                told.toString())
            .start();
    Process foreground = null;
    try {
      Awaitility.await().until(() -> Files.exists(socket));
      ProcessBuilder builder =
          new ProcessBuilder(prefix.resolve("sbin/imapd").toString(), "foreground")
              .redirectErrorStream(true)
              .redirectOutput(room.resolve("foreground.log").toFile());
      builder.environment().put("NOTIFY_SOCKET", socket.toString());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      foreground = builder.start();

      Awaitility.await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> Files.exists(told) && Files.readString(told).contains("READY=1"));
      ImapClient client = ImapClient.imap(imap);
      ProcessHandle server = ProcessHandle.of(pid()).orElseThrow();
      foreground.destroy();

      assertThat(client.linesToTheEnd()).anyMatch(line -> line.startsWith("* BYE "));
      client.close();
      assertThat(foreground.waitFor()).isIn(0, 143);
      assertThat(server.isAlive()).isFalse();
      assertThat(home.resolve("imapd.pid")).doesNotExist();
    } finally {
      listener.destroyForcibly().waitFor();
      if (foreground != null) {
        foreground.destroyForcibly();
      }
      Files.deleteIfExists(socket);
    }
  }

  @Test
  void theUnitForSystemdIsValidAndTheScriptForSystemVRuns() throws Exception {
    Path unit = prefix.resolve("share/systemd/postrider.service");
    Program analyze = Program.find("systemd-analyze", "systemd", room.resolve("work"));

    Ended verified = analyze.run(List.of("verify", "--man=no", unit.toString()));

    assertThat(verified).isEqualTo(new Ended(0, ""));
    assertThat(Files.readString(unit))
        .contains("ExecStart=\"" + prefix + "/sbin/imapd\" foreground", home.toString())
        .doesNotContain("@PREFIX@", "@HOME@", "@USER@", "@CAPABILITIES@");
    Path script = prefix.resolve("share/init.d/postrider");
    assertThat(run(script, "status")).isEqualTo(new Ended(3, "imapd: not running\n"));
    assertThat(run(script, "stop").exit()).isZero();
  }

  @Test
  void anUpgradeKeepsDataAndSettings() throws Exception {
    Path settings = prefix.resolve("standalone/configuration/standalone.xml");
    Files.writeString(settings, Files.readString(settings) + "<!-- ours -->\n");
    Path script = PostriderServer.property("postrider.it.scripts").resolve("install.sh");
    Program shell = new Program(Path.of("/bin/sh"), room.resolve("work"));
    List<String> again = List.of(script.toString(), "--prefix=" + prefix);

    assertThat(shell.run(again).succeeded()).contains("standalone.xml.before");

    assertThat(settings.resolveSibling("standalone.xml.before")).content().contains("ours");
    assertThat(home.resolve("etc/userdb")).content().contains(ACCOUNT);
    imapd("start").succeeded();
    Ended refused = shell.run(again);
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.output()).contains("running: stop it first");
    Path others = Files.createDirectory(room.resolve("others"));
    Files.writeString(others.resolve("letter"), "");
    assertThat(shell.run(List.of(script.toString(), "--prefix", others.toString())).output())
        .contains("has other files in it");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
        .isEqualTo("rwx------");
  }
}
