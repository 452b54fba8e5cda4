package org.postrider.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Whose the files are. Run by root, the account is another user of the system, as on most Courier
 * sites; run by anybody else it is that user's own, and another user's mail is refused.
 */
@ExtendWith(SharedServer.class)
class OwnershipIT {

  /** A user of every system; Courier is slow where a uid has no name. */
  private static final int NOBODY = 65534;

  private final PostriderServer server;
  private Path directory;
  private Path home;
  private int uid;
  private int gid;
  private boolean root;
  private String account;

  OwnershipIT(PostriderServer server) {
    this.server = server;
  }

  @BeforeEach
  void makeAnAccount() throws IOException, InterruptedException {
    // Not below the build's directory, where another user may not be able to go.
    directory = Files.createTempDirectory("postrider-owner");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    uid = (Integer) Files.getAttribute(directory, "unix:uid");
    gid = (Integer) Files.getAttribute(directory, "unix:gid");
    root = uid == 0;
    if (root) {
      uid = NOBODY;
      gid = NOBODY - 1;
    }
    home = Files.createDirectory(directory.resolve("home"));
    program("/usr/bin/chown", uid + ":" + gid, home.toString());
    account = server.newAccount(uid, gid, home);
  }

  @AfterEach
  void tidyUp() throws IOException, InterruptedException {
    program("/usr/bin/rm", "-rf", directory.toString());
  }

  private String program(String... command) throws IOException, InterruptedException {
    return new Program(Path.of("/usr/bin/env"), PostriderServer.directory("owner"))
        .run(List.of(command))
        .succeeded();
  }

  private void assertAllOwned() throws IOException {
    try (Stream<Path> all = Files.walk(home)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        assertThat(Files.readAttributes(file, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS))
            .as("%s", file)
            .containsEntry("uid", uid)
            .containsEntry("gid", gid);
      }
    }
  }

  /** Courier's server, run as the account's user, in the account's home. */
  private List<String> courier(String... commands) throws IOException, InterruptedException {
    StringBuilder input = new StringBuilder();
    for (String command : commands) {
      input.append("k ").append(command).append("\r\n");
    }
    input.append("k LOGOUT\r\n");
    List<String> imapd = new ArrayList<>();
    if (root) {
      imapd.addAll(
          List.of("/usr/bin/setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups"));
    }
    imapd.addAll(
        List.of(
            "/usr/bin/env",
            "--chdir=" + home,
            "AUTHENTICATED=" + account,
            "IMAP_KEYWORDS=1",
            "/usr/bin/imapd",
            "Maildir"));
    List<String> lines =
        new Program(Path.of("/usr/bin/env"), PostriderServer.directory("owner"))
            .run(imapd, input.toString().getBytes(ISO_8859_1))
            .output()
            .lines()
            .toList();
    assertThat(lines)
        .filteredOn(line -> line.startsWith("k "))
        .hasSize(commands.length + 1)
        .allMatch(line -> line.startsWith("k OK"));
    return lines;
  }

  private static byte[] message(String subject) {
    return ("Subject: " + subject + "\r\n\r\ntext\r\n").getBytes(ISO_8859_1);
  }

  @Test
  void courierTakesOverAsTheAccountsUserAndWeAfterIt() throws Exception {
    try (ImapClient client = server.signedIn(account)) {
      client.ok("CREATE INBOX.Kept");
      client.append("INBOX", message("one"));
      client.append("INBOX", message("two"));
      client.ok("SELECT INBOX");
      client.ok("STORE 1 +FLAGS (\\Seen $Label1)");
      client.ok("COPY 1:2 INBOX.Kept");
      client.ok("SUBSCRIBE INBOX.Kept");
      client.ok("CREATE INBOX.Gone");
      client.ok("DELETE INBOX.Gone");
      client.ok("RENAME INBOX.Kept INBOX.Renamed");
      assertAllOwned();
    }
    assertThat(
            courier(
                "SELECT INBOX",
                "FETCH 1:2 (FLAGS)",
                "STORE 2 +FLAGS (\\Flagged Work)",
                "STORE 1 +FLAGS (\\Deleted)",
                "EXPUNGE",
                "SELECT INBOX.Renamed",
                "COPY 1:2 INBOX",
                "CREATE INBOX.Couriers",
                "SUBSCRIBE INBOX.Couriers",
                "SELECT INBOX",
                "DELETE INBOX.Renamed"))
        .anyMatch(line -> line.contains("* 1 FETCH (FLAGS (\\Seen $Label1"));
    try (ImapClient client = server.signedIn(account)) {
      client.ok("SELECT INBOX");
      assertThat(client.ok("FETCH 1:* (FLAGS)"))
          .anyMatch(line -> line.startsWith("* 1 FETCH") && line.contains("Work"))
          .anyMatch(line -> line.startsWith("* 3 FETCH"));
      client.ok("STORE 1:3 +FLAGS (\\Answered More)");
      client.ok("COPY 1:3 INBOX.Couriers");
      client.append("INBOX.Couriers", message("three"));
      client.ok("UNSUBSCRIBE INBOX.Kept");
      client.ok("RENAME INBOX.Couriers INBOX.Ours");
    }
    assertAllOwned();
    assertThat(courier("SELECT INBOX", "DELETE INBOX.Ours", "LIST \"\" \"*\""))
        .noneMatch(line -> line.contains("INBOX.Ours\""));
  }

  @Test
  void anotherUsersMailIsServedByRootAndRefusedByAnybodyElse() throws Exception {
    String other = server.newAccount(uid + 7, gid + 7, home);
    try (ImapClient client = server.connect()) {
      List<String> answer = client.command(login(other));
      assertThat(answer.getLast())
          .contains("NO [UNAVAILABLE] ", "administrator")
          .doesNotContain(home.toString());
    }
    assertThat(server.log())
        .contains("The mail of " + other + " can't be served: ")
        .contains(root ? "belongs to uid " : "run the server as uid " + (uid + 7));
    assertAllOwned();
  }

  @Test
  void optionsThatSwitchImapOffAreToldInCouriersWords() throws Exception {
    String off = login(server.newAccount(uid, gid, home, "disableimap=1"));
    String secure = login(server.newAccount(uid, gid, home, "disableinsecureimap=yes"));
    try (ImapClient client = server.connect()) {
      assertThat(client.command(off).getLast())
          .contains("NO [AUTHORIZATIONFAILED] IMAP access disabled for this account.");
      client.ok(secure);
    }
    try (ImapClient client = ImapClient.imap(server.imap())) {
      assertThat(client.command(secure).getLast())
          .contains("NO [PRIVACYREQUIRED] IMAP access disabled via insecure connection.");
      client.startTls(server.tls()).ok(secure);
    }
  }

  private static String login(String name) {
    return "LOGIN \"" + name + "\" \"" + PostriderServer.PASSWORD + "\"";
  }

  @Test
  void aMissingHomeIsMadeFromTheSkeleton() throws Exception {
    Path missing = directory.resolve("missing");
    String late = server.newAccount(uid, gid, missing);
    try (ImapClient client = server.connect()) {
      assertThat(client.command(login(late)).getLast()).contains("NO [UNAVAILABLE] ");
    }
    assertThat(server.log()).contains("chdir(" + missing + ") failed!!");
    Path skeleton = Files.createDirectories(directory.resolve("skel/Maildir/new"));
    Files.write(skeleton.resolve("1.welcome"), "Subject: Welcome\n\nHello\n".getBytes(UTF_8));
    Path imapd = server.home().resolve("etc/imapd");
    Files.writeString(imapd, "AUTH_MKHOMEDIR_SKEL=" + directory.resolve("skel") + "\n");
    try (ImapClient client = server.signedIn(late)) {
      assertThat(client.ok("SELECT INBOX")).contains("* 1 EXISTS");
    } finally {
      Files.delete(imapd);
    }
    assertThat(Files.getAttribute(missing.resolve("Maildir/cur"), "unix:uid")).isEqualTo(uid);
    assertThat(Files.getAttribute(missing, "unix:gid")).isEqualTo(gid);
  }
}
