package org.postrider.tool.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postrider.auth.NotAFileException;
import org.postrider.auth.UserdbEdit;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code userdb}: changes one record of a userdb, or shows it. */
final class UserdbTool implements Tool {

  private static final int INVALID = 22;
  private static final int INVALID_INPUT = 25;
  private static final int NOT_THERE = 2;
  private static final int LINK = 255;

  @Override
  public Manual manual() {
    return Manual.of("userdb", 8, "changes and shows accounts in userdb")
        .use("[PATH/]NAME set FIELD[=VALUE] ...")
        .use("[PATH/]NAME unset FIELD ...")
        .use("[PATH/]NAME del")
        .use("-f FILE NAME set | unset | del ...")
        .use("-show [PATH/][NAME]")
        .use("-show -f FILE [NAME]")
        .use("--help")
        .text(
            "Changes the record NAME in userdb, in the directory of the server's configuration"
                + " files. If userdb is a directory, PATH is a file in it: users/john is the"
                + " record john in userdb/users.")
        .item(
            "set",
            "Gives the record fields, or makes the record. A FIELD without a value gets it from"
                + " standard input, one line for each; if that is a terminal, NAME.FIELD: asks"
                + " for it. That is the way for passwords, because others can see a command"
                + " line.")
        .item("unset", "Takes fields away.")
        .item("del", "Takes the whole record away.")
        .item("-show", "Prints the names of all records, or the fields of one, a line for each.")
        .text("Changes of userdb take effect when makeuserdb(8) has run.")
        .chapter("OPTIONS")
        .item("-f FILE", "This file instead of userdb. No data directory is needed then.")
        .chapter("EXAMPLE")
        .lines(
            "userdb john@example.com set uid=5000 gid=5000 home=/srv/mail/john",
            "userdbpw -sha512 | userdb john@example.com set systempw",
            "makeuserdb")
        .chapter("EXIT STATUS")
        .item("0", "Done, or there was nothing to do.")
        .item("1", "Wrong arguments, or the input ended early.")
        .item("2", "A directory is not there.")
        .item("22", "A field or value has a | or a line feed.")
        .item("25", "A value from standard input has one, or the file is no file.")
        .item("255", "userdb is a symbolic link, which is refused.")
        .chapter("FILES")
        .item("userdb", "The accounts, mode 600; or a directory of such files, mode 700.")
        .item(".lock.FILE", "Beside the file: locked by flock(2) while it is changed.")
        .item(".tmp.FILE", "Beside the file: its new state, which is renamed over it.")
        .chapter("ENVIRONMENT")
        .item("POSTRIDER_ETC", "The directory with userdb.")
        .item("POSTRIDER_HOME", "The data directory; userdb is in its etc.")
        .text("If neither is set, the data directory is the one that the server was set up with.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "Fields keep their order. A changed file keeps its owner, so that root can change"
                + " what the server reads. A symbolic link to another directory is followed. A"
                + " NAME that could not be found again is refused (exit 22): one with a TAB, a"
                + " line feed or a # before it. -show PATH/ lists the records of that file, and"
                + " needs no right to write. Where a program holds the lock for 60 seconds, that"
                + " is told.")
        .see("makeuserdb(8)", "userdbpw(8)", "authtest(1)");
  }

  /** What the command line says: without a verb it is to be shown, without a name all of it. */
  private record Request(
      Path file, Optional<String> name, Optional<String> verb, List<String> rest) {}

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places)
      throws IOException, ToolException {
    Optional<Request> request = request(new ArrayDeque<>(arguments), places);
    if (request.isEmpty()) {
      return usage(terminal);
    }
    try {
      return run(request.get(), terminal);
    } catch (IllegalArgumentException unusable) {
      throw new ToolException(INVALID, unusable.getMessage());
    } catch (NoSuchFileException absent) {
      throw new ToolException(NOT_THERE, ToolException.reason(absent));
    } catch (NotAFileException other) {
      throw new ToolException(INVALID_INPUT, other.getMessage());
    }
  }

  /** Empty if the arguments make no sense. */
  private static Optional<Request> request(Deque<String> arguments, Places places)
      throws ToolException {
    boolean show = "-show".equals(arguments.peek());
    if (show) {
      arguments.remove();
    }
    Path file;
    String name;
    if ("-f".equals(arguments.peek())) {
      arguments.remove();
      String named = arguments.poll();
      if (named == null || named.isEmpty()) {
        return Optional.empty();
      }
      file = Path.of(named);
      name = arguments.poll();
    } else if (!show && arguments.size() < 2) {
      return Optional.empty();
    } else {
      file = userdb(places);
      name = arguments.poll();
      int slash = name == null ? -1 : name.lastIndexOf('/');
      if (slash >= 0) {
        file = file.resolve(name.substring(0, slash).replaceFirst("^/+", ""));
        name = name.substring(slash + 1);
      }
    }
    Optional<String> wanted = Optional.ofNullable(name).filter(it -> !it.isEmpty());
    Optional<String> verb = show ? Optional.empty() : Optional.ofNullable(arguments.poll());
    return show || (wanted.isPresent() && verb.isPresent())
        ? Optional.of(new Request(file, wanted, verb, List.copyOf(arguments)))
        : Optional.empty();
  }

  private static Path userdb(Places places) throws ToolException {
    Path userdb = places.etc().resolve("userdb");
    if (Files.isSymbolicLink(userdb)) {
      throw new ToolException(
          LINK, "ERROR: Wrong userdb command.\n       (" + userdb + " is a symbolic link)");
    }
    return userdb;
  }

  private static int run(Request request, Terminal terminal) throws IOException, ToolException {
    UserdbEdit edit = UserdbEdit.of(request.file);
    if (request.verb.isEmpty()) {
      if (request.name.isPresent()) {
        edit.show(request.name.get(), terminal.out());
      } else {
        edit.showNames(terminal.out());
      }
      return 0;
    }
    String name = request.name.orElseThrow();
    for (String argument : request.rest) {
      if (argument.indexOf('|') >= 0 || argument.indexOf('\n') >= 0) {
        throw new ToolException(INVALID, "Invalid field or value.");
      }
    }
    switch (request.verb.get()) {
      case "set" -> {
        return set(edit, name, request.rest, terminal);
      }
      case "unset" -> {
        if (!request.rest.isEmpty()) {
          edit.unset(name, request.rest);
        }
        return 0;
      }
      case "del" -> {
        if (!request.rest.isEmpty()) {
          return usage(terminal);
        }
        edit.delete(name);
        return 0;
      }
      default -> {
        return usage(terminal);
      }
    }
  }

  private static int set(UserdbEdit edit, String name, List<String> assignments, Terminal terminal)
      throws IOException, ToolException {
    Map<String, byte[]> values = new LinkedHashMap<>();
    try {
      for (String assignment : assignments) {
        int equals = assignment.indexOf('=');
        if (equals >= 0) {
          values.put(
              assignment.substring(0, equals), assignment.substring(equals + 1).getBytes(UTF_8));
          continue;
        }
        if (terminal.asks()) {
          terminal.out().print(name + "." + assignment + ": ");
          terminal.out().flush();
        }
        byte[] value = terminal.readLine();
        if (value == null) {
          return 1;
        }
        values.put(assignment, value);
        for (byte octet : value) {
          if (octet == '|') {
            throw new ToolException(INVALID_INPUT, "Invalid value.");
          }
        }
      }
      edit.set(name, values);
      return 0;
    } finally {
      values.values().forEach(value -> Arrays.fill(value, (byte) 0));
    }
  }

  private static int usage(Terminal terminal) {
    terminal
        .out()
        .print(
            """
            Usage: userdb [path/.../ | -f file ]name set field=value field=value...
                   userdb [path/.../ | -f file ]name unset field field...
                   userdb [path/.../ | -f file ]name del
                   userdb -show [path/... | -f file ] [name]
            """);
    return 1;
  }
}
