package org.postrider.tool.auth;

import java.io.PrintStream;
import java.util.List;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.AuthChain;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code authenumerate}: lists the accounts. */
final class AuthEnumerateTool implements Tool {

  private static final String SERVICE = "imap";

  @Override
  public Manual manual() {
    return Manual.of("authenumerate", 8, "lists the accounts")
        .use("[-s] [-o] [--help]")
        .text(
            "Prints a line for each account that the modules of authmodulelist in authdaemonrc"
                + " can list: name, uid, gid, home directory and Maildir, with a TAB between"
                + " them.")
        .chapter("OPTIONS")
        .item("-s", "Without accounts that have the option disableshared.")
        .item("-o", "With the account's options, after another TAB.")
        .chapter("EXIT STATUS")
        .item("0", "All accounts were listed.")
        .item("1", "Not all of them could be listed, or the arguments are wrong.")
        .chapter("ENVIRONMENT")
        .item("POSTRIDER_ETC, POSTRIDER_HOME", "Where the files are: see authtest(1).")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "No daemon is asked. The Maildir is always there, as a whole path. DEFAULTOPTIONS are"
                + " among the options, and -s obeys them.")
        .see("authtest(1)", "userdb(8)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places) throws ToolException {
    boolean shared = false;
    boolean options = false;
    for (String argument : arguments) {
      switch (argument) {
        case "-s" -> shared = true;
        case "-o" -> options = true;
        default -> throw new ToolException(1, "Usage: authenumerate [-s] [-o]");
      }
    }
    boolean onlyShared = shared;
    boolean withOptions = options;
    PrintStream out = terminal.out();
    try (AuthChain chain = new AuthChain(places.base())) {
      chain.forEachAccount(
          SERVICE,
          (module, found) -> {
            AccountPrincipal account = found.account();
            if (!onlyShared || !account.options().isOn("disableshared")) {
              print(account, withOptions, out);
            }
          });
      return 0;
    } catch (TemporaryFailureException failed) {
      throw new ToolException(1, failed.detail());
    }
  }

  private static void print(AccountPrincipal account, boolean withOptions, PrintStream out) {
    out.print(account.name());
    out.print('\t');
    out.print(account.uid());
    out.print('\t');
    out.print(account.gid());
    out.print('\t');
    out.print(account.home());
    out.print('\t');
    out.print(account.maildir());
    if (withOptions) {
      out.print('\t');
      out.print(account.options());
    }
    out.print('\n');
  }
}
