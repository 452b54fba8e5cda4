package org.postrider.tool.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.postrider.tool.command.Manual;
import org.postrider.tool.command.Places;
import org.postrider.tool.command.Terminal;
import org.postrider.tool.command.Tool;
import org.postrider.tool.command.ToolException;

/**
 * {@code sharedindexinstall}: puts new files of the index of shared folders in place of the old
 * ones. Each appears whole: first those that groups lead to, then {@code index}; what is not among
 * the new ones goes last. Whatever stops it, running it again ends it.
 */
final class SharedIndexInstallTool implements Tool {

  private static final String TOP = "index";

  @Override
  public Manual manual() {
    return Manual.of("sharedindexinstall", 8, "puts a new index of shared folders in place")
        .use("[--help]")
        .text(
            "Moves the files of shared.tmp in the configuration directory to shared, which has to"
                + " be there, and removes from it what was not in shared.tmp. The server reads the"
                + " new files at the next question; nobody is disturbed.")
        .chapter("EXAMPLE")
        .lines(
            "cd $POSTRIDER_HOME/etc",
            "rm -rf shared.tmp; mkdir -p shared shared.tmp",
            "authenumerate -s >shared.tmp/index && sharedindexinstall")
        .chapter("EXIT STATUS")
        .item("0", "Done.")
        .item("1", "Nothing, or not all, was done: the reason was printed.")
        .chapter("ENVIRONMENT")
        .item("POSTRIDER_ETC, POSTRIDER_HOME", "Where the files are: see authtest(1).")
        .chapter("DIFFERENCES FROM COURIER")
        .text(
            "Old files are removed when the new ones are in place, not before. A directory in"
                + " shared.tmp is refused before anything is done.")
        .see("sharedindexsplit(8)", "authenumerate(8)");
  }

  @Override
  public int run(List<String> arguments, Terminal terminal, Places places) throws ToolException {
    if (!arguments.isEmpty()) {
      throw new ToolException(1, "Usage: sharedindexinstall");
    }
    Path shared = places.etc().resolve("shared");
    Path fresh = places.etc().resolve("shared.tmp");
    try {
      SortedMap<String, Path> files = files(fresh);
      if (files.isEmpty()) {
        terminal.out().println(fresh + " is empty!");
        return 1;
      }
      if (!Files.isDirectory(shared)) {
        terminal.out().println(shared + " does not exist!");
        return 1;
      }
      install(files, shared);
      return 0;
    } catch (IOException failed) {
      throw new ToolException(1, "%s: %s".formatted(failed.getMessage(), Failures.words(failed)));
    }
  }

  /** Those that are not hidden; none where there is no such directory. */
  private static SortedMap<String, Path> files(Path directory) throws IOException {
    SortedMap<String, Path> files = new TreeMap<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (!name.startsWith(".")) {
          files.put(name, entry);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException none) {
      return files;
    } catch (java.nio.file.DirectoryIteratorException failed) {
      throw failed.getCause();
    }
    return files;
  }

  private static void install(SortedMap<String, Path> files, Path shared)
      throws IOException, ToolException {
    for (Path file : files.values()) {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new ToolException(1, file + " is no file, which an index is.");
      }
    }
    for (Path file : files.values()) {
      if (!file.endsWith(TOP)) {
        move(file, shared);
      }
    }
    if (files.containsKey(TOP)) {
      move(files.get(TOP), shared);
    }
    for (Path old : files(shared).values()) {
      boolean isNew = files.containsKey(old.getFileName().toString());
      if (!isNew && !Files.isDirectory(old, LinkOption.NOFOLLOW_LINKS)) {
        Files.deleteIfExists(old);
      }
    }
    sync(shared);
  }

  private static void move(Path file, Path shared) throws IOException {
    sync(file);
    Files.move(file, shared.resolve(file.getFileName()), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
