package org.postrider.maildir.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.maildir.Owner;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;

class MaildircheckToolTest {

  @TempDir Path room;
  private Path maildir;

  @BeforeEach
  void maildir() {
    maildir = room.resolve("Maildir");
    CourierTools.ours("", "maildirmake", maildir.toString());
    CourierTools.ours("", "maildirmake", "-f", "Sent", maildir.toString());
    CourierTools.ours("Subject: a\n\nb\n", "deliverquota", maildir.toString());
  }

  private Ended check(String... words) {
    String[] command = new String[words.length + 1];
    command[0] = "maildircheck";
    System.arraycopy(words, 0, command, 1, words.length);
    return CourierTools.ours(Map.of("POSTRIDER_HOME", room.toString()), "", command);
  }

  @Test
  void aMaildirThatIsWellEndsInZero() {
    assertThat(check(maildir.toString()))
        .isEqualTo(new Ended(0, "1 Maildir with 2 folders: nothing is wrong.\n", ""));
  }

  @Test
  void whatIsWrongIsFoundThenRepairedThenWell() throws Exception {
    Files.delete(maildir.resolve(".Sent/maildirfolder"));
    Files.writeString(maildir.resolve("courierimapuiddb"), "1 700 1\n5 gone\n");
    String path = maildir.toString();

    Ended found = check(path);
    Ended repaired = check("--repair", path);
    Ended well = check("--repair", path);

    assertThat(found.exit()).isEqualTo(4);
    assertThat(found.out())
        .contains(path + "/courierimapuiddb: found: uid-list: it has a next UID that")
        .contains(path + "/.Sent: found: missing-maildirfolder: ")
        .endsWith("1 Maildir with 2 folders: 2 found; --repair repairs what can be repaired.\n");
    assertThat(repaired.exit()).isEqualTo(1);
    assertThat(repaired.out()).endsWith("1 Maildir with 2 folders: 2 repaired, 0 left.\n");
    assertThat(well.exit()).isZero();
    assertThat(maildir.resolve("courierimapuiddb")).hasContent("1 700 6\n5 gone\n");
  }

  @Test
  void jsonIsALineForEachFindingAndOneForTheSum() throws Exception {
    Files.createDirectories(maildir.resolve("cur/\"\u00E9\n"));

    assertThat(check("--json", maildir.toString()).out())
        .isEqualTo(
            "{\"path\":\""
                + maildir
                + "/cur/\\\"\\u00e9\\u000a\",\"kind\":\"stray\",\"outcome\":\"found\","
                + "\"detail\":\"this is no file, and so no message\"}\n"
                + "{\"maildirs\":1,\"folders\":2,\"found\":1,\"repaired\":0,\"left\":0,"
                + "\"notes\":0}\n");
  }

  @Test
  void notesArePrintedWhereTheyAreWanted() throws Exception {
    Files.writeString(maildir.resolve("courierimapsubscribed"), "INBOX.Gone\n");
    String path = maildir.toString();

    assertThat(check(path).out())
        .isEqualTo("1 Maildir with 2 folders: nothing is wrong (1 to note: -v prints it).\n");
    assertThat(check("-v", path).out())
        .contains("note: subscription: there is no mailbox INBOX.Gone");
  }

  @Test
  void allAccountsAreThoseOfTheModules() throws Exception {
    Files.createDirectory(room.resolve("etc"));
    Files.writeString(room.resolve("etc/authdaemonrc"), "authmodulelist=\"authuserdb\"\n");
    Owner owner = Owner.of(maildir);
    if (owner.uid() == 0) {
      owner = new Owner(5001, 5002); // root has no mail; it looks after that of others
      give(maildir, owner);
    }
    Path userdb = room.resolve("etc/userdb");
    String ids = "uid=%d|gid=%d|home=".formatted(owner.uid(), owner.gid());
    Files.writeString(userdb, "anna\t" + ids + room + "\nnobody\t" + ids + "/nowhere\n");
    Files.setPosixFilePermissions(userdb, PosixFilePermissions.fromString("rw-------"));
    Files.delete(maildir.resolve("new").resolve(maildir.resolve("new").toFile().list()[0]));
    Files.delete(maildir.resolve("new"));

    assertThat(check("--all").exit()).isEqualTo(4);
    assertThat(check("--all", "--repair").out()).contains("missing-directory").contains("made");
    assertThat(check("--all").out()).startsWith("1 Maildir with 2 folders: nothing is wrong");
    assertThat(Owner.of(maildir.resolve("new"))).isEqualTo(owner);
  }

  private static void give(Path top, Owner owner) throws IOException {
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Files.setAttribute(path, "unix:gid", (int) owner.gid());
        Files.setAttribute(path, "unix:uid", (int) owner.uid());
      }
    }
  }

  @Test
  void whatIsNoMaildirIsSaid() {
    assertThat(check(room.resolve("none").toString()).exit()).isEqualTo(8);
    for (String[] words : new String[][] {{}, {"-x", "/tmp"}, {"--all", "/tmp"}, {""}}) {
      Ended ended = check(words);
      assertThat(ended.exit()).isEqualTo(16);
      assertThat(ended.err()).startsWith("Usage: maildircheck ");
    }
  }
}
