package org.postrider.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallScriptTest {

  @TempDir Path wildfly;

  @Test
  void aServerOfItsOwnIsNotHalfTakenAway() throws Exception {
    Files.createFile(wildfly.resolve("jboss-modules.jar"));
    Path modules = Files.createDirectories(wildfly.resolve("modules/org/postrider/auth"));
    Path configuration = Files.createDirectories(wildfly.resolve("standalone/configuration"));
    Files.writeString(
        configuration.resolve("standalone.xml"), "<key-store name=\"postrider-console\">\n");
    Path output = wildfly.resolve("output");

    Process script =
        new ProcessBuilder("sh", "cli/install.sh", "--remove", wildfly.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();

    assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(script.exitValue()).isEqualTo(1);
    assertThat(output).content().contains("--dedicated, which cannot be taken back");
    assertThat(modules).isDirectory();
  }
}
