package org.postrider.tool;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The operator's command {@code postrider.sh}: {@code setup}, {@code run}. */
@Command(
    name = "postrider.sh",
    description = "Looks after a Postrider mail server.",
    mixinStandardHelpOptions = true,
    subcommands = {Setup.class, Launcher.class},
    synopsisSubcommandLabel = "COMMAND")
public final class Postrider {

  private Postrider() {}

  /** Exit codes: 0 done, 1 could not be done, 2 wrong use. */
  public static void main(String[] arguments) {
    System.exit(commandLine(new Postrider()).execute(arguments));
  }

  /** Any of our commands, so that what goes wrong reads the same everywhere. */
  static CommandLine commandLine(Object command) {
    return new CommandLine(command)
        .setExecutionExceptionHandler(
            (failure, where, parsed) -> {
              if (!(failure instanceof CannotGoOnException)) {
                throw failure;
              }
              where.getErr().println(failure.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }
}
