package org.postrider.tool.maildir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;

/** The commands for the index of shared folders; Courier's {@code sharedindexsplit} beside ours. */
class SharedIndexToolsTest {

  private static final String ACCOUNTS =
      "# all of them\nanna\t1\t1\t/home/anna\tMaildir\tgroup=x,sharedgroup=one\n"
          + "andy\t1\t1\t/home/andy\t\tsharedgroup=two,group=y\n"
          + "b\t1\t1\t/home/b\tMaildir\n"
          + "\nshort\t1\t1\nélan\t1\t1\t/home/elan\tMaildir\tnosharedgroup=z\n"
          + "élise\t1\t1\t/home/elise\tMaildir\t\tmore # and a comment\n"
          + "🙂x\t1\t1\t/home/smile\n";

  @TempDir Path room;

  /** Every file, with its lines in order of the alphabet: Courier's have the order of a hash. */
  private static Map<String, String> files(Path directory) throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(directory)) {
      for (Path file : (Iterable<Path>) all::iterator) {
        String sorted =
            Files.readString(file, UTF_8).lines().sorted().collect(Collectors.joining("\n"));
        files.put(file.getFileName().toString(), sorted);
      }
    }
    return files;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "1", "2", "3"})
  void anIndexIsSplitAsCouriersProgramDoes(String letters) throws Exception {
    Path ours = Files.createDirectory(room.resolve("ours"));
    Path theirs = Files.createDirectory(room.resolve("theirs"));
    String[] more = letters.isEmpty() ? new String[0] : new String[] {letters};
    assertThat(CourierTools.ours(ACCOUNTS, command("sharedindexsplit", ours, more)))
        .isEqualTo(new Ended(0, "", ""));
    Ended ended = CourierTools.couriers(room, ACCOUNTS, command("sharedindexsplit", theirs, more));
    assertThat(ended.exit()).as(ended.err()).isZero();
    assertThat(files(ours)).isEqualTo(files(theirs)).isNotEmpty();
  }

  private static String[] command(String program, Path directory, String... more) {
    return Stream.concat(Stream.of(program, directory.toString()), Stream.of(more))
        .toArray(String[]::new);
  }

  @Test
  void whatCannotBeSplitIsRefused() throws Exception {
    for (String[] wrong :
        new String[][] {
          {"sharedindexsplit"},
          {"sharedindexsplit", room.resolve("none").toString()},
          {"sharedindexsplit", room.toString(), "many"},
          {"sharedindexsplit", room.toString(), "21"},
          {"sharedindexsplit", room.toString(), "1", "2"}
        }) {
      assertThat(CourierTools.ours(ACCOUNTS, wrong).exit()).isEqualTo(2);
    }
    String[] split = {"sharedindexsplit", room.toString(), "2"};
    assertThat(CourierTools.ours("a/b\t1\t1\t/home/x\n", split).err()).contains("line 1");
    assertThat(CourierTools.ours(ACCOUNTS, split).exit()).isZero();
    assertThat(CourierTools.ours(ACCOUNTS, split))
        .satisfies(ended -> assertThat(ended.exit()).isEqualTo(1))
        .satisfies(ended -> assertThat(ended.err()).contains("File exists"));
  }

  private Ended install(Path etc) {
    return CourierTools.ours(Map.of("POSTRIDER_ETC", etc.toString()), "", "sharedindexinstall");
  }

  @Test
  void aNewIndexTakesThePlaceOfTheOldOne() throws Exception {
    Path fresh = room.resolve("shared.tmp");
    assertThat(install(room)).isEqualTo(new Ended(1, fresh + " is empty!\n", ""));
    Files.createDirectory(fresh);
    Files.writeString(fresh.resolve(".tmplist"), "x");
    assertThat(install(room)).isEqualTo(new Ended(1, fresh + " is empty!\n", ""));
    Files.writeString(fresh.resolve("index"), "new");
    Files.writeString(fresh.resolve("indexa"), "a");
    Path shared = room.resolve("shared");
    assertThat(install(room)).isEqualTo(new Ended(1, shared + " does not exist!\n", ""));
    Files.createDirectory(shared);
    Files.writeString(shared.resolve("index"), "old");
    Files.writeString(shared.resolve("indexold"), "old");
    assertThat(install(room)).isEqualTo(new Ended(0, "", ""));
    assertThat(files(shared)).isEqualTo(Map.of("index", "new", "indexa", "a"));
    assertThat(files(fresh)).containsOnlyKeys(".tmplist");
    Files.createDirectory(fresh.resolve("indexdirectory"));
    Files.writeString(fresh.resolve("index"), "newer");
    assertThat(install(room).exit()).isEqualTo(1);
    assertThat(files(shared)).isEqualTo(Map.of("index", "new", "indexa", "a"));
  }
}
