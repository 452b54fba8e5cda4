package org.postrider.tool.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;

/** pw2userdb and vchkpw2userdb. */
class SystemAccountsTest {

  private static final String PASSWD =
      """
      root:x:0:0:Root|er,room:/root:/bin/bash
      #comment:x:1:1::/:
      ann:$1$abc$def:5:6::/h/ann:
      bob:x:7:8:Bob:/h/bob:/bin/sh
      bob:x:9:9:Bob2:/h/bob2:/bin/sh
      """;

  @TempDir Path directory;

  @BeforeEach
  void files() throws IOException {
    Files.writeString(directory.resolve("passwd"), PASSWD);
    Files.writeString(
        directory.resolve("shadow"), "root:$6$xx$yy:1:2:3\nbob:!:1\nnobody:zz:1\n#x:y\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--passwd=P --shadow=S",
        "--passwd=P --noshadow",
        "--passwd P --shadow S --nouid --domain=example.com",
        "-passwd P -shadow=S --noui",
        "--passwd=P --shadow=/no/such/file",
        "extra --passwd=P --nos",
      })
  void printsWhatCouriersPrintsInTheOrderOfTheFile(String arguments) throws Exception {
    String[] command = command("pw2userdb " + arguments);

    Ended theirs = CourierTools.couriers(directory, "", command);
    Ended ours = CourierTools.ours("", command);

    assertThat(ours.exit()).isZero();
    assertThat(ours.out().lines().sorted())
        .containsExactlyElementsOf(theirs.out().lines().sorted().toList());
    assertThat(ours.out()).startsWith("root");
  }

  private String[] command(String line) {
    return Arrays.stream(line.split(" "))
        .map(it -> it.replaceFirst("P$", directory.resolve("passwd").toString()))
        .map(it -> it.replaceFirst("S$", directory.resolve("shadow").toString()))
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--foo", "--passwd", "--no"})
  void wrongOptionsAreToldInPerlsWords(String option) throws Exception {
    assertThat(CourierTools.ours("", "pw2userdb", option))
        .isEqualTo(CourierTools.couriers(directory, "", "pw2userdb", option));
  }

  @Test
  void aMissingFileIsToldByName() throws Exception {
    Ended ended = CourierTools.ours("", "pw2userdb", "--passwd=/no/such/file");

    assertThat(ended).isEqualTo(new Ended(2, "", "/no/such/file: not found.\n"));
    assertThat(CourierTools.couriers(directory, "", "pw2userdb", "--passwd=/no/such/file").exit())
        .isEqualTo(2);
  }

  @Test
  void linesThatAreNoAccountsAreLeftOut() throws Exception {
    Files.writeString(
        directory.resolve("passwd"), "+::::::\nbad\n\nann:x:5:6::/h:/bin/sh\nx:x:a:6::/h:\n");

    assertThat(CourierTools.ours("", command("pw2userdb --passwd=P --noshadow")).out())
        .isEqualTo("ann\tuid=5|gid=6|home=/h|shell=/bin/sh\n5=\tann\n");
  }

  @Test
  void vpopmailsDomainsBecomeRecords() throws Exception {
    Path home = vpopmail();

    Ended ended = CourierTools.ours("", "vchkpw2userdb", "--vpopmailhome=" + home);

    assertThat(ended.err()).isEmpty();
    assertThat(ended.out().replaceAll("uid=\\d+\\|gid=\\d+", "OWNER"))
        .isEqualTo(
            """
            old\tOWNER|home=/v/users/old|shell=NOQUOTA|systempw=$1$a$b|gecos=Old
            ann\tOWNER|home=/v/ann|shell=1000S|systempw=$1$c$d|gecos=Ann
            ann@example.com\tOWNER|home=/v/ann|shell=1000S|systempw=$1$c$d|gecos=Ann
            """);
  }

  @Test
  void vpopmailsDomainsBecomeFiles() throws Exception {
    Path home = vpopmail();
    Path target = directory.resolve("userdb");
    CourierTools.ours("", "vchkpw2userdb", "--vpopmailhome=" + home, "--todir=" + target);
    Files.delete(target.resolve("default"));
    Files.createSymbolicLink(target.resolve("default"), directory.resolve("nothing"));

    Ended again =
        CourierTools.ours("", "vchkpw2userdb", "--vpopmailhome=" + home, "--todir=" + target);

    assertThat(again).isEqualTo(new Ended(0, "", ""));
    assertThat(target.resolve("example.com")).content().startsWith("ann@example.com\t");
    assertThat(target.resolve("users")).content().startsWith("old\t");
    assertThat(target.resolve("default")).isSymbolicLink();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(target.resolve("users"))))
        .isEqualTo("rw-------");
  }

  private Path vpopmail() throws IOException {
    Path home = directory.resolve("vpopmail");
    Files.createDirectories(home.resolve("users"));
    Files.createDirectories(home.resolve("domains/example.com"));
    Files.writeString(home.resolve("users/vpasswd"), "old:$1$a$b:1:0:Old:/v/users/old:NOQUOTA\n");
    Files.writeString(
        home.resolve("domains/example.com/vpasswd"), "ann:$1$c$d:1:0:Ann:/v/ann:1000S\n");
    Files.createSymbolicLink(home.resolve("domains/default"), Path.of("example.com"));
    return home;
  }

  @Test
  void whereNothingOfVpopmailIsThatIsSaid() {
    assertThat(CourierTools.ours("", "vchkpw2userdb", "--vpopmailhome=" + directory).err())
        .contains("no home of vpopmail");
  }
}
