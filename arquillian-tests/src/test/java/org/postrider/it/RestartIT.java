package org.postrider.it;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server is told to end, or is killed, with clients in the middle of things. */
class RestartIT {

  private static final Duration STOP_ALLOWED = Duration.ofSeconds(5);
  private static final Pattern APPENDUID = Pattern.compile("APPENDUID \\d+ (\\d+)]");
  private static final int MESSAGE_OCTETS = 200_000;

  private PostriderServer server;
  private String account;

  @BeforeEach
  void start() throws Exception {
    server = new PostriderServer("restart").start();
    account = server.newAccount();
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.close();
  }

  private static byte[] message(int number) {
    String header = "Subject: Message " + number + "\r\n\r\n";
    String line = "%076d\r\n".formatted(number);
    return (header + line.repeat(MESSAGE_OCTETS / line.length())).getBytes(US_ASCII);
  }

  @Test
  void clientsAreToldOfTheEndAndFindTheirMailAgain() throws Exception {
    ImapClient idle = server.signedIn(account);
    assertThat(idle.append("INBOX", message(1))).contains("OK");
    List<String> selected = idle.ok("SELECT INBOX");
    idle.idle();
    ImapClient notSignedIn = ImapClient.imap(server.imap());
    ImapClient inTheMiddle = server.signedIn(account);
    inTheMiddle.send("APPEND INBOX {1000+}");
    inTheMiddle.sendRaw("Subject: half\r\n".getBytes(US_ASCII));

    long began = System.nanoTime();
    assertThat(server.stop()).as("exit code of the launcher").isIn(0, 143);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(STOP_ALLOWED);

    for (ImapClient client : List.of(idle, notSignedIn)) {
      assertThat(client.linesToTheEnd()).anyMatch(line -> line.startsWith("* BYE "));
      client.close();
    }
    inTheMiddle.close();
    assertThat(server.said()).contains("Stopped.");
    assertThatThrownBy(() -> new Socket(server.imap().getAddress(), server.imap().getPort()))
        .isInstanceOf(IOException.class);

    server.start();
    try (ImapClient client = server.signedIn(account)) {
      assertThat(withoutFlags(client.ok("SELECT INBOX"))).isEqualTo(withoutFlags(selected));
      assertThat(client.ok("UID FETCH 1 BODY.PEEK[]").getFirst())
          .contains(new String(message(1), US_ASCII));
    }
    assertThat(files(server.maildir(account).resolve("tmp"))).isEmpty();
  }

  /** RECENT is for the first that sees a message, and the tag is the client's. */
  private static List<String> withoutFlags(List<String> lines) {
    return lines.stream().filter(line -> line.matches(".*(EXISTS|UIDVALIDITY|UIDNEXT).*")).toList();
  }

  @Test
  void whatWasAcknowledgedOutlivesAKill() throws Exception {
    Map<Long, Integer> acknowledged = new TreeMap<>();
    ImapClient half = server.signedIn(account);
    byte[] cutOff = message(0);
    half.send("APPEND INBOX {" + cutOff.length + "+}");
    half.sendRaw(java.util.Arrays.copyOf(cutOff, cutOff.length / 2));
    Awaitility.await().until(() -> !files(server.maildir(account).resolve("tmp")).isEmpty());

    Thread writer = Thread.ofPlatform().start(() -> appendUntilTheEnd(acknowledged));
    Awaitility.await().until(() -> size(acknowledged) >= 20);
    server.wildfly().destroyForcibly();
    assertThat(writer.join(Duration.ofSeconds(30))).isTrue();
    half.close();
    Awaitility.await().until(() -> !server.launcher().isAlive());

    server.start();
    try (ImapClient client = server.signedIn(account)) {
      client.ok("SELECT INBOX");
      Map<Long, String> found = bodies(client);
      acknowledged.forEach(
          (uid, number) ->
              assertThat(found.get(uid))
                  .as("message %d, acknowledged as UID %d", number, uid)
                  .isEqualTo(new String(message(number), US_ASCII)));
      // One more may be there: stored, and killed before it could say so. None is there in part.
      assertThat(found.size() - acknowledged.size()).isBetween(0, 1);
      assertThat(found.values())
          .allSatisfy(body -> assertThat(body).hasSize(message(bodyNumber(body)).length));
      assertThat(client.append("INBOX", message(1))).contains("OK [APPENDUID");
    }
  }

  private void appendUntilTheEnd(Map<Long, Integer> acknowledged) {
    try (ImapClient client = server.signedIn(account)) {
      for (int number = 1; number <= 10_000; number++) {
        Matcher uid = APPENDUID.matcher(client.append("INBOX", message(number)));
        if (uid.find()) {
          synchronized (acknowledged) {
            acknowledged.put(Long.valueOf(uid.group(1)), number);
          }
        }
      }
    } catch (IOException killed) {
      // As expected: the server is gone.
    }
  }

  private static int size(Map<Long, Integer> acknowledged) {
    synchronized (acknowledged) {
      return acknowledged.size();
    }
  }

  private static int bodyNumber(String body) {
    Matcher number = Pattern.compile("Subject: Message (\\d+)\r\n").matcher(body);
    assertThat(number.find()).as(body.lines().findFirst().orElse("(empty)")).isTrue();
    return Integer.parseInt(number.group(1));
  }

  private static Map<Long, String> bodies(ImapClient client) throws IOException {
    Pattern response =
        Pattern.compile("(?s)\\* \\d+ FETCH \\(UID (\\d+) BODY\\[] \\{\\d+}\r\n(.*)\\)");
    Map<Long, String> bodies = new TreeMap<>();
    for (String line : client.ok("UID FETCH 1:* (UID BODY.PEEK[])")) {
      Matcher fetch = response.matcher(line);
      if (fetch.matches()) {
        bodies.put(Long.valueOf(fetch.group(1)), fetch.group(2));
      }
    }
    return bodies;
  }

  private static List<Path> files(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return new ArrayList<>(all.filter(file -> !file.endsWith("courier.lock")).toList());
    }
  }
}
