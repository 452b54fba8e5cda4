package org.postrider.tool;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.postrider.tool.auth.AuthTools;
import org.postrider.tool.command.HelpText;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;
import org.postrider.tool.command.ToolSet;
import org.postrider.tool.maildir.MaildirTools;

/**
 * The commands in {@code sbin/}, one program under many names. Their scripts start it on a plain
 * class path and without a library for arguments, because many of them are called in loops:
 * starting is most of what they do.
 */
public final class Tools {

  /** Those of this jar, in the order of the manual. */
  private static final List<String> NAMES =
      Stream.of(AuthTools.NAMES, MaildirTools.NAMES, List.of("imapd", "imapd-ssl", "mkimapdcert"))
          .flatMap(List::stream)
          .toList();

  private static final String HELP = "--help";

  private Tools() {}

  /**
   * Arguments: the name of the tool, then its own. The script tells by properties where the server
   * is, and which streams are terminals.
   */
  public static void main(String[] arguments) {
    PrintStream out = stream(FileDescriptor.out);
    PrintStream err = stream(FileDescriptor.err);
    Terminal terminal =
        new Terminal(
            new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
            out,
            err,
            Boolean.getBoolean("postrider.asks"),
            Boolean.getBoolean("postrider.shows"));
    Places places =
        new Places(System.getenv(), Path.of(System.getProperty("postrider.server", ".")));
    List<String> all = List.of(arguments);
    int exit = run(all.getFirst(), all.subList(1, all.size()), terminal, places);
    if (out.checkError() && exit == 0) {
      err.println(all.getFirst() + ": standard output cannot be written.");
      exit = 1;
    }
    err.flush();
    System.exit(exit);
  }

  /** All that are on the class path. */
  public static List<String> names() {
    List<String> names = new ArrayList<>(NAMES);
    ServiceLoader.load(ToolSet.class).forEach(set -> names.addAll(set.names()));
    return names;
  }

  /** Only the one that is called is loaded. */
  public static Tool tool(String name) {
    return switch (name) {
      case "imapd", "imapd-ssl" -> new ImapdTool(name);
      case "mkimapdcert" -> new MkimapdcertTool();
      default -> {
        if (MaildirTools.NAMES.contains(name)) {
          yield MaildirTools.tool(name);
        }
        yield AuthTools.NAMES.contains(name) ? AuthTools.tool(name) : toolOfOthers(name);
      }
    };
  }

  private static Tool toolOfOthers(String name) {
    for (ToolSet set : ServiceLoader.load(ToolSet.class)) {
      if (set.names().contains(name)) {
        return set.tool(name);
      }
    }
    throw new IllegalArgumentException("There is no tool " + name);
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(
        new BufferedOutputStream(new FileOutputStream(descriptor)), false, UTF_8);
  }

  /** Runs one tool, and says what went wrong; the exit status. */
  public static int run(String name, List<String> arguments, Terminal terminal, Places places) {
    Tool tool = tool(name);
    if (arguments.contains(HELP)) {
      terminal.out().print(HelpText.of(tool.manual()));
      return 0;
    }
    try {
      for (String argument : arguments) {
        if (argument.indexOf('\uFFFD') >= 0) {
          throw new ToolException(1, name + ": an argument is not UTF-8.");
        }
      }
      return tool.run(arguments, terminal, places);
    } catch (ToolException told) {
      terminal.out().flush(); // what was said before stands before it
      if (!told.getMessage().isEmpty()) {
        terminal.err().println(told.getMessage());
      }
      return told.exit();
    } catch (IOException failed) {
      terminal.out().flush();
      terminal.err().println(name + ": " + ToolException.reason(failed));
      return 1;
    }
  }
}
