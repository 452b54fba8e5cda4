package org.postrider.tool.auth;

/**
 * Ends a tool. The message is for the person: what happened, where, and what to do; empty if all
 * has been said.
 */
final class ToolException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int exit;

  /**
   * @param exit the exit status, 1 to 255
   */
  ToolException(int exit, String message) {
    super(message, null, false, false);
    this.exit = exit;
  }

  int exit() {
    return exit;
  }
}
