package org.postrider.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What one account shares with another, by Courier's index and access lists: two clients at the
 * same mailbox, and Courier's own {@code imapd}, which shows the same.
 */
@ExtendWith(SharedServer.class)
class SharedFoldersIT {

  /** A user of every system; an index knows no root. */
  private static final int NOBODY = 65534;

  private static final String GROUP = "it";

  private final PostriderServer server;
  private Path directory;
  private Path index;
  private int uid;
  private int gid;
  private boolean root;
  private String owner;
  private String guest;
  private String shared;

  SharedFoldersIT(PostriderServer server) {
    this.server = server;
  }

  @BeforeEach
  void makeAccountsAndTheirIndex() throws Exception {
    // Not below the build's directory, where another user may not be able to go.
    directory = Files.createTempDirectory("postrider-shared");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    uid = (Integer) Files.getAttribute(directory, "unix:uid");
    gid = (Integer) Files.getAttribute(directory, "unix:gid");
    root = uid == 0;
    if (root) {
      uid = NOBODY;
      gid = NOBODY - 1;
    }
    owner = account("owner");
    guest = account("guest");
    shared = "#shared." + owner.replace('.', ' ');
    index = Files.createDirectories(server.home().resolve("etc/shared")).resolve("index");
    Files.writeString(
        index.resolveSibling("index" + GROUP),
        line(owner, "owner") + line(guest, "guest") + "Others\t*\tindexothers\n");
  }

  private String account(String name) throws IOException, InterruptedException {
    Path home = Files.createDirectory(directory.resolve(name));
    run(Path.of("/usr/bin/chown"), uid + ":" + gid, home.toString());
    return server.newAccount(uid, gid, home, "sharedgroup=" + GROUP);
  }

  private String line(String account, String home) {
    return account + "\t" + uid + "\t" + gid + "\t" + directory.resolve(home) + "\n";
  }

  private void run(Path program, String... arguments) throws IOException, InterruptedException {
    new Program(program, PostriderServer.directory("shared-folders"))
        .run(List.of(arguments))
        .succeeded();
  }

  @AfterEach
  void tidyUp() throws IOException, InterruptedException {
    Files.deleteIfExists(index.resolveSibling("index" + GROUP));
    run(Path.of("/usr/bin/rm"), "-rf", directory.toString());
  }

  /** One conversation with Courier as the guest; the untagged lines. */
  private List<String> courier(String... commands) throws IOException, InterruptedException {
    StringBuilder input = new StringBuilder();
    for (String command : commands) {
      input.append("k ").append(command).append("\r\n");
    }
    input.append("k LOGOUT\r\n");
    List<String> arguments = new ArrayList<>();
    if (root) {
      arguments.addAll(List.of("setpriv", "--reuid=" + uid, "--regid=" + gid, "--clear-groups"));
    }
    arguments.addAll(List.of("/usr/bin/imapd", directory.resolve("guest/Maildir").toString()));
    // Courier reads the index as another user than the server.
    Path readable = directory.resolve("index");
    Files.copy(
        index.resolveSibling("index" + GROUP),
        readable.resolveSibling("index" + GROUP),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return new Program(Path.of("/usr/bin/env"), directory.resolve("courier"))
        .run(
            arguments,
            input.toString().getBytes(UTF_8),
            Map.of(
                "IMAP_ACL",
                "1",
                "IMAP_KEYWORDS",
                "1",
                "AUTHENTICATED",
                guest,
                "AUTHADDR",
                guest,
                "OPTIONS",
                "sharedgroup=" + GROUP,
                "IMAP_SHAREDINDEXFILE",
                readable.toString()))
        .output()
        .lines()
        .filter(line -> line.startsWith("* ") || line.startsWith("k NO"))
        .toList();
  }

  private static List<String> lists(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith("* LIST")).sorted().toList();
  }

  @Test
  void twoAccountsWorkInOneMailbox() throws Exception {
    String project = shared + ".Proj";
    byte[] message = "Subject: shared\r\n\r\nfor both\r\n".getBytes(ISO_8859_1);
    try (ImapClient owners = server.signedIn(owner);
        ImapClient guests = server.signedIn(guest)) {
      owners.ok("CREATE INBOX.Proj");
      owners.ok("CREATE INBOX.Secret");
      owners.ok("CREATE INBOX.Proj.Deep");
      owners.ok("SETACL INBOX.Proj " + guest + " lrswite");
      owners.ok("SETACL INBOX.Proj.Deep " + guest + " lr");
      assertThat(guests.ok("NAMESPACE").getFirst())
          .startsWith("* NAMESPACE ((\"INBOX.\" \".\")) NIL ((\"#shared.\" \".\")");

      for (String pattern : List.of("#shared.%", "#shared.*", "#shared.%.%", shared + ".%")) {
        String command = "LIST \"\" \"" + pattern + "\"";
        assertThat(lists(guests.ok(command))).as(command).isEqualTo(lists(courier(command)));
      }
      assertThat(lists(guests.ok("LIST \"\" \"#shared.*\"")))
          .contains("* LIST (\\HasChildren) \".\" \"" + project + "\"")
          .noneMatch(line -> line.contains("Secret"));
      String hidden = guests.command("SELECT \"" + shared + ".Secret\"").getLast();
      String none = guests.command("SELECT \"#shared.nobody.Secret\"").getLast();
      assertThat(hidden.substring(hidden.indexOf(' ')))
          .contains(" NO [NONEXISTENT]")
          .isEqualTo(none.substring(none.indexOf(' ')));

      owners.ok("SELECT INBOX.Proj");
      assertThat(guests.ok("SELECT \"" + project + "\"").getLast()).contains("[READ-WRITE]");
      String idle = owners.idle();
      assertThat(guests.append(project, message)).contains("[APPENDUID ");
      assertThat(owners.line()).isEqualTo("* 1 EXISTS");
      owners.done(idle);
      guests.ok("NOOP");
      guests.ok("STORE 1 +FLAGS (\\Seen Urgent)");
      assertThat(String.join("\n", owners.ok("NOOP"))).contains("\\Seen").contains("Urgent");
      assertThat(courier("SELECT \"" + project + "\"", "FETCH 1 FLAGS"))
          .contains("* 1 EXISTS", "* 1 FETCH (FLAGS (\\Seen Urgent))");
      guests.ok("COPY 1 INBOX");
      assertThat(guests.ok("EXAMINE INBOX")).contains("* 1 EXISTS");
      assertThat(guests.ok("SELECT \"" + project + ".Deep\"").getLast()).contains("[READ-ONLY]");

      owners.ok("DELETEACL INBOX.Proj " + guest);
      assertThat(guests.command("SELECT \"" + project + "\"").getLast())
          .contains("NO [NONEXISTENT]");
      assertThat(server.log()).doesNotContain("index" + GROUP + "(");
    }
  }
}
