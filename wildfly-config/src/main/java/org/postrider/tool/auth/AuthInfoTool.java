package org.postrider.tool.auth;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postrider.auth.AuthChain;
import org.postrider.auth.CramHash;
import org.postrider.auth.ScramHash;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code authinfo}: what this server has for signing in. */
final class AuthInfoTool implements Tool {

  @Override
  public Manual manual() {
    return Manual.of("authinfo", 1, "tells which ways to sign in this server has")
        .use("")
        .use("--version | --version=VERSION | --configfiles | --help")
        .text(
            "Prints the modules that authmodulelist in authdaemonrc can name, and the SASL"
                + " mechanisms, as lines that a shell can read. With an option it is"
                + " courierauthconfig(1).")
        .chapter("EXIT STATUS")
        .item("0", "Done.")
        .item("1", "The arguments are wrong, or a directory is not known.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "Current Courier no longer has this command; the lines are those of Courier-IMAP 1.x."
                + " AUTHENTICATION_MODULES is authdaemon, in whose place the server stands.")
        .see("courierauthconfig(1)", "authtest(1)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places)
      throws IOException, ToolException {
    if (!arguments.isEmpty()) {
      return CourierAuthConfigTool.answer("authinfo", arguments, terminal, places);
    }
    String mechanisms =
        Stream.of(
                Stream.of(ScramHash.values()).map(ScramHash::mechanism),
                Stream.of(CramHash.values()).map(CramHash::mechanism),
                Stream.of("PLAIN", "LOGIN"))
            .flatMap(it -> it)
            .collect(Collectors.joining(" "));
    terminal.out().println("AUTHENTICATION_MODULES=\"authdaemon\"");
    terminal
        .out()
        .println("AUTHDAEMONMODULELIST=\"" + String.join(" ", AuthChain.builtIn()) + "\"");
    terminal.out().println("SASL_AUTHENTICATION_MODULES=\"" + mechanisms + "\"");
    return 0;
  }
}
