package org.postrider.tool.maildir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;

/** Both run the same commands in directories of their own, and leave the same there. */
class MaildirmakeToolTest {

  private static final String THEIRS = "/usr/bin/maildirmake.courier";

  @TempDir Path room;
  private Path one;
  private Path other;

  @BeforeEach
  void directories() throws IOException {
    one = Files.createDirectory(room.resolve("a"));
    other = Files.createDirectory(room.resolve("b"));
  }

  /** A command line in which @ is the directory. */
  private void bothDo(String line) throws Exception {
    Ended theirs = theirs(line);
    Ended ours = ours(line);
    assertThat(ours).as(line).isEqualTo(theirs);
    assertThat(tree(one)).as(line).isEqualTo(tree(other));
  }

  private Ended theirs(String line) throws Exception {
    List<String> command = words(line, other);
    return neutral(
        CourierTools.program(room, THEIRS, "courier-base", command.toArray(String[]::new)), other);
  }

  private Ended ours(String line) {
    List<String> command = words(line, one);
    command.addFirst("maildirmake");
    return neutral(CourierTools.ours("", command.toArray(String[]::new)), one);
  }

  private static List<String> words(String line, Path directory) {
    List<String> words = new ArrayList<>();
    for (String word : line.split(" ", -1)) {
      words.add(word.replace("@", directory.toString()));
    }
    return words;
  }

  private static Ended neutral(Ended ended, Path directory) {
    return new Ended(
        ended.exit(),
        ended.out().replace(directory.toString(), "@"),
        ended.err().replace(directory.toString(), "@"));
  }

  /** Every file with its mode, and its text. */
  private static Map<String, String> tree(Path top) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(top)) {
      for (Path path : (Iterable<Path>) all.sorted(Comparator.naturalOrder())::iterator) {
        String mode = Integer.toOctalString((int) Files.getAttribute(path, "unix:mode"));
        String text =
            Files.isRegularFile(path)
                ? Files.readString(path, ISO_8859_1).replace(top.toString(), "@")
                : "";
        if (path.endsWith("courierimapsubscribed.new")) {
          continue; // which Courier's --checkutf8 leaves behind
        }
        tree.put(top.relativize(path).toString(), mode + " " + text);
      }
    }
    return tree;
  }

  @Test
  void maildirsAndFoldersAreMadeWithCouriersModes() throws Exception {
    for (String line :
        List.of(
            "@/M",
            "@/M",
            "-f Sent @/M",
            "-f Sent @/M",
            "-fLists.Java @/M",
            "-f é @/M",
            "-F é.x @/M",
            "-F a/b:~\\ @/M",
            "-f none @/nothing",
            "-f .hidden @/M",
            "@/nothing/M",
            "-S @/pub",
            "-s read -f boat @/pub",
            "-s write -f golf @/pub",
            "-s write,group -f grp @/pub",
            "-sread,group -f readers @/pub",
            "-s anything -f thing @/pub",
            "-s w -f short @/pub")) {
      bothDo(line);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-h",
        "-q",
        "-f",
        "-s",
        "-q 5S",
        "--add",
        "--add x @/M",
        "--add x=rel @/M",
        "--del",
        "--checkutf8",
        "--checkutf8=@/M",
        "--add=x=/y @/M",
        "-- @/M",
        "--junk @/M",
        "-s write @/M",
        "-Sf x @/M",
        "-c @/M"
      })
  void wrongUseIsToldInCouriersWords(String line) throws Exception {
    theirs("@/M");
    ours("@/M");
    bothDo(line);
  }

  @Test
  void aQuotaIsSetAndTheMailIsCounted() throws Exception {
    bothDo("-q 1000S,10C @/M");
    for (Path top : List.of(one, other)) {
      Files.writeString(top.resolve("M/cur/1.x,S=100:2,S"), "hello");
      Files.writeString(top.resolve("M/cur/2.x:2,ST"), "deleted, so it does not count");
      Files.writeString(top.resolve("M/new/3.x"), "12345678");
      Files.writeString(top.resolve("M/new/.hidden"), "12345678");
    }
    bothDo("-f Trash @/M");
    bothDo("-f Sent @/M");
    for (Path top : List.of(one, other)) {
      Files.writeString(top.resolve("M/.Trash/cur/4.x:2,"), "thrown away");
      Files.writeString(top.resolve("M/.Sent/cur/5.x,S=7:2,"), "abcd");
    }
    for (String quota :
        List.of(
            "5C",
            "10C,1000S",
            "1000",
            "1000s",
            "7S,foo,5C",
            "8SX5C",
            "9S5C",
            "007S",
            "-5S",
            "10C,20C",
            "5x6C",
            "6C5x")) {
      bothDo("-q " + quota.replace(' ', '_') + " @/M");
    }
    assertThat(one.resolve("M/maildirsize")).hasContent("6C\n         115            3");
    assertThat(ours("-q 99999999999999999999S @/M").exit()).isEqualTo(1);
    assertThat(ours("-q 5S @/nothing/M"))
        .isEqualTo(new Ended(1, "", "@/nothing/M: No such file or directory\n"));
  }

  @Test
  void sharableMaildirsAreAddedAndTakenAway() throws Exception {
    bothDo("-S @/pub");
    bothDo("@/M");
    for (String line :
        List.of(
            "--add firm=@/pub @/M",
            "--add firm=@/pub @/M",
            "--add other=@/pub/ @/M",
            "--add x.y=@/pub @/M",
            "--add x/y=@/pub @/M",
            "--add z=@/nothing @/M",
            "--add z=@/pub @/nothing",
            "--del nothing @/M",
            "--del firm @/nothing",
            "--del firm @/M",
            "--del firm @/M",
            "--del other @/M")) {
      bothDo(line);
    }
  }

  @Test
  void linesThatAreNotOursStayAsTheyAre() throws Exception {
    for (Path top : List.of(one, other)) {
      ours("@/M");
      if (Files.notExists(top.resolve("M"))) {
        theirs("@/M");
      }
      Files.writeString(
          top.resolve("M/shared-maildirs"), "# c\n\nfoo   /bar\nfoo\t/baz\n foo /x\nbar /q");
    }
    bothDo("--del foo @/M");
    bothDo("--add bar=/tmp @/M");

    assertThat(ours("--add more=/tmp @/M").exit()).isZero();
    assertThat(one.resolve("M/shared-maildirs")).hasContent("# c\n\n foo /x\nbar /q\nmore\t/tmp\n");
  }

  @Test
  void modifiedUtf7BecomesUtf8AsWithCourier() throws Exception {
    bothDo("@/M");
    for (String folder : List.of("&AOk-", "x.&U,BTFw-", "b&AOk-", "plain", "t&-&AOk-")) {
      bothDo("-f " + folder + " @/M");
    }
    for (Path top : List.of(one, other)) {
      Files.writeString(
          top.resolve("M/courierimapsubscribed"),
          "INBOX.&AOk-\nINBOX.plain\n#shared.a.&AOk-\n\ninbox.t&-&AOk-\n");
    }
    for (String line : List.of("--checkutf8 @/M", "--convutf8 @/M")) {
      Ended theirs = theirs(line);
      Ended ours = ours(line);
      assertThat(ours.exit()).isEqualTo(theirs.exit()).isZero();
      assertThat(ours.err()).isEqualTo(theirs.err());
      // Courier tells the folders in the order in which the directory has them.
      assertThat(ours.out().lines())
          .containsExactlyInAnyOrderElementsOf(theirs.out().lines().toList());
      assertThat(tree(one)).isEqualTo(tree(other));
    }
    Map<String, String> converted = tree(one);
    assertThat(converted).containsKeys("M/.é/cur", "M/.x.台北/maildirfolder", "M/.t&é");

    assertThat(ours("--convutf8 @/M"))
        .isEqualTo(new Ended(0, "Checking @/M:\nUpdating @/M/courierimapsubscribed\n", ""));
    assertThat(tree(one)).as("a second run").isEqualTo(converted);
  }

  @Test
  void nothingIsConvertedWhereOneNameCannotBe() throws Exception {
    for (String folder : List.of("&AOk-", "bad&", "a&b.c")) {
      theirs("@/M");
      theirs("-f " + folder + " @/M");
      ours("@/M");
      ours("-f " + folder + " @/M");
    }
    Map<String, String> before = tree(one);

    Ended ours = ours("--convutf8 @/M");

    Ended theirs = theirs("--convutf8 @/M");
    assertThat(ours.exit()).isEqualTo(theirs.exit()).isEqualTo(1);
    assertThat(ours.out()).isEqualTo(theirs.out());
    assertThat(ours.err().lines())
        .containsExactlyInAnyOrderElementsOf(theirs.err().lines().toList());
    assertThat(tree(one)).isEqualTo(before);
  }

  @Test
  void anAmpersandIsConvertedOnceAndAnErrorTheSecondTime() throws Exception {
    bothDo("@/M");
    bothDo("-f a&-b @/M");
    bothDo("--checkutf8 @/M");
    bothDo("--convutf8 @/M");
    assertThat(tree(one)).containsKey("M/.a&b");

    bothDo("--convutf8 @/M");
  }

  @Test
  void charactersOfTwoUnitsAreConvertedAsWell() throws Exception {
    ours("@/M");
    ours("-f &2D3cAA- @/M");

    assertThat(ours("--convutf8 @/M").exit()).isZero();

    assertThat(tree(one)).containsKey("M/.\uD83D\uDC00/cur");
  }

  @Test
  void noFolderIsRenamedOverAnother() throws Exception {
    ours("@/M");
    ours("-f b&AOk- @/M");
    ours("-f bé @/M");
    Map<String, String> before = tree(one);

    Ended ours = ours("--convutf8 @/M");

    assertThat(ours.exit()).isEqualTo(1);
    assertThat(new String(ours.err().getBytes(ISO_8859_1), UTF_8))
        .contains("INBOX.b&AOk-: cannot become INBOX.bé");
    assertThat(tree(one)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-f a/b @/M", "-f a..b @/M", "-f a. @/M", "@/x @/y", "-q 5S -f a @/M"})
  void whatTheServerCouldNotShowIsRefused(String line) throws Exception {
    ours("@/M");
    Map<String, String> before = tree(one);

    assertThat(ours(line).exit()).isEqualTo(1);

    assertThat(tree(one)).isEqualTo(before);
  }

  @Property
  void aQuotaReadsItsOwnLine(
      @ForAll @LongRange(min = 1, max = 1L << 60) long octets,
      @ForAll @LongRange(min = 1, max = 1L << 60) long messages) {
    String line = octets + "S," + messages + "C";

    QuotaLine.Read read = QuotaLine.read(line);

    assertThat(read.whole()).isTrue();
    assertThat(read.quota()).hasToString(line);
  }

  @Property
  void anyTextIsAQuotaOrSaysWhyNot(
      @ForAll @CharRange(from = '0', to = 'z') @StringLength(max = 40) String text) {
    try {
      QuotaLine quota = QuotaLine.read(text).quota();
      assertThat(QuotaLine.read(quota.toString()).quota()).isEqualTo(quota);
    } catch (IllegalArgumentException large) {
      assertThat(large).hasMessageContaining("more than any disk has");
    }
  }
}
