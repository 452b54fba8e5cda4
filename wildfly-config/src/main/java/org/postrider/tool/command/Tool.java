package org.postrider.tool.command;

import java.io.IOException;
import java.util.List;

/**
 * One of Courier's commands: its arguments, output and exit codes are Courier's, so that scripts
 * written for those go on to work.
 */
public interface Tool {

  /** What it does, for {@code --help} and {@code man}. */
  Manual manual();

  /**
   * Does it.
   *
   * @param arguments without the command; never {@code --help}
   * @return the exit status
   * @throws IOException if a file cannot be used; the message begins with its path
   */
  int run(List<String> arguments, Terminal terminal, Places places)
      throws IOException, ToolException;
}
