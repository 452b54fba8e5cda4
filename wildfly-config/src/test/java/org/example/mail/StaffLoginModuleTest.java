package org.example.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.SiteDirectory;

/** The example of the manual, with a service to ask. */
class StaffLoginModuleTest {

  @TempDir Path home;

  private HttpServer service;
  private SiteDirectory site;

  @BeforeEach
  void startService() throws Exception {
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext("/staff/", StaffLoginModuleTest::answer);
    service.start();
    site = new SiteDirectory(home);
    site.module(
        StaffLoginModule.class,
        "base=\"http://127.0.0.1:" + service.getAddress().getPort() + "/staff\"");
  }

  @AfterEach
  void stopService() {
    service.stop(0);
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String name = exchange.getRequestURI().getPath().substring("/staff/".length());
    String given = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    boolean known = name.equals("ann b@example.com");
    boolean right = exchange.getRequestMethod().equals("GET") || given.equals("Grüße");
    byte[] body = "Ann B.\n".getBytes(UTF_8);
    exchange.sendResponseHeaders(known ? (right ? 200 : 401) : 404, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void bothFunctionsWork() throws Exception {
    assertThat(site.signIn("ann b@example.com", "Grüße").fullName()).isEqualTo("Ann B.");
    assertThat(site.lookup("ann b@example.com"))
        .hasValueSatisfying(ann -> assertThat(ann.account().uid()).isEqualTo(5000));
    assertThat(site.rejects("ann b@example.com", "wrong")).isTrue();
    assertThat(site.rejects("nobody", "Grüße")).isTrue();
    assertThat(site.lookup("nobody")).isEmpty();
  }

  @Test
  void authcustomIsWhatTheSitesFileMakesOfIt() throws Exception {
    site.modules("authcustom");
    assertThat(site.rejects("ann b@example.com", "Grüße")).isTrue();
    site.write(
        "jaas.conf",
        "authcustom { "
            + StaffLoginModule.class.getName()
            + " required base=\"http://127.0.0.1:"
            + service.getAddress().getPort()
            + "/staff\"; };\n");
    assertThat(site.rejects("ann b@example.com", "Grüße")).isFalse();
  }

  @Test
  void serviceThatIsDownIsATemporaryFailure() throws Exception {
    service.stop(0);
    assertThat(site.failure("ann b@example.com", "Grüße"))
        .isEqualTo("The staff service does not answer (status 0): see whether it runs.");
  }

  @Test
  void manualShowsThisVeryClass() throws Exception {
    String source =
        Files.readString(Path.of("src/test/java/org/example/mail/StaffLoginModule.java"));
    assertThat(Files.readString(Path.of("../docs/login-modules.md")))
        .contains("```java\n" + source + "```\n");
  }
}
