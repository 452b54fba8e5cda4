package org.postrider.tool.auth;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postrider.tool.command.ToolException;

/**
 * Options with long names, as Perl's Getopt::Long reads them for Courier's scripts: one or two
 * hyphens, {@code --name=value} or {@code --name value}, and any beginning that only one name has.
 */
final class LongOptions {

  private LongOptions() {}

  /**
   * Reads a command line; other arguments are passed over.
   *
   * @param known names; with a {@code =} behind it if it takes a value
   * @param exit the status of a wrong option
   * @return the given options, without hyphens, with their values
   */
  static Map<String, String> read(List<String> arguments, List<String> known, int exit)
      throws ToolException {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals("--")) {
        break;
      }
      if (!argument.startsWith("-") || argument.length() == 1) {
        continue;
      }
      String option = argument.substring(argument.startsWith("--") ? 2 : 1);
      int equals = option.indexOf('=');
      String typed = equals < 0 ? option : option.substring(0, equals);
      String name = find(typed, known, exit);
      if (!name.endsWith("=")) {
        given.put(name, "");
      } else if (equals >= 0) {
        given.put(name.substring(0, name.length() - 1), option.substring(equals + 1));
      } else if (i + 1 < arguments.size()) {
        i++;
        given.put(name.substring(0, name.length() - 1), arguments.get(i));
      } else {
        throw wrong("Option " + typed + " requires an argument", exit);
      }
    }
    return given;
  }

  private static String find(String typed, List<String> known, int exit) throws ToolException {
    List<String> fitting =
        known.stream().filter(it -> it.startsWith(typed) && !typed.isEmpty()).toList();
    if (fitting.isEmpty()) {
      throw wrong("Unknown option: " + typed, exit);
    }
    for (String name : fitting) {
      if (fitting.size() == 1 || name.equals(typed) || name.equals(typed + "=")) {
        return name;
      }
    }
    throw wrong(
        "Option %s is ambiguous (%s)".formatted(typed, String.join(", ", fitting).replace("=", "")),
        exit);
  }

  private static ToolException wrong(String what, int exit) {
    return new ToolException(exit, what + "\nInvalid options.");
  }
}
