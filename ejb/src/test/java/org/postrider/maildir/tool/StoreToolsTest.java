package org.postrider.maildir.tool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.postrider.tool.Tools;
import org.postrider.tool.command.CourierTools;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.ManualPage;

/** The commands of this jar are found by their names, and described as the others are. */
class StoreToolsTest {

  static final List<String> TOOLS = new StoreTools().names();

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
    assertThat(printed).doesNotContain("warning:").contains("DESCRIPTION", "EXIT STATUS");
  }

  @ParameterizedTest
  @FieldSource("TOOLS")
  void helpFitsATerminalAndNamesPagesThatAreThere(String name) {
    CourierTools.Ended ended = CourierTools.ours("", name, "--help");
    List<String> pages =
        Tools.names().stream()
            .map(it -> Tools.tool(it).manual())
            .map(it -> it.name() + "(" + it.section() + ")")
            .toList();
    Manual manual = Tools.tool(name).manual();

    assertThat(ended.out()).startsWith(name + " ").contains("\nUsage: " + name + " ");
    assertThat(ended.out().lines().skip(2).filter(it -> !it.contains(name + " ")))
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
    assertThat(manual.name()).isEqualTo(name);
    assertThat(pages).containsAll(manual.related());
  }
}
