package org.postrider.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the scripts for an operator's own WildFly do to its configuration, and take back. */
class ScriptsIT {

  @Test
  void removingLeavesNothingAndConfiguringAgainIsTheSame() throws Exception {
    Path directory = PostriderServer.directory("scripts");
    Path configuration = Files.createDirectories(directory.resolve("standalone/configuration"));
    Path server = PostriderServer.property("postrider.it.server");
    try (Stream<Path> files = Files.list(server.resolve("standalone/configuration"))) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Files.copy(file, configuration.resolve(file.getFileName()));
      }
    }
    Path file = configuration.resolve("standalone.xml");
    String configured = Files.readString(file);
    assertThat(configured)
        .contains("module=\"org.postrider.auth\"", "<security-domain name=\"postrider-accounts\"");

    WildflyCli cli = new WildflyCli(directory);
    cli.offline(directory.resolve("standalone"), script("remove.cli"));
    assertThat(Files.readString(file))
        .doesNotContain(
            "org.postrider.auth",
            "name=\"postrider\"",
            "name=\"postrider-accounts\"",
            "name=\"postrider.home\"",
            "max-pool-size=\"2000\"");

    cli.offline(directory.resolve("standalone"), script("configure.cli"));
    assertThat(Files.readString(file).lines().sorted().toList())
        .isEqualTo(configured.lines().sorted().toList());
  }

  private static List<String> script(String name) throws Exception {
    return Files.readAllLines(PostriderServer.property("postrider.it.scripts").resolve(name));
  }
}
