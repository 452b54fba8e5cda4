package org.postrider.tool.maildir;

import java.util.List;
import org.postrider.tool.command.Tool;

/** Courier's commands for Maildirs. */
public final class MaildirTools {

  /** In the order of the manual. */
  public static final List<String> NAMES =
      List.of("maildirmake", "sharedindexinstall", "sharedindexsplit");

  private MaildirTools() {}

  /** Only the one that is called is loaded. */
  public static Tool tool(String name) {
    return switch (name) {
      case "maildirmake" -> new MaildirmakeTool();
      case "sharedindexinstall" -> new SharedIndexInstallTool();
      case "sharedindexsplit" -> new SharedIndexSplitTool();
      default -> throw new IllegalArgumentException("There is no tool " + name);
    };
  }
}
