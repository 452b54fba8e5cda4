package org.postrider.maildir.tool;

import java.util.List;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolSet;

/** The commands that stand on the store. */
public final class StoreTools implements ToolSet {

  private static final List<String> NAMES =
      List.of("maildiracl", "maildirkw", "deliverquota", "maildircheck");

  /** For {@link java.util.ServiceLoader}. */
  public StoreTools() {}

  @Override
  public List<String> names() {
    return NAMES;
  }

  @Override
  public Tool tool(String name) {
    return switch (name) {
      case "maildiracl" -> new MaildiraclTool();
      case "maildirkw" -> new MaildirkwTool();
      case "deliverquota" -> new DeliverquotaTool();
      case "maildircheck" -> new MaildircheckTool();
      default -> throw new IllegalArgumentException("There is no tool " + name);
    };
  }
}
