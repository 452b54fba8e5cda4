package org.postrider.tool.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code maildirmake}: makes Maildirs and folders. */
final class MaildirmakeTool implements Tool {

  private static final String USAGE = "Usage: maildirmake [ options ] maildir";
  private static final Set<String> WITH_VALUE =
      Set.of("--add", "--del", "--checkutf8", "--convutf8", "-q", "-f", "-F", "-s");
  private static final int DEFINED = 2;

  @Override
  public Manual manual() {
    return Manual.of("maildirmake", 1, "makes Maildirs and folders in them")
        .use("[-S] [-q QUOTA] MAILDIR")
        .use("[-s MODE] -f FOLDER | -F FOLDER MAILDIR")
        .use("--add NAME=PATH MAILDIR")
        .use("--del NAME MAILDIR")
        .use("--checkutf8 | --convutf8 MAILDIR")
        .use("--help")
        .text(
            "Makes the directory MAILDIR with tmp, new and cur in it, or a folder in an existing"
                + " one. Only its owner can use it: run this as the user whom the mail belongs to.")
        .chapter("OPTIONS")
        .item(
            "-q QUOTA",
            "Gives the Maildir a quota, and makes the Maildir if it is not there. 50000000S is 50"
                + " million octets, 1000C a thousand messages, 50000000S,1000C both. The mail in it"
                + " is counted. Its delivery agents have to know the same quota.")
        .item("-f FOLDER", "Makes a folder, such as Sent, or Lists.Java within Lists.")
        .item(
            "-F FOLDER",
            "The same for one folder at the top whose name may have . / ~ : and \\ in it: these are"
                + " written as a \\ and three octal digits.")
        .item("-S", "A sharable Maildir: others can see its folders.")
        .item(
            "-s MODE",
            "With -f or -F, a folder that others can use in a sharable Maildir: read, or write;"
                + " with ,group behind it for the members of the Maildir's group alone.")
        .item(
            "--add NAME=PATH",
            "Shows the folders of the sharable Maildir at PATH, which begins with a /, as"
                + " shared.NAME to the account whose Maildir this is.")
        .item("--del NAME", "Takes that back.")
        .item(
            "--checkutf8",
            "Says how --convutf8 would rename folders and subscriptions, or what keeps it from it."
                + " Nothing is changed.")
        .item(
            "--convutf8",
            "Converts a Maildir of Courier-IMAP 4 and older, whose names are in modified UTF-7, to"
                + " UTF-8. Stop the server meanwhile.")
        .chapter("EXAMPLE")
        .lines(
            "maildirmake -q 50000000S /srv/mail/anna/Maildir",
            "maildirmake -f Sent /srv/mail/anna/Maildir",
            "maildirmake -S /srv/mail/pub",
            "maildirmake -s write,group -f notices /srv/mail/pub",
            "maildirmake --add firm=/srv/mail/pub /srv/mail/anna/Maildir")
        .chapter("EXIT STATUS")
        .item("0", "Done.")
        .item("1", "It was not: the reason was printed.")
        .item("2", "--add: the name is taken.")
        .chapter("FILES")
        .item("maildirsize", "In the Maildir: the quota, and what counts toward it.")
        .item("maildirfolder", "In a folder: empty, says that it is one.")
        .item("shared-maildirs", "In the Maildir: what --add added, NAME, TAB and PATH.")
        .item("maildirshared", "In the configuration directory: the same for all accounts.")
        .chapter("ENVIRONMENT")
        .item("POSTRIDER_ETC, POSTRIDER_HOME", "Where maildirshared is looked for.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "More than one MAILDIR is refused. So is a FOLDER that the server could not show: with"
                + " a / or a control character, empty, or with an empty part (a..b), and -q"
                + " together with -f, since folders have no quota of their own. A QUOTA without a"
                + " usable limit gives Courier's warning, and what it has of usable limits counts."
                + " --add refuses names that could not be read back: empty, or with a blank or # in"
                + " them; it begins a new line where the last one was cut off. --convutf8 leaves"
                + " names that are UTF-8 already, so that it can be run twice; it refuses to rename"
                + " one folder over another; and it knows no filter file of the webmail.")
        .see("userdb(8)", "imapd(8)");
  }

  /** What the command line says. */
  private record Request(
      String maildir,
      boolean sharable,
      Optional<String> quota,
      Optional<String> folder,
      Optional<String> mode,
      Optional<String> add,
      Optional<String> delete,
      Optional<Boolean> convert) {}

  /** What Courier says of a command line, on standard output. */
  private static final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message, null, false, false);
    }
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places) throws ToolException {
    try {
      return act(arguments, terminal, places);
    } catch (RefusedException refused) {
      terminal.out().println(refused.getMessage());
      return 1;
    }
  }

  private static int act(List<String> arguments, Terminal terminal, Places places)
      throws ToolException, RefusedException {
    Request request = request(arguments);
    Path maildir = path(request.maildir);
    if (request.convert.isPresent()) {
      return convert(maildir, request, terminal);
    }
    if (request.add.isPresent()) {
      return add(maildir, request, places);
    }
    if (request.delete.isPresent()) {
      return delete(maildir, request);
    }
    if (request.folder.isPresent()) {
      return makeFolder(maildir, request);
    }
    return make(maildir, request, terminal);
  }

  private static Request request(List<String> arguments) throws RefusedException {
    boolean sharable = false;
    Optional<String> quota = Optional.empty();
    Optional<String> folder = Optional.empty();
    Optional<String> mode = Optional.empty();
    Optional<String> add = Optional.empty();
    Optional<String> delete = Optional.empty();
    Optional<Boolean> convert = Optional.empty();
    int at = 0;
    while (at < arguments.size() && arguments.get(at).startsWith("-")) {
      String argument = arguments.get(at++);
      if (argument.equals("--checkutf8") || argument.equals("--convutf8")) {
        convert = Optional.of(argument.equals("--convutf8"));
        continue;
      }
      if (argument.equals("-S")) {
        sharable = true;
        continue;
      }
      String option = argument;
      String value;
      if (!argument.startsWith("--") && argument.length() > 2) {
        option = argument.substring(0, 2); // -q5S
        value = argument.substring(2);
      } else if (at < arguments.size() && WITH_VALUE.contains(option)) {
        value = arguments.get(at++);
      } else {
        throw new RefusedException(USAGE);
      }
      switch (option) {
        case "-q" -> quota = Optional.of(value);
        case "-f" -> folder = Optional.of(directoryName(value));
        case "-F" -> folder = Optional.of(escaped(value));
        case "-s" -> mode = Optional.of(value);
        case "--add" -> add = Optional.of(value);
        case "--del" -> delete = Optional.of(value);
        default -> throw new RefusedException(USAGE);
      }
    }
    int actions =
        (add.isPresent() ? 1 : 0)
            + (delete.isPresent() ? 1 : 0)
            + (convert.isPresent() ? 1 : 0)
            + (quota.isPresent() || folder.isPresent() || sharable || mode.isPresent() ? 1 : 0);
    if (at != arguments.size() - 1
        || actions > 1
        || (mode.isPresent() && folder.isEmpty())
        || (quota.isPresent() && folder.isPresent())) {
      throw new RefusedException(USAGE);
    }
    return new Request(arguments.get(at), sharable, quota, folder, mode, add, delete, convert);
  }

  private static Path path(String typed) throws ToolException {
    if (typed.isEmpty()) {
      throw new ToolException(1, "maildirmake: : No such file or directory");
    }
    try {
      return Path.of(typed);
    } catch (InvalidPathException unusable) {
      throw new ToolException(1, "maildirmake: " + typed + ": " + unusable.getReason());
    }
  }

  /** A folder's name as it was typed, with the full stop before it that its directory has. */
  private static String directoryName(String folder) throws RefusedException {
    boolean usable =
        !("." + folder + ".").contains("..")
            && folder.indexOf('/') < 0
            && folder.chars().noneMatch(it -> it < ' ' || it == 0x7f);
    if (!usable) {
      throw new RefusedException("Invalid folder name: " + folder);
    }
    return "." + folder;
  }

  private static String escaped(String folder) throws RefusedException {
    StringBuilder name = new StringBuilder();
    for (char character : folder.toCharArray()) {
      if ("./~:\\".indexOf(character) >= 0) {
        name.append("\\%03o".formatted((int) character));
      } else {
        name.append(character);
      }
    }
    return directoryName(name.toString());
  }

  private static int make(Path maildir, Request request, Terminal terminal) throws ToolException {
    Optional<QuotaLine> quota = Optional.empty();
    if (request.quota.isPresent()) {
      quota = quota(request.quota.get(), terminal);
    }
    try {
      boolean keep = request.quota.isPresent() && Files.isDirectory(maildir);
      if (!keep) {
        (request.sharable ? NewMaildir.SHARABLE : NewMaildir.PRIVATE).make(maildir);
      }
    } catch (IOException failed) {
      String program = request.quota.isPresent() ? "" : "maildirmake: ";
      throw new ToolException(1, program + request.maildir + ": " + Failures.words(failed));
    }
    if (quota.isPresent()) {
      try {
        quota.get().put(maildir);
      } catch (IOException failed) {
        throw new ToolException(
            1,
            "maildirmake: %s: its quota could not be set: %s: %s"
                .formatted(request.maildir, failed.getMessage(), Failures.words(failed)));
      }
    }
    return 0;
  }

  /** Empty where the text has no limit: then, as with Courier, an old quota stays. */
  private static Optional<QuotaLine> quota(String text, Terminal terminal) throws ToolException {
    try {
      QuotaLine.Read read = QuotaLine.read(text);
      if (!read.whole() || read.quota().isEmpty()) {
        terminal.err().println("WARN: quota string '" + text + "' not parseable");
      }
      return read.quota().isEmpty() ? Optional.empty() : Optional.of(read.quota());
    } catch (IllegalArgumentException large) {
      throw new ToolException(1, "maildirmake: quota " + text + ": " + large.getMessage());
    }
  }

  private static int makeFolder(Path maildir, Request request) throws ToolException {
    String name = request.folder.orElseThrow();
    NewMaildir kind = request.mode.map(NewMaildir::shared).orElse(NewMaildir.PRIVATE);
    try {
      kind.makeFolder(maildir.resolve(name));
      return 0;
    } catch (IOException failed) {
      throw new ToolException(
          1, "maildirmake: %s/%s: %s".formatted(request.maildir, name, Failures.words(failed)));
    }
  }

  private static int add(Path maildir, Request request, Places places)
      throws ToolException, RefusedException {
    String definition = request.add.orElseThrow();
    int equals = definition.indexOf('=');
    if (equals < 0 || !definition.startsWith("/", equals + 1)) {
      throw new RefusedException(USAGE);
    }
    String name = definition.substring(0, equals);
    String path = definition.substring(equals + 1);
    if (!Files.isReadable(Path.of(path))) {
      String why = Files.exists(Path.of(path)) ? "Permission denied" : "No such file or directory";
      throw new ToolException(1, path + ": " + why);
    }
    if (name.isEmpty()
        || name.chars().anyMatch(it -> it <= ' ' || it == '.' || it == '/' || it == '#')
        || path.chars().anyMatch(it -> it < ' ')) {
      throw new ToolException(1, name + ": invalid name");
    }
    try {
      if (!Files.isDirectory(maildir)) {
        throw new NoSuchFileException(request.maildir);
      }
      SharedMaildirs own = new SharedMaildirs(maildir.resolve(SharedMaildirs.FILE));
      if (own.has(name) || isForAll(name, places)) {
        throw new ToolException(DEFINED, name + ": already defined as a sharable maildir.");
      }
      own.add(name, path);
      return 0;
    } catch (IOException failed) {
      throw new ToolException(1, request.maildir + ": " + Failures.words(failed));
    }
  }

  private static boolean isForAll(String name, Places places) throws IOException {
    try {
      return new SharedMaildirs(places.etc().resolve("maildirshared")).has(name);
    } catch (ToolException unknown) {
      return false; // a Maildir can be looked after without a server
    }
  }

  private static int delete(Path maildir, Request request) throws ToolException {
    String name = request.delete.orElseThrow();
    try {
      if (new SharedMaildirs(maildir.resolve(SharedMaildirs.FILE)).remove(name)) {
        return 0;
      }
    } catch (IOException failed) {
      throw new ToolException(1, request.maildir + ": " + Failures.words(failed));
    }
    throw new ToolException(1, name + ": not found.");
  }

  private static int convert(Path maildir, Request request, Terminal terminal)
      throws ToolException {
    try {
      return new Utf8Names(maildir, request.maildir, terminal).run(request.convert.orElseThrow());
    } catch (IOException failed) {
      throw new ToolException(
          1, "%s: %s: %s".formatted(request.maildir, failed.getMessage(), Failures.words(failed)));
    }
  }
}
