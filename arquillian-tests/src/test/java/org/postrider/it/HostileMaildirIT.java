package org.postrider.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.SocketTimeoutException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * An account whose owner has access to its files and means harm, and another one on the same
 * server. Run by root both are other users of the system, as on most Courier sites.
 */
@ExtendWith(SharedServer.class)
class HostileMaildirIT {

  private static final int ATTACKER = 65533;
  private static final int VICTIM = 65534;

  private final PostriderServer server;
  private Path directory;
  private boolean root;
  private String attacker;
  private String victim;
  private Path theirs;
  private Path mail;

  HostileMaildirIT(PostriderServer server) {
    this.server = server;
  }

  @BeforeEach
  void makeAccounts() throws Exception {
    // Not below the build's directory, where another user may not be able to go.
    directory = Files.createTempDirectory("postrider-hostile");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    root = (Integer) Files.getAttribute(directory, "unix:uid") == 0;
    attacker = account("attacker", ATTACKER);
    victim = account("victim", VICTIM);
    mail = directory.resolve("attacker/Maildir");
    theirs = directory.resolve("victim/Maildir");
    for (String name : List.of(attacker, victim)) {
      try (ImapClient client = server.signedIn(name)) {
        client.ok("CREATE INBOX.Sent");
        String whose = name.equals(victim) ? "victim" : "attacker";
        client.append("INBOX", message("secret of " + whose));
        client.append("INBOX.Sent", message("secret of " + whose));
        client.ok("SUBSCRIBE INBOX.Sent");
      }
    }
  }

  private String account(String name, int otherUid) throws Exception {
    Path home = Files.createDirectory(directory.resolve(name));
    int uid = root ? otherUid : (Integer) Files.getAttribute(home, "unix:uid");
    int gid = root ? otherUid : (Integer) Files.getAttribute(home, "unix:gid");
    run("/usr/bin/chown", uid + ":" + gid, home.toString());
    return server.newAccount(uid, gid, home);
  }

  @AfterEach
  void tidyUp() throws Exception {
    run("/usr/bin/rm", "-rf", directory.toString());
  }

  private void run(String... command) throws IOException, InterruptedException {
    new Program(Path.of("/usr/bin/env"), PostriderServer.directory("hostile"))
        .run(List.of(command))
        .succeeded();
  }

  private void give(Path path) throws IOException {
    if (root) {
      Files.setAttribute(path, "unix:gid", ATTACKER, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:uid", ATTACKER, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private static byte[] message(String subject) {
    return ("Subject: " + subject + "\r\n\r\ntext\r\n").getBytes(ISO_8859_1);
  }

  /** What is in the victim's Maildir, to the octet. */
  private Map<String, String> snapshot() throws IOException {
    Map<String, String> all = new TreeMap<>();
    Files.walkFileTree(
        theirs,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String numbers =
                Files.readAttributes(file, "unix:uid,mode,ino,nlink", LinkOption.NOFOLLOW_LINKS)
                    .toString();
            all.put(
                theirs.relativize(file).toString(), numbers + Files.readString(file, ISO_8859_1));
            return FileVisitResult.CONTINUE;
          }
        });
    return all;
  }

  /** Whatever a client can do; every answer is an answer. */
  private List<String> everything(ImapClient client) throws IOException {
    List<String> lines = new ArrayList<>();
    everything(client, lines);
    return lines;
  }

  private static void everything(ImapClient client, List<String> lines) throws IOException {
    for (String command :
        List.of(
            "LIST \"\" \"*\"",
            "LSUB \"\" \"*\"",
            "STATUS INBOX (MESSAGES UIDNEXT UNSEEN)",
            "SELECT INBOX",
            "FETCH 1:* (FLAGS RFC822.SIZE ENVELOPE BODY.PEEK[])",
            "SEARCH TEXT secret",
            "STORE 1:* +FLAGS (\\Seen word)",
            "COPY 1:* INBOX.Sent",
            "STORE 1 +FLAGS (\\Deleted)",
            "EXPUNGE",
            "SELECT INBOX.Sent",
            "FETCH 1:* (FLAGS BODY.PEEK[])",
            "MOVE 1 INBOX",
            "GETACL INBOX.Sent",
            "SETACL INBOX.Sent anyone lr",
            "GETQUOTAROOT INBOX",
            "SUBSCRIBE INBOX.x",
            "UNSUBSCRIBE INBOX.x",
            "CREATE INBOX.made.below",
            "RENAME INBOX.made.below INBOX.made",
            "DELETE INBOX.made",
            "NOOP")) {
      lines.addAll(client.command(command));
    }
    lines.add(client.append("INBOX", message("new")));
    lines.add(client.append("INBOX.Sent", message("new")));
  }

  private static void assertHarmless(List<String> answers) {
    assertThat(answers)
        .noneMatch(line -> line.contains("SERVERBUG"))
        .noneMatch(line -> line.contains("secret of victim") || line.contains("root:x:"))
        .noneMatch(line -> line.contains("/Maildir") || line.contains("Exception"));
  }

  private void link(String name, Path target) throws IOException, InterruptedException {
    run("/usr/bin/rm", "-rf", mail.resolve(name).toString());
    give(Files.createSymbolicLink(mail.resolve(name), target));
  }

  @Test
  void linksPipesAndMassesHarmNobodyElse() throws Exception {
    Map<String, String> before = snapshot();
    for (String place :
        List.of(
            "tmp",
            "new",
            "cur",
            ".Sent",
            "courierimapuiddb",
            "courierimapkeywords",
            "courierimapsubscribed",
            "courierimapacl",
            "maildirsize")) {
      link(place, root ? theirs.resolve(place) : Path.of("/"));
      try (ImapClient client = server.connect()) {
        // Where INBOX is not the account's any more nobody is let in.
        String login = "LOGIN \"" + attacker + "\" \"" + PostriderServer.PASSWORD + "\"";
        if (client.command(login).getLast().contains(" OK ")) {
          assertHarmless(everything(client));
        }
      }
      assertThat(snapshot()).as(place).isEqualTo(before);
      Files.delete(mail.resolve(place));
      for (String made : List.of("tmp", "new", "cur")) {
        if (Files.notExists(mail.resolve(made))) {
          give(Files.createDirectory(mail.resolve(made)));
        }
      }
    }
    fill();
    try (ImapClient client = server.signedIn(attacker)) {
      assertHarmless(everything(client));
    }
    assertThat(snapshot()).isEqualTo(before);
    assertThatTheVictimIsServed();
  }

  /** Things among the messages, and much of everything. */
  private void fill() throws IOException, InterruptedException {
    link("cur/1.link:2,", theirs.resolve("courierimapsubscribed"));
    link("cur/2.device:2,", Path.of("/dev/zero"));
    link("cur/3.passwd:2,", Path.of("/etc/passwd"));
    link("new/4.link", theirs);
    run("/usr/bin/mkfifo", mail.resolve("cur/5.pipe:2,").toString());
    run("/usr/bin/rm", "-rf", mail.resolve("courierimapkeywords").toString());
    run("/usr/bin/mkfifo", mail.resolve("courierimapkeywords").toString());
    run("/usr/bin/mkdir", "-p", mail.resolve("cur/6.deep:2," + "/d".repeat(200)).toString());
    Files.writeString(mail.resolve("new/7.line\nfeed\u0001"), "Subject: odd\n\n");
    Files.writeString(mail.resolve("new/" + "8".repeat(255)), "Subject: long\n\n");
    try (RandomAccessFile list =
        new RandomAccessFile(mail.resolve("courierimapuiddb").toFile(), "rw")) {
      list.setLength(1_000_000_000);
    }
    Files.writeString(mail.resolve("courierimapacl"), "a b\n".repeat(60_000));
    Files.writeString(mail.resolve("courierimapsubscribed"), "a\n".repeat(1_000_000));
    for (int i = 0; i < 2_000; i++) {
      Files.createFile(mail.resolve("tmp/scratch" + i));
    }
    if (root) {
      run("/usr/bin/chown", "-Rh", ATTACKER + ":" + ATTACKER, mail.toString());
    }
  }

  private void assertThatTheVictimIsServed() throws IOException {
    try (ImapClient client = server.signedIn(victim)) {
      assertThat(client.ok("SELECT INBOX")).contains("* 1 EXISTS");
      assertThat(client.ok("FETCH 1 BODY[]")).anyMatch(line -> line.contains("secret of victim"));
    }
  }

  @Test
  void whatChangesWhileItIsReadLeadsNowhere() throws Exception {
    Map<String, String> before = snapshot();
    AtomicBoolean over = new AtomicBoolean();
    Path target = root ? theirs : Path.of("/");
    Thread changing =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; !over.get(); i++) {
                    swap(List.of("cur", ".Sent", "tmp", "courierimapkeywords").get(i % 4), target);
                  }
                });
    List<String> answers = new ArrayList<>();
    try {
      for (int i = 0; i < 5; i++) {
        try (ImapClient client = server.connect()) {
          String login = "LOGIN \"" + attacker + "\" \"" + PostriderServer.PASSWORD + "\"";
          if (client.command(login).getLast().contains(" OK ")) {
            everything(client, answers);
          }
        } catch (EOFException e) {
          // A message that ends early ends the conversation, and so does a mailbox that is lost.
        } catch (SocketTimeoutException e) {
          // Who swaps a directory in which the server has a lock leaves that lock behind, and waits
          // for it; nobody else does.
          break;
        }
      }
    } finally {
      over.set(true);
      changing.join();
    }
    assertHarmless(answers);
    assertThat(snapshot()).isEqualTo(before);
    assertThatTheVictimIsServed();
  }

  private void swap(String name, Path target) {
    Path there = mail.resolve(name);
    Path aside = directory.resolve("attacker/aside");
    try {
      Files.move(there, aside);
      Files.createSymbolicLink(there, target.resolve(name));
      Files.delete(there);
    } catch (IOException e) {
      // the server was quicker
    } finally {
      try {
        Files.move(aside, there);
      } catch (IOException e) {
        // nothing was moved, or something else is there by now
      }
    }
  }
}
