package org.postrider.tool;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.ManualPage;

/**
 * Part of the build: makes of {@link Tools#names} what is installed for each tool, its script and
 * its manual page. What every user may call (section 1) is in {@code bin/} as well as in {@code
 * sbin/}, where Courier has them all.
 */
public final class InstalledFiles {

  private InstalledFiles() {}

  /** Arguments: the directory to write into, the script's pattern, and the version. */
  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[0]);
    String pattern = Files.readString(Path.of(arguments[1]), US_ASCII);
    for (String name : Tools.names()) {
      Manual manual = Tools.tool(name).manual();
      String section = String.valueOf(manual.section());
      String script = pattern.replace("@tool@", name).replace("@section@", section);
      write(target.resolve("sbin").resolve(name), script);
      if (manual.section() == 1) {
        write(target.resolve("bin").resolve(name), script);
      }
      write(
          target.resolve("man/man" + section).resolve(name + "." + section),
          ManualPage.of(manual, arguments[2]));
    }
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text, US_ASCII);
  }
}
