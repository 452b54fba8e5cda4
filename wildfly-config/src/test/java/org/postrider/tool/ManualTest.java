package org.postrider.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.ManualPage;

class ManualTest {

  static final List<String> TOOLS = Tools.names();

  @TempDir Path directory;

  @ParameterizedTest
  @FieldSource("TOOLS")
  void groffPrintsThePageWithoutAWarning(String name) throws Exception {
    Path page = directory.resolve(name);
    Files.writeString(page, ManualPage.of(Tools.tool(name).manual(), "1.0"));
    Process groff =
        new ProcessBuilder("groff", "-man", "-ww", "-Tutf8", "-P-cbou", page.toString())
            .redirectErrorStream(true)
            .start();

    String printed = new String(groff.getInputStream().readAllBytes(), UTF_8);

    assertThat(groff.waitFor()).isZero();
    assertThat(printed).doesNotContain("warning:").contains("DESCRIPTION").contains("SYNOPSIS");
  }

  @ParameterizedTest
  @FieldSource("TOOLS")
  void helpFitsATerminalAndSaysHowToUseIt(String name) {
    CourierTools.Ended ended = CourierTools.ours("", name, "--help");

    assertThat(ended.exit()).isZero();
    assertThat(ended.out()).startsWith(name + " ").contains("\nUsage: " + name + " ");
    assertThat(ended.out().lines().skip(2).filter(it -> !it.contains(name + " ")))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    assertThat(ended.out()).contains("EXIT STATUS");
    assertThat(Tools.tool(name).manual().name()).isEqualTo(name);
  }

  @ParameterizedTest
  @FieldSource("TOOLS")
  void otherPagesAreThere(String name) {
    List<String> pages =
        TOOLS.stream()
            .map(it -> Tools.tool(it).manual())
            .map(it -> it.name() + "(" + it.section() + ")")
            .toList();

    assertThat(pages).containsAll(Tools.tool(name).manual().related());
  }
}
