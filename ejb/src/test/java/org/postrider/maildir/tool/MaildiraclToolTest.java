package org.postrider.maildir.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.tool.command.CourierTools;

/** Courier's program and ours do the same to Maildirs of their own. */
class MaildiraclToolTest {

  private static final List<String> IDENTIFIERS =
      List.of(
          "owner",
          "-owner",
          "anyone",
          "-anyone",
          "anonymous",
          "administrators",
          "-administrators",
          "group=administrators",
          "user=jo",
          "-user=jo",
          "group=staff",
          "user=é",
          "a b",
          "",
          "-");
  private static final List<String> RIGHTS =
      List.of(
          "aceilrstwx",
          "lr",
          "al",
          "a",
          "",
          "+lr",
          "-r",
          "-a",
          "+",
          "zQ1",
          "aceilrstwxp",
          "x x",
          "llrr");
  private static final List<String> MAILBOXES =
      List.of(
          "INBOX",
          "INBOX.A.b",
          "INBOX.é",
          "INBOX..x",
          "INBOX.x.",
          "inbox.A",
          "shared.x",
          "Foo",
          "INBOX.x/y",
          "");

  @TempDir Path room;
  private BothTools both;

  @BeforeEach
  void maildirs() throws Exception {
    both = new BothTools("maildiracl", "/usr/bin/maildiracl", room);
    for (Path directory : both.both()) {
      String maildir = directory.resolve("M").toString();
      CourierTools.ours("", "maildirmake", maildir);
      for (String folder : List.of("A.b", "é")) {
        CourierTools.ours("", "maildirmake", "-f", folder, maildir);
      }
    }
  }

  private void sameLists() throws IOException {
    assertThat(BothTools.files(both.ours(), ".*/courierimapacl"))
        .isEqualTo(BothTools.files(both.theirs(), ".*/courierimapacl"));
  }

  @Test
  void rightsAreSetAddedToAndTakenAway() throws Exception {
    for (String line :
        List.of(
            "-list @/M INBOX",
            "-set @/M INBOX anyone lr",
            "-set @/M INBOX anyone +w",
            "-set @/M INBOX anyone -l",
            "-set @/M INBOX user=joe zZ1a",
            "-set @/M INBOX -user=x r",
            "-list @/M INBOX.A.b",
            "-set @/M INBOX.A.b user=y lrs",
            "-list @/M INBOX.A.b",
            "-set @/M INBOX.é anyone i",
            "-compute @/M INBOX owner",
            "-compute @/M INBOX user=x anyone",
            "-compute @/M INBOX.A.b administrators",
            "-delete @/M INBOX user=joe",
            "-delete @/M INBOX user=joe",
            "-list @/M INBOX")) {
      both.run("", line.split(" "));
      sameLists();
    }
  }

  @Test
  void ownerAndAdministratorsKeepWhatIsTheirs() throws Exception {
    for (String line :
        List.of(
            "-set @/M INBOX owner l",
            "-set @/M INBOX -owner a",
            "-set @/M INBOX -anyone l",
            "-delete @/M INBOX owner",
            "-set @/M INBOX administrators l",
            "-set @/M INBOX -administrators l",
            "-delete @/M INBOX administrators")) {
      assertThat(both.run("", line.split(" ")).exit()).isEqualTo(1);
      sameLists();
    }
  }

  @Test
  void aCommandLineThatIsNoneIsRefusedInCouriersWords() throws Exception {
    for (String line :
        List.of(
            "",
            "-list",
            "-list @/M",
            "@/M",
            "-foo @/M INBOX",
            "-set @/M INBOX anyone",
            "-delete @/M INBOX",
            "-compute @/M INBOX",
            "-reset",
            "--list @/M INBOX",
            "-list @/M inbox",
            "-set @/M INBOX..x anyone l",
            "-set @/M shared.x anyone l",
            "-set @/none INBOX anyone l")) {
      assertThat(both.run("", line.isEmpty() ? new String[0] : line.split(" ")).exit())
          .isEqualTo(1);
    }
  }

  @Test
  void anyCommandsLeaveTheListsThatCouriersLeave() throws Exception {
    Random random = new Random(20_251);
    for (int i = 0; i < 300; i++) {
      String mailbox = MAILBOXES.get(random.nextInt(random.nextInt(1, MAILBOXES.size() + 1)));
      String whom = IDENTIFIERS.get(random.nextInt(IDENTIFIERS.size()));
      switch (random.nextInt(6)) {
        case 0 -> both.run("", "-list", "@/M", mailbox);
        case 1 -> both.run("", "-delete", "@/M", mailbox, whom);
        case 2 -> both.run("", "-compute", "@/M", mailbox, whom);
        default ->
            both.run("", "-set", "@/M", mailbox, whom, RIGHTS.get(random.nextInt(RIGHTS.size())));
      }
    }
    sameLists();
  }

  @Test
  void resetRemovesListsOfFoldersThatAreGoneForAnHour() throws Exception {
    FileTime longAgo = FileTime.from(Instant.now().minusSeconds(2 * 60 * 60));
    for (Path directory : both.both()) {
      Path hierarchy = Files.createDirectory(directory.resolve("M/courierimaphieracl"));
      for (String level : List.of("A", "gone", "gone.too", "young")) {
        Path list = Files.writeString(hierarchy.resolve(level), "owner al\n");
        if (!level.equals("young")) {
          Files.setLastModifiedTime(list, longAgo);
        }
      }
    }

    both.run("", "-reset", "@/M");

    assertThat(both.ours().resolve("M/courierimaphieracl"))
        .isDirectoryContaining("glob:**/young")
        .isDirectoryContaining("glob:**/A")
        .isDirectoryNotContaining("glob:**/gone*");
    assertThat(BothTools.files(both.ours(), ".*hieracl/.*"))
        .isEqualTo(BothTools.files(both.theirs(), ".*hieracl/.*"));
  }
}
