package org.postrider.tool.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.CourierTools.Ended;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;

class MakeUserdbToolTest {

  @TempDir Path directory;
  private Path userdb;

  @BeforeEach
  void accounts() throws IOException {
    userdb = directory.resolve("userdb");
    Files.writeString(
        userdb, "ann\tuid=1|gid=2|home=/h|systempw={SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n");
    mode("rw-------");
  }

  private void mode(String mode) throws IOException {
    Files.setPosixFilePermissions(userdb, PosixFilePermissions.fromString(mode));
  }

  @ParameterizedTest
  @CsvSource({"rw-------,0", "rw-r-----,255"})
  void endsAndSpeaksAsCouriersDoes(String mode, int exit) throws Exception {
    mode(mode);
    String[] command = {"makeuserdb", "-f", userdb + "/"};

    Ended theirs = CourierTools.couriers(directory, "", command);
    Ended ours = CourierTools.ours("", command);

    assertThat(ours).isEqualTo(theirs);
    assertThat(ours.exit()).isEqualTo(exit);
  }

  @Test
  void whatIsNotThereIsNotFound() throws Exception {
    String[] command = {"makeuserdb", "-f", directory.resolve("nothing").toString()};

    assertThat(CourierTools.ours("", command))
        .isEqualTo(CourierTools.couriers(directory, "", command));
  }

  @Test
  void aSymbolicLinkIsRefused() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link"), userdb);
    String[] command = {"makeuserdb", "-f", link.toString()};

    assertThat(CourierTools.ours("", command))
        .isEqualTo(CourierTools.couriers(directory, "", command));
  }

  @Test
  void aNameThatComesTwiceIsToldInCouriersWords() throws Exception {
    Files.writeString(userdb, "dup\tuid=1\ndup\tuid=2\n");
    String[] command = {"makeuserdb", "-f", userdb.toString()};

    Ended theirs = CourierTools.couriers(directory, "", command);
    Ended ours = CourierTools.ours("", command);

    assertThat(ours.exit()).isEqualTo(theirs.exit());
    assertThat(ours.err()).startsWith(theirs.err().lines().findFirst().orElseThrow());
  }

  @Test
  void theAccountsOfTheDataDirectoryAreCompiledByDefault() {
    Map<String, String> environment = Map.of("POSTRIDER_ETC", directory.toString());

    assertThat(CourierTools.ours(environment, "", "makeuserdb")).isEqualTo(new Ended(0, "", ""));

    assertThat(directory.resolve("userdb.dat")).exists();
    assertThat(directory.resolve("userdbshadow.dat")).exists();
    assertThat(CourierTools.ours("", "makeuserdb", "-f").exit()).isEqualTo(1);
  }

  @Test
  void aPersonSeesNothingIfItIsQuick() throws Exception {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(err, true, UTF_8);
    Terminal terminal =
        new Terminal(new ByteArrayInputStream(new byte[0]), stream, stream, true, true);

    new MakeUserdbTool()
        .run(List.of("-f", userdb.toString()), terminal, new Places(Map.of(), directory));

    assertThat(err.toString(UTF_8)).isEmpty();
  }
}
