package org.postrider.tool.command;

import java.util.List;

/**
 * Commands of another jar on the tools' class path, named in its {@code
 * META-INF/services/org.postrider.tool.command.ToolSet}. So a command may stand on what is built
 * after this jar.
 */
public interface ToolSet {

  /** In the order of the manual. */
  List<String> names();

  /**
   * One of {@link #names}; no other is loaded.
   *
   * @throws IllegalArgumentException for any other name
   */
  Tool tool(String name);
}
