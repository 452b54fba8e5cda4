package org.postrider.it;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every logger says all it can while people sign in, rightly and wrongly, in every way there is:
 * nothing by which anybody else could do so is in any log. And fail2ban finds who failed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsInLogsIT {

  private static final String RIGHT = "Sesame-open-4711";
  private static final String WRONG = "Sesame-shut-0815";
  private static final String ADMINISTRATOR = "Console-open-4711";
  private static final String NO_ADMINISTRATOR = "Console-shut-0815";
  private static final String NOBODY = "nobody@example.org";
  private static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.bm8tc2lnbmF0dXJl";

  private final PostriderServer server;
  private final Path directory;

  /** What must not be found, by a name that may be told. */
  private final Map<String, String> secrets = Collections.synchronizedMap(new LinkedHashMap<>());

  private final AtomicInteger failures = new AtomicInteger();

  SecretsInLogsIT() throws IOException {
    server = new PostriderServer("secrets").with("java.security.debug", "logincontext");
    directory = PostriderServer.directory("secrets-work");
  }

  @BeforeAll
  void signInInEveryWay() throws Exception {
    server.start();
    new WildflyCli(directory)
        .on(
            server,
            List.of(
                "/subsystem=logging/root-logger=ROOT:write-attribute(name=level,value=ALL)",
                "/subsystem=logging/size-rotating-file-handler=FILE:write-attribute(name=level,value=ALL)",
                "/subsystem=logging/size-rotating-file-handler=FILE:write-attribute(name=rotate-size,value=1g)",
                "/subsystem=logging/logger=org.wildfly.security:add(level=ALL)",
                "/subsystem=logging/logger=org.postrider:add(level=ALL)",
                "/subsystem=logging/logger=javax.security:add(level=ALL)"));
    String record = record();
    // At the same time: a refusal takes two seconds.
    List<Callable<Void>> signIns = new ArrayList<>();
    for (String mechanism : SaslClient.MECHANISMS) {
      String account = account(record);
      signIns.add(() -> mail(mechanism, account));
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> signIn : threads.invokeAll(signIns)) {
        signIn.get();
      }
    }
    token();
    console();
    application(record);
  }

  @AfterAll
  void stop() throws Exception {
    server.close();
  }

  /** The fields of an account that can sign in by every mechanism. */
  private String record() throws Exception {
    StringBuilder fields = new StringBuilder();
    Map<String, String> kinds = new TreeMap<>();
    kinds.put("systempw", "-sha512");
    for (String kind :
        List.of("hmac-md5", "hmac-sha1", "hmac-sha256", "scram-sha-1", "scram-sha-256")) {
      kinds.put(kind + "pw", "-" + kind);
    }
    for (Map.Entry<String, String> kind : kinds.entrySet()) {
      String secret = made(kind.getValue());
      fields.append('|').append(kind.getKey()).append('=').append(secret);
      for (String part : secret.split("[$,:]")) {
        if (part.length() > 12 && !part.startsWith("SCRAM")) {
          secrets.put(kind.getKey() + " " + secrets.size(), part);
        }
      }
    }
    return fields.toString();
  }

  private String made(String kind) throws Exception {
    Path userdbpw = PostriderServer.property("postrider.it.server").resolve("sbin/userdbpw");
    return new Program(userdbpw, directory)
        .run(List.of(kind), (RIGHT + "\n").getBytes(UTF_8))
        .succeeded()
        .strip();
  }

  private String account(String record) throws IOException {
    String account = server.newAccount();
    Path userdb = server.home().resolve("etc/userdb");
    String text = Files.readString(userdb);
    int begin = text.lastIndexOf(account + "\t");
    Files.writeString(
        userdb,
        text.substring(0, begin)
            + text.substring(begin).replaceFirst("\\|imappw=.*", Matcher.quoteReplacement(record)));
    return account;
  }

  private Void mail(String mechanism, String account) throws Exception {
    SaslClient sasl = new SaslClient();
    try (ImapClient client = server.connect()) {
      assertThat(sasl.signIn(client, mechanism, account, WRONG)).as(mechanism).contains(" NO ");
      failures.incrementAndGet();
      assertThat(sasl.signIn(client, mechanism, account, RIGHT)).as(mechanism).contains(" OK ");
      client.ok("LOGOUT");
    }
    try (ImapClient client = server.connect()) {
      assertThat(sasl.signIn(client, mechanism, NOBODY, WRONG)).contains(" NO ");
      failures.incrementAndGet();
    }
    for (String base64 : sasl.sent()) {
      String decoded = new String(Base64.getDecoder().decode(base64), ISO_8859_1);
      if (!List.of("", account, NOBODY).contains(decoded) && !decoded.startsWith("n,,")) {
        secrets.put(mechanism + " answer " + secrets.size(), base64);
        secrets.put(mechanism + " answer decoded " + secrets.size(), decoded);
      }
    }
    return null;
  }

  /** A token that is not good for this server is good for another one. */
  private void token() throws Exception {
    secrets.put("token", TOKEN);
    for (String mechanism : List.of("XOAUTH2", "OAUTHBEARER")) {
      String message =
          mechanism.equals("XOAUTH2")
              ? "user=ann\u0001auth=Bearer " + TOKEN + "\u0001\u0001"
              : "n,a=ann,\u0001auth=Bearer " + TOKEN + "\u0001\u0001";
      String base64 = Base64.getEncoder().encodeToString(message.getBytes(UTF_8));
      secrets.put(mechanism + " answer", base64);
      try (ImapClient client = server.connect()) {
        String tag = client.send("AUTHENTICATE " + mechanism + " " + base64);
        String line = client.line();
        while (!line.startsWith(tag + " ")) {
          if (line.startsWith("+")) {
            client.sendRaw("\r\n".getBytes(UTF_8));
          }
          line = client.line();
        }
        assertThat(line).doesNotContain(" OK ");
      }
    }
  }

  private void console() throws Exception {
    try (Chromium chromium = new Chromium(server.console());
        BrowserContext visitor = chromium.visitor()) {
      Page page = visitor.newPage();
      page.navigate(server.console());
      for (String typed : List.of(server.setupCode(), "ada", ADMINISTRATOR, ADMINISTRATOR)) {
        page.keyboard().type(typed);
        page.keyboard().press("Tab");
      }
      page.keyboard().press("Enter");
      page.locator("#name").waitFor();
      for (String password : List.of(NO_ADMINISTRATOR, ADMINISTRATOR)) {
        page.locator("#name").fill("ada");
        page.locator("#password").fill(password);
        page.keyboard().press("Enter");
        if (password.equals(NO_ADMINISTRATOR)) {
          assertThat(page.getByRole(AriaRole.ALERT)).hasText("Name or password is wrong.");
        }
      }
      page.locator("#sessions-title").waitFor();
    }
    String administrators = Files.readString(server.home().resolve("etc/administrators"));
    secrets.put("administrator's hash", administrators.strip().replaceFirst(".*[$]", ""));
  }

  private void application(String record) throws Exception {
    String account = account(record);
    ForeignWar basic = new ForeignWar(server, "basic");
    ForeignWar form = new ForeignWar(server, "form");
    new WildflyCli(directory)
        .on(
            server,
            List.of(
                "deploy " + basic.write(directory, false, "postrider-accounts"),
                "deploy " + form.write(directory, true, "postrider-accounts")));
    assertThat(basic.basic("who", account, WRONG).statusCode()).isEqualTo(401);
    assertThat(basic.basic("who", account, RIGHT).statusCode()).isEqualTo(200);
    secrets.put("BASIC right", ForeignWar.authorization(account, RIGHT).substring(6));
    secrets.put("BASIC wrong", ForeignWar.authorization(account, WRONG).substring(6));
    try (HttpClient visitor = form.visitor()) {
      form.get(visitor, "who");
      assertThat(form.form(visitor, account, WRONG).body()).contains("Refused");
      assertThat(form.form(visitor, account, RIGHT).body()).contains(account);
    }
  }

  @Test
  void nothingOfWhatPeopleSignInWithIsInAnyLog() throws Exception {
    for (String password : List.of(RIGHT, WRONG, ADMINISTRATOR, NO_ADMINISTRATOR)) {
      secrets.put("password " + password.substring(0, 11), password);
      // In base64 of something longer its octets may begin anywhere in a group of three.
      for (int before = 0; before < 3; before++) {
        byte[] octets = (" ".repeat(before) + password).getBytes(UTF_8);
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(octets);
        secrets.put(
            "base64 of " + password.substring(0, 11) + " after " + before,
            base64.substring(before == 0 ? 0 : before + 1, base64.length() - 2));
      }
    }
    List<Path> logs = logs();
    assertThat(logs).contains(server.imapdLog());
    assertThat(Files.size(server.home().resolve("log/server.log"))).isGreaterThan(1_000_000);
    List<String> found = new ArrayList<>();
    for (Path log : logs) {
      for (String line : Files.readString(log, ISO_8859_1).lines().toList()) {
        secrets.forEach(
            (what, secret) -> {
              if (line.contains(secret)) {
                found.add(log.getFileName() + " has " + what + ": " + line);
              }
            });
      }
    }
    assertThat(found).isEmpty();
  }

  /** All that the server wrote but data: its log files, and its output as the launcher kept it. */
  private List<Path> logs() throws IOException {
    try (Stream<Path> all = Files.walk(server.home().getParent())) {
      return all.filter(Files::isRegularFile)
          .filter(
              file ->
                  file.toString().contains(".log") || file.startsWith(server.home().resolve("log")))
          .toList();
    }
  }

  @Test
  void fail2banFindsEveryRefusedSignIn() throws Exception {
    // What a name must not do: make up another address.
    try (ImapClient client = server.connect()) {
      assertThat(client.command("LOGIN \"x, ip=[192.0.2.66]\" " + WRONG).getLast())
          .contains(" NO ");
    }
    String all = Files.readString(server.imapdLog());
    Path log = Files.writeString(directory.resolve("imapd.log"), all);
    String output =
        Program.find("fail2ban-regex", "fail2ban", directory)
            .run(List.of("--print-all-matched", log.toString(), "courier-auth"))
            .succeeded();
    long refused = all.lines().filter(line -> line.contains("LOGIN FAILED")).count();
    assertThat(refused).isGreaterThan(failures.get());
    assertThat(output).contains(refused + " matched,");
    String addresses =
        Program.find("fail2ban-regex", "fail2ban", directory)
            .run(List.of("--out", "ip", log.toString(), "courier-auth"))
            .succeeded();
    assertThat(addresses.lines().distinct()).containsExactly("127.0.0.1");
  }
}
