package org.postrider.tool.command;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/**
 * Ends a tool. The message is for the person: what happened, where, and what to do; empty if all
 * has been said.
 */
public final class ToolException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int exit;

  /**
   * @param exit the exit status, 1 to 255
   */
  public ToolException(int exit, String message) {
    super(message, null, false, false);
    this.exit = exit;
  }

  /** The exit status. */
  public int exit() {
    return exit;
  }

  /** In words what the operating system says by the kind of an exception. */
  public static String reason(IOException failed) {
    return switch (failed) {
      case NoSuchFileException absent -> absent.getFile() + ": not found.";
      case AccessDeniedException denied ->
          denied.getFile() + ": permission denied. Run this as the user whom it belongs to.";
      default -> String.valueOf(failed.getMessage());
    };
  }
}
