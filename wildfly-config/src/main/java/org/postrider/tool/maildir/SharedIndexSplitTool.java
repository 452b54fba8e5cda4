package org.postrider.tool.maildir;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/** {@code sharedindexsplit}: makes several files of a large index of shared folders. */
final class SharedIndexSplitTool implements Tool {

  private static final String USAGE = "Usage: sharedindexsplit outputdir [ letters ]";
  private static final int USAGE_STATUS = 2;
  private static final int MOST_LETTERS = 20;
  private static final int OPEN_AT_ONCE = 100;
  private static final int FIELDS = 4;
  private static final int OPTIONS = 5;
  private static final Pattern GROUP = Pattern.compile("(?:^|,)sharedgroup=([^,]+)");

  @Override
  public Manual manual() {
    return Manual.of("sharedindexsplit", 8, "makes several files of an index of shared folders")
        .use("DIRECTORY [LETTERS] <INDEX")
        .use("--help")
        .text(
            "Reads an index of shared folders, as authenumerate -s prints it, and writes it into"
                + " files in DIRECTORY, where no such files are yet. So a server reads only what a"
                + " name leads to.")
        .chapter("OPTIONS")
        .item(
            "LETTERS",
            "1 to 20: accounts are put together whose names begin with the same so many"
                + " characters; _ stands for those that a short name has not. A group is made for"
                + " each level: anna is #shared.a.anna with 1, and #shared.a.an.anna with 2.")
        .item(
            "(none)",
            "Accounts are put together that have the same option sharedgroup, in the file"
                + " indexGROUP, which is the only one that such an account sees; those without the"
                + " option are in the file index. The options have to be there: authenumerate -s"
                + " -o.")
        .chapter("EXAMPLE")
        .lines(
            "cd $POSTRIDER_HOME/etc",
            "rm -rf shared.tmp; mkdir -p shared shared.tmp",
            "authenumerate -s | sharedindexsplit shared.tmp 1 && sharedindexinstall")
        .chapter("EXIT STATUS")
        .item("0", "Done.")
        .item("1", "It was not: the reason was printed.")
        .item("2", "DIRECTORY is none, or LETTERS is no such number.")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "A file that is there already is not added to. Names are characters of UTF-8 without"
                + " Perl's help; what is not UTF-8 is refused, and so is a group with a / in it."
                + " The groups of a file are in the order in which they first came.")
        .see("sharedindexinstall(8)", "authenumerate(8)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places) throws ToolException {
    if (arguments.isEmpty() || arguments.size() > 2) {
      throw new ToolException(USAGE_STATUS, USAGE);
    }
    int letters = arguments.size() == 2 ? letters(arguments.get(1)) : 0;
    Split split = new Split(directory(arguments.getFirst()));
    try {
      int line = 0;
      for (byte[] octets = terminal.readLine(); octets != null; octets = terminal.readLine()) {
        line++;
        split.add(octets, line, letters);
      }
      split.close();
      split.writeGroups(letters);
      return 0;
    } catch (IOException failed) {
      throw new ToolException(1, "%s: %s".formatted(failed.getMessage(), Failures.words(failed)));
    }
  }

  private static int letters(String typed) throws ToolException {
    try {
      int letters = Integer.parseInt(typed);
      if (letters >= 0 && letters <= MOST_LETTERS) {
        return letters;
      }
    } catch (NumberFormatException none) {
      throw new ToolException(USAGE_STATUS, USAGE);
    }
    throw new ToolException(USAGE_STATUS, USAGE);
  }

  private static Path directory(String typed) throws ToolException {
    try {
      Path directory = Path.of(typed);
      if (!typed.isEmpty() && Files.isDirectory(directory)) {
        return directory;
      }
    } catch (InvalidPathException none) {
      throw new ToolException(USAGE_STATUS, USAGE);
    }
    throw new ToolException(USAGE_STATUS, USAGE);
  }

  /** The files that are being written. */
  private static final class Split {
    private final Path directory;
    private final Set<String> keys = new LinkedHashSet<>();

    /** Those that were used last stay open. */
    private final Map<String, OutputStream> open = new LinkedHashMap<>(16, 0.75f, true);

    Split(Path directory) {
      this.directory = directory;
    }

    void add(byte[] octets, int number, int letters) throws IOException, ToolException {
      String line = text(octets, number);
      int comment = line.indexOf('#');
      List<String> fields =
          new ArrayList<>(
              Arrays.asList((comment < 0 ? line : line.substring(0, comment)).split("\t")));
      if (fields.size() < FIELDS) {
        return;
      }
      String key = letters > 0 ? beginning(fields.getFirst(), letters) : group(fields);
      if (key.indexOf('/') >= 0) {
        throw new ToolException(
            1, "line " + number + ": " + key + " can't be part of a file's name.");
      }
      if (fields.size() > OPTIONS) {
        fields.remove(OPTIONS); // nobody else's business
      }
      file(key).write((String.join("\t", fields) + "\n").getBytes(UTF_8));
    }

    private static String text(byte[] octets, int number) throws ToolException {
      try {
        return UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
      } catch (CharacterCodingException e) {
        throw new ToolException(1, "line " + number + ": this is not UTF-8.");
      }
    }

    /** The first so many characters. */
    private static String beginning(String name, int letters) {
      int there = name.codePointCount(0, name.length());
      return there >= letters
          ? name.substring(0, name.offsetByCodePoints(0, letters))
          : name + "_".repeat(letters - there);
    }

    private static String group(List<String> fields) {
      Matcher group = GROUP.matcher(fields.size() > OPTIONS ? fields.get(OPTIONS) : "");
      return group.find() ? group.group(1) : "";
    }

    private Path path(String key) {
      return directory.resolve("index" + key);
    }

    private OutputStream file(String key) throws IOException {
      OutputStream file = open.get(key);
      if (file == null) {
        if (open.size() == OPEN_AT_ONCE) {
          Iterator<OutputStream> oldest = open.values().iterator();
          oldest.next().close();
          oldest.remove();
        }
        file =
            new BufferedOutputStream(
                Files.newOutputStream(
                    path(key),
                    StandardOpenOption.WRITE,
                    keys.add(key) ? StandardOpenOption.CREATE_NEW : StandardOpenOption.APPEND));
        open.put(key, file);
      }
      return file;
    }

    void close() throws IOException {
      for (OutputStream file : open.values()) {
        file.close();
      }
    }

    /** One file for each group, and at last the one that all names begin in. */
    void writeGroups(int letters) throws IOException {
      Set<String> below = keys;
      for (int length = letters - 1; length >= 0; length--) {
        Map<String, StringBuilder> files = new LinkedHashMap<>();
        for (String key : below) {
          files
              .computeIfAbsent(
                  key.substring(0, key.offsetByCodePoints(0, length)), k -> new StringBuilder())
              .append(key)
              .append("\t*\tindex")
              .append(key)
              .append('\n');
        }
        for (Map.Entry<String, StringBuilder> file : files.entrySet()) {
          Files.writeString(
              path(file.getKey()),
              file.getValue(),
              UTF_8,
              StandardOpenOption.WRITE,
              StandardOpenOption.CREATE_NEW);
        }
        below = files.keySet();
      }
    }
  }
}
