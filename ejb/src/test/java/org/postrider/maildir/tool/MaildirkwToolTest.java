package org.postrider.maildir.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;

/** Courier's program and ours do the same to Maildirs of their own. */
class MaildirkwToolTest {

  @TempDir Path room;
  private BothTools both;

  @BeforeEach
  void maildirs() throws Exception {
    both = new BothTools("maildirkw", "/usr/bin/maildirkw", room);
    for (Path directory : both.both()) {
      Path maildir = directory.resolve("M");
      CourierTools.ours("", "maildirmake", maildir.toString());
      for (String message : List.of("100.a.b:2,S", "101.a.b:2,", "103.nocolon")) {
        Files.writeString(maildir.resolve("cur").resolve(message), "hi\n");
      }
    }
  }

  /** Courier's program reads the same in both. */
  private void sameKeywords() throws Exception {
    assertThat(listed(both.ours())).containsExactlyInAnyOrderElementsOf(listed(both.theirs()));
  }

  private List<String> listed(Path directory) throws Exception {
    String maildir = directory.resolve("M").toString();
    return CourierTools.program(room, "/usr/bin/maildirkw", "courier-base", "-L", maildir)
        .out()
        .lines()
        .toList();
  }

  private Ended ours(String... words) {
    return CourierTools.ours("", words);
  }

  @Test
  void keywordsAreReplacedAddedAndTakenAway() throws Exception {
    for (String line :
        List.of(
            "@/M 100.a.b:2,S Foo",
            "@/M 100.a.b baz",
            "-a @/M 100.a.b foo",
            "-ar @/M 100.a.b foo",
            "-l -a @/M 101.a.b X",
            "@/M 103.nocolon:2,S K",
            "-r @/M 103.nocolon K",
            "@/M 101.a.b",
            "-c @/M notyet Later",
            "-- @/M 100.a.b -minus")) {
      assertThat(both.run("", line.split(" ")).exit()).isZero();
      sameKeywords();
    }
  }

  @Test
  void aCommandLineThatIsNoneIsRefusedInCouriersWords() throws Exception {
    for (String line :
        List.of("", "@/M", "-L", "-x @/M 1", "-h @/M", "@/none 1 a", "-l @/none 1 a")) {
      assertThat(both.run("", line.isEmpty() ? new String[0] : line.split(" ")).exit())
          .isEqualTo(1);
    }
  }

  @Test
  void whatEitherProgramSetTheOtherLists() throws Exception {
    both.run("", "@/M", "100.a.b", "Foo");
    both.run("", "@/M", "101.a.b:2,", "$Label1");
    String listed = "100.a.b Foo\n101.a.b $Label1\n";

    assertThat(ours("maildirkw", "-L", both.theirs().resolve("M").toString()).out())
        .isEqualTo(listed);
    Ended theirs =
        CourierTools.program(
            room, "/usr/bin/maildirkw", "courier-base", "-L", both.ours().resolve("M").toString());
    assertThat(theirs.out().lines()).containsExactlyInAnyOrderElementsOf(listed.lines().toList());
  }

  @Test
  void nothingOutsideTheDirectoryIsWritten() {
    String maildir = both.ours().resolve("M").toString();

    for (String message : List.of("../x", "", ":2,S", "a/b", ".100.x")) {
      assertThat(ours("maildirkw", maildir, message, "K").exit()).isEqualTo(1);
    }
    assertThat(both.ours().resolve("M/x")).doesNotExist();
  }

  @Test
  void aWordThatCanBeNoKeywordIsRefused() {
    String maildir = both.ours().resolve("M").toString();

    for (String word : List.of("a b", "x(", "", "é", "a\nb")) {
      Ended refused = ours("maildirkw", maildir, "100.a.b", "Good", word);
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("cannot be a keyword");
    }
    assertThat(both.ours().resolve("M/courierimapkeywords")).doesNotExist();
  }
}
