package org.postrider.tool.auth;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Map;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code courierauthconfig}: where the files are, for scripts. */
final class CourierAuthConfigTool implements Tool {

  /** That of the courier-authlib whose commands these are. */
  private static final String VERSION = "0.71.4";

  private static final String VERSION_OPTION = "--version";

  @Override
  public Manual manual() {
    return Manual.of("courierauthconfig", 1, "tells scripts where the sign-in's files are")
        .use("--version | --version=VERSION | --configfiles | --help")
        .text("Prints what an option asks for, for scripts. There is one option at a time.")
        .chapter("OPTIONS")
        .item(
            "--version",
            "Prints the version of Courier's authentication library whose commands these are.")
        .item(
            "--version=VERSION",
            "Prints yes if that is VERSION or newer, else no; the exit status says the same.")
        .item(
            "--configfiles",
            "Prints the paths of userdb, authdaemonrc, authldaprc, authmysqlrc and authpgsqlrc,"
                + " whether they are there or not; the user and group whom the data directory"
                + " belongs to; and the directory of these commands; each as NAME=VALUE.")
        .chapter("EXIT STATUS")
        .item("0", "Done, or yes.")
        .item("1", "No, or the arguments are wrong, or the data directory is not known.")
        .chapter("ENVIRONMENT")
        .item("POSTRIDER_ETC, POSTRIDER_HOME", "Where the files are: see authtest(1).")
        .chapter("DIFFERENCES FROM COURIER")
        .text("There is nothing to compile against, so there are no options for a compiler.")
        .see("authinfo(1)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places)
      throws IOException, ToolException {
    return answer("courierauthconfig", arguments, terminal, places);
  }

  static int answer(String name, List<String> arguments, Terminal terminal, Places places)
      throws IOException, ToolException {
    String option = arguments.size() == 1 ? arguments.getFirst() : "";
    if (option.equals(VERSION_OPTION)) {
      terminal.out().println(VERSION);
      return 0;
    }
    if (option.startsWith(VERSION_OPTION + "=")) {
      boolean newEnough = isAtLeast(option.substring(VERSION_OPTION.length() + 1));
      terminal.out().println(newEnough ? "yes" : "no");
      return newEnough ? 0 : 1;
    }
    if (option.equals("--configfiles")) {
      printFiles(terminal.out(), places);
      return 0;
    }
    throw new ToolException(
        1, "Usage: " + name + " --version | --version=VERSION | --configfiles | --help");
  }

  /** Compares number by number; what is no number counts as 0. */
  private static boolean isAtLeast(String wanted) {
    String[] ours = VERSION.split("\\.");
    String[] theirs = wanted.split("\\.");
    for (int i = 0; i < Math.max(ours.length, theirs.length); i++) {
      int difference = number(ours, i) - number(theirs, i);
      if (difference != 0) {
        return difference > 0;
      }
    }
    return true;
  }

  private static int number(String[] parts, int index) {
    return index < parts.length && parts[index].matches("[0-9]{1,8}")
        ? Integer.parseInt(parts[index])
        : 0;
  }

  private static void printFiles(PrintStream out, Places places) throws IOException, ToolException {
    Path etc = places.etc();
    for (String file :
        List.of("userdb", "authdaemonrc", "authldaprc", "authmysqlrc", "authpgsqlrc")) {
      out.println(file + "=" + etc.resolve(file));
    }
    PosixFileAttributes owner = Files.readAttributes(places.base(), PosixFileAttributes.class);
    Map<String, Object> numbers = Files.readAttributes(places.base(), "unix:uid,gid");
    out.println("mailuser=" + owner.owner().getName());
    out.println("mailgroup=" + owner.group().getName());
    out.println("mailuid=" + numbers.get("uid"));
    out.println("mailgid=" + numbers.get("gid"));
    out.println("sbindir=" + places.server().resolve("sbin"));
  }
}
