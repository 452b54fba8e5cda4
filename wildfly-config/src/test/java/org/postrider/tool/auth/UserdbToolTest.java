package org.postrider.tool.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;

class UserdbToolTest {

  private static final String BEFORE =
      "# our accounts\nann\tuid=1|gid=2|flag|x=a=b\n\nbob\tuid=3|systempw=$1$a$b\nann2\tuid=4\n";

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void accounts() throws IOException {
    file = directory.resolve("f");
    write(BEFORE);
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text, UTF_8);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
  }

  /** Blanks stand between arguments; the input has a comma for each LF. */
  @ParameterizedTest
  @CsvSource({
    "ann set uid=9 new=1, ''",
    "ann set flag, on;",
    "ann set x y, first;second;third;",
    "ann set x y, only one;",
    "ann set x, ''",
    "ann set x, a|b;",
    "ann set, ''",
    "ann set uid=5 uid=6, ''",
    "ann unset uid flag, ''",
    "ann unset nothing, ''",
    "ann unset, ''",
    "ann del, ''",
    "ann del extra, ''",
    "zed set uid=1 gid=2 home=/h, ''",
    "zed set, ''",
    "zed unset uid, ''",
    "zed del, ''",
    "bob unset uid systempw, ''",
    "ann, ''",
    "ann frobnicate, ''",
    "ann set uid=1|2, ''",
    "ann unset uid|gid, ''",
  })
  void changesWhatCouriersDoesWithItsExitCodeAndOutput(String arguments, String input)
      throws Exception {
    String in = input.replace(';', '\n');
    Ended theirs =
        CourierTools.couriers(directory, in, command("userdb -f " + file + " " + arguments));
    String changedByThem = Files.readString(file);
    write(BEFORE);

    Ended ours = CourierTools.ours(in, command("userdb -f " + file + " " + arguments));

    assertThat(ours.exit()).isEqualTo(theirs.exit());
    assertThat(ours.out()).isEqualTo(theirs.out().replace("/usr/sbin/userdb", "userdb"));
    assertThat(ours.err()).isEqualTo(theirs.err());
    assertThat(records(Files.readString(file))).isEqualTo(records(changedByThem));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
    assertThat(files()).isSubsetOf("f", ".lock.f");
  }

  private static String[] command(String line) {
    return line.split(" ");
  }

  /** The lines, each with its fields in alphabetical order: Courier's have none. */
  private static List<List<String>> records(String text) {
    List<List<String>> records = new ArrayList<>();
    for (String line : text.split("\n", -1)) {
      String[] parts = line.split("\t", 2);
      List<String> record = new ArrayList<>(List.of(parts[0]));
      if (parts.length > 1) {
        record.addAll(new TreeSet<>(List.of(parts[1].split("\\|"))));
      }
      records.add(record);
    }
    return records;
  }

  private Set<String> files() throws IOException {
    try (var all = Files.list(directory)) {
      return all.map(it -> it.getFileName().toString())
          .collect(java.util.stream.Collectors.toSet());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "-show -f %s, 0",
    "-show -f %s ann, 0",
    "-show -f %s ann2, 0",
    "-show -f %s zed, 0",
    "-show -f /no/such/file, 2",
    "-show -f, 1",
    "'', 1",
    "-f, 1",
  })
  void showsWhatCouriersShows(String arguments, int unused) throws Exception {
    String[] command = command(("userdb " + arguments).strip().formatted(file));
    if (unused != 2) { // where Courier's cannot lock what it only reads
      Ended theirs = CourierTools.couriers(directory, "", command);
      Ended ours = CourierTools.ours("", command);

      assertThat(ours.out()).isEqualTo(theirs.out().replace("/usr/sbin/userdb", "userdb"));
      assertThat(ours.exit()).isEqualTo(theirs.exit());
    } else {
      assertThat(CourierTools.ours("", command)).isEqualTo(new Ended(0, "", ""));
    }
  }

  @Test
  void fieldsKeepTheirPlacesAndCommentsStay() throws Exception {
    CourierTools.ours("", "userdb", "-f", file.toString(), "ann", "set", "gid=7", "home=/h");

    assertThat(file)
        .hasContent(BEFORE.replace("uid=1|gid=2|flag|x=a=b", "uid=1|gid=7|flag|x=a=b|home=/h"));
  }

  @Test
  void aNewFileIsForItsOwnerAlone() throws Exception {
    Path made = directory.resolve("made");

    assertThat(CourierTools.ours("", "userdb", "-f", made.toString(), "ann", "set", "a=b").exit())
        .isZero();

    assertThat(made).hasContent("ann\ta=b\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
        .isEqualTo("rw-------");
  }

  @Test
  void octetsOfAnyEncodingStay() throws Exception {
    byte[] latin1 = {'j', (byte) 0xF6, '\t', 'a', '=', (byte) 0xFC, '\n', '\r', '\n', 0, '\n'};
    Files.write(file, latin1);

    CourierTools.ours("", "userdb", "-f", file.toString(), "zo\u00EB", "set", "gecos=Zo\u00EB");

    byte[] after = Files.readAllBytes(file);
    assertThat(after).startsWith(latin1);
    assertThat(new String(after, latin1.length, after.length - latin1.length, UTF_8))
        .isEqualTo("zo\u00EB\tgecos=Zo\u00EB\n");
  }

  @Test
  void aSymbolicLinkIsFollowedAndStays() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("f"));

    CourierTools.ours("", "userdb", "-f", link.toString(), "ann", "del");

    assertThat(link).isSymbolicLink();
    assertThat(Files.readString(file)).doesNotContain("ann\t");
  }

  @Test
  void aPathIsAFileInTheUserdbDirectory() throws Exception {
    Path etc = Files.createDirectories(directory.resolve("etc/userdb/a")).getParent().getParent();
    Map<String, String> environment = Map.of("POSTRIDER_HOME", directory.toString());

    CourierTools.ours(environment, "", "userdb", "a/b/ann", "set", "uid=1");
    Ended missing = CourierTools.ours(environment, "", "userdb", "nowhere/b/ann", "set", "uid=1");
    Files.createDirectories(etc.resolve("userdb/c"));
    CourierTools.ours(environment, "", "userdb", "c/d/ann", "set", "uid=1");

    assertThat(missing.exit()).isEqualTo(2);
    assertThat(etc.resolve("userdb/c/d")).hasContent("ann\tuid=1\n");
    assertThat(CourierTools.ours(environment, "", "userdb", "-show", "c/d/"))
        .isEqualTo(new Ended(0, "ann\n", ""));
  }

  @Test
  void userdbItselfMayNotBeASymbolicLink() throws Exception {
    Files.createSymbolicLink(directory.resolve("userdb"), file);

    Ended ended =
        CourierTools.ours(
            Map.of("POSTRIDER_ETC", directory.toString()), "", "userdb", "ann", "set", "a=b");

    assertThat(ended.exit()).isEqualTo(255);
    assertThat(ended.err())
        .isEqualTo(
            "ERROR: Wrong userdb command.\n       (%s/userdb is a symbolic link)\n"
                .formatted(directory));
  }

  @Test
  void aDirectoryIsNoFile() throws Exception {
    Path other = Files.createDirectory(directory.resolve("d"));
    String[] command = {"userdb", "-f", other.toString(), "ann", "set", "a=b"};

    assertThat(CourierTools.ours("", command))
        .isEqualTo(CourierTools.couriers(directory, "", command));
  }

  @Test
  void namesThatNobodyCouldFindAgainAreRefused() throws Exception {
    for (String name : List.of("a\tb", "a\nb", "#ann")) {
      assertThat(CourierTools.ours("", "userdb", "-f", file.toString(), name, "set", "a=b").exit())
          .isEqualTo(22);
    }
    assertThat(file).hasContent(BEFORE);
  }

  @Test
  void withoutADataDirectoryItIsSaidWhatToSet() {
    assertThat(CourierTools.ours("", "userdb", "ann", "set", "a=b").err())
        .contains("POSTRIDER_HOME")
        .contains("POSTRIDER_ETC");
  }

  @Test
  void bothProgramsChangeOneFileAtATimeAndLoseNothing() throws Exception {
    Thread ours =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    CourierTools.ours(
                        "", "userdb", "-f", file.toString(), "ours" + i, "set", "uid=" + i);
                  }
                });
    for (int i = 0; i < 20; i++) {
      CourierTools.couriers(
          directory, "", "userdb", "-f", file.toString(), "theirs" + i, "set", "uid=" + i);
    }
    ours.join();

    assertThat(Files.readAllLines(file)).hasSize(45);
  }
}
