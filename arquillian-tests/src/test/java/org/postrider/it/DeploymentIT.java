package org.postrider.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jboss.arquillian.container.test.api.ContainerController;
import org.jboss.arquillian.container.test.api.Deployer;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.container.test.api.TargetsContainer;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.arquillian.test.api.ArquillianResource;
import org.jboss.as.controller.client.ModelControllerClient;
import org.jboss.as.controller.client.helpers.Operations;
import org.jboss.dmr.ModelNode;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.junit.jupiter.api.Test;

/**
 * The EAR comes and goes in a WildFly that stays: an operator's own server, prepared by {@code
 * setup}, started and stopped by Arquillian.
 */
@ArquillianTest
class DeploymentIT {

  private static final String CONTAINER = "wildfly";
  private static final String APPLICATION = "postrider";
  private static final String ACCOUNT = "account@example.org";

  @ArquillianResource private ContainerController containers;
  @ArquillianResource private Deployer deployer;

  private Path directory;
  private int imapPort;
  private int managementPort;

  @Deployment(name = APPLICATION, managed = false, testable = false)
  @TargetsContainer(CONTAINER)
  static EnterpriseArchive application() {
    return ShrinkWrap.create(ZipImporter.class, "postrider.ear")
        .importFrom(PostriderServer.property("postrider.it.ear").toFile())
        .as(EnterpriseArchive.class);
  }

  @Test
  @RunAsClient
  void applicationLeavesNothingBehindAndFindsItsMailAgain() throws Exception {
    directory = PostriderServer.directory("deployment");
    containers.start(CONTAINER, settings());
    try {
      deployer.deploy(APPLICATION);
      ImapClient before = signedIn();
      assertThat(before.append("INBOX", message(1))).contains("OK [APPENDUID");
      before.ok("SELECT INBOX");
      before.idle();

      deployer.undeploy(APPLICATION);
      assertThat(before.linesToTheEnd()).anyMatch(line -> line.startsWith("* BYE "));
      before.close();
      assertNothingIsLeft();

      deployer.deploy(APPLICATION);
      ImapClient again = signedIn();
      assertThat(again.ok("SELECT INBOX")).contains("* 1 EXISTS");
      assertThat(again.append("INBOX", message(2))).contains("OK [APPENDUID");
      again.idle();

      reload();
      assertThat(again.linesToTheEnd()).anyMatch(line -> line.startsWith("* BYE "));
      again.close();
      try (ImapClient reloaded = signedIn()) {
        assertThat(reloaded.ok("SELECT INBOX")).contains("* 2 EXISTS");
      }
      assertOneOfEach();

      deployer.undeploy(APPLICATION);
      assertNothingIsLeft();
    } finally {
      containers.stop(CONTAINER);
    }
  }

  private static byte[] message(int number) {
    return ("Subject: Message " + number + "\r\n\r\nText\r\n").getBytes(US_ASCII);
  }

  // --- The server ---------------------------------------------------------------------------

  private Map<String, String> settings() throws Exception {
    Path server = PostriderServer.property("postrider.it.server");
    Path home = directory.resolve("data");
    new Program(PostriderServer.java(), directory)
        .run(
            List.of(
                "-jar",
                server.resolve("jboss-modules.jar").toString(),
                "-mp",
                server.resolve("modules").toString(),
                "org.postrider.tool",
                "setup",
                "--home=" + home))
        .succeeded();
    PostriderServer.addAccount(home, ACCOUNT);
    Path base = directory.resolve("standalone");
    copy(server.resolve("standalone/configuration"), base.resolve("configuration"));
    Files.createDirectories(base.resolve("deployments"));

    // What is held softly (the JDK's own caches of beans) is given up at need: here at once.
    int[] ports = PostriderServer.freePorts(4);
    imapPort = ports[0];
    managementPort = ports[1];
    String options =
        "-Xmx512m -XX:SoftRefLRUPolicyMSPerMB=0 -Djboss.server.base.dir=%s -Djboss.management.http.port=%d -Dimap.port=%d -Dimaps.port=%d -Dconsole.port=%d -Dpostrider.home=%s"
            .formatted(base, managementPort, imapPort, ports[2], ports[3], home);
    return Map.of(
        "jbossHome",
        server.toString(),
        "modulePath",
        server.resolve("modules").toString(),
        "javaVmArguments",
        options,
        "managementPort",
        Integer.toString(managementPort),
        "waitForPorts",
        "");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path source : (Iterable<Path>) all::iterator) {
        Path target = to.resolve(from.relativize(source).toString());
        if (Files.isDirectory(source)) {
          Files.createDirectories(target);
        } else {
          Files.copy(source, target);
        }
      }
    }
  }

  private void reload() {
    try (ModelControllerClient management = management()) {
      management.execute(Operations.createOperation("reload"));
    } catch (IOException e) {
      throw new IllegalStateException("The server can't be told to reload", e);
    }
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> isRunning() && isOpen());
  }

  private boolean isRunning() throws IOException {
    try (ModelControllerClient management = management()) {
      ModelNode question =
          Operations.createReadAttributeOperation(new ModelNode().setEmptyList(), "server-state");
      ModelNode answer = management.execute(question);
      return Operations.isSuccessfulOutcome(answer)
          && Operations.readResult(answer).asString().equals("running");
    }
  }

  private ModelControllerClient management() throws IOException {
    return ModelControllerClient.Factory.create(
        InetAddress.getLoopbackAddress().getHostAddress(), managementPort);
  }

  // --- What is there ------------------------------------------------------------------------

  private InetSocketAddress imap() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), imapPort);
  }

  private ImapClient signedIn() throws IOException {
    ImapClient client = ImapClient.imap(imap());
    client.ok("LOGIN " + ACCOUNT + " " + PostriderServer.PASSWORD);
    return client;
  }

  private boolean isOpen() throws IOException {
    try (Socket socket = new Socket(imap().getAddress(), imapPort)) {
      return socket.isConnected();
    }
  }

  private void assertNothingIsLeft() throws Exception {
    assertThatThrownBy(this::isOpen).isInstanceOf(IOException.class);
    assertThat(ourThreads()).isEmpty();
    Awaitility.await("class loaders of the application to go")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              jcmd("GC.run");
              assertThat(classLoaders()).isEmpty();
            });
  }

  /** After a reload, not those of before as well. */
  private void assertOneOfEach() {
    Awaitility.await("class loaders of before to go")
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              jcmd("GC.run");
              assertThat(classLoaders()).doesNotHaveDuplicates().hasSize(4);
            });
    assertThat(ourThreads().stream().filter(name -> name.contains("warden"))).hasSize(1);
  }

  private List<String> classLoaders() {
    return jcmd("VM.classloaders")
        .lines()
        .filter(line -> line.contains("\"deployment.postrider.ear"))
        .map(line -> line.substring(line.indexOf('"')))
        .toList();
  }

  private List<String> ourThreads() {
    Path dump = directory.resolve("threads.txt");
    jcmd("Thread.dump_to_file", "-overwrite", dump.toString());
    try (Stream<String> lines = Files.lines(dump)) {
      return lines
          .filter(line -> line.matches("#\\d+ \"(imap|idle|bye|refuse|postrider)-.*"))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A question to the server's JVM. */
  private String jcmd(String... question) {
    ProcessHandle wildfly =
        ProcessHandle.current()
            .descendants()
            .filter(it -> it.info().commandLine().orElse("").contains(directory.toString()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("WildFly does not run."));
    Path jcmd = PostriderServer.java().resolveSibling("jcmd");
    List<String> arguments =
        Stream.concat(Stream.of(Long.toString(wildfly.pid())), Stream.of(question)).toList();
    try {
      return new Program(jcmd, directory).run(arguments).succeeded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
