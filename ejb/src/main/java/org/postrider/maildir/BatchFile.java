package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The file {@code tmp/postriderbatch} of a folder, which makes several messages come in together or
 * not at all, whenever the server ends. It is there only while they are linked into {@code cur}:
 *
 * <pre>
 * postrider 1
 * NAME SOURCE                 one line a message: its name in cur, and the file that is linked there, as a path
 * ...                         from the Maildir: tmp/X, .Folder/tmp/X, cur/X or .Folder/cur/X
 *                             an empty line after the messages that belong together
 * end
 * </pre>
 *
 * <p><b>Write order</b>, under the folder's {@link CourierLock}: the messages' octets are on the
 * medium; this file (scratch file, fsync, rename, fsync of {@code tmp}); links; the UID list;
 * unlink of this file.
 *
 * <p><b>A crash</b> in between leaves it to whoever takes the lock next ({@link #finish}): where
 * all files are there, those that are not linked are linked now; else those that are linked go
 * again. Messages that have UIDs, all of them, are as they should be. Courier ignores the file: it
 * shows what is linked, and numbers it; then nothing goes any more. Like everything in {@code tmp}
 * it is cleared away after 36 hours.
 */
final class BatchFile {

  static final String FILE = "postriderbatch";

  private static final String HEAD = "postrider 1";
  private static final String END = "end";
  private static final long MOST_OCTETS = 1L << 28;
  private static final System.Logger LOG = System.getLogger(BatchFile.class.getName());

  private final Disk disk;
  private final Path root;
  private final Path folder;
  private final Path file;

  BatchFile(Disk disk, Path root, Path folder) {
    this.disk = disk;
    this.root = root;
    this.folder = folder;
    this.file = folder.resolve("tmp").resolve(FILE);
  }

  /** A message: its name in cur, and its file's path. */
  record Entry(String name, String source) {}

  /** True where a message's file can be written down here. */
  static boolean canName(Path source) {
    String octets = FileNames.octets(source);
    for (int i = 0; i < octets.length(); i++) {
      if (octets.charAt(i) < ' ') {
        return false;
      }
    }
    return true;
  }

  /** Writes down what is about to be linked. */
  void write(List<List<Entry>> batches) throws IOException {
    Path scratch = folder.resolve("tmp").resolve(UniqueNames.scratch("batch"));
    disk.replace(scratch, file, format(batches), true);
  }

  Entry entry(String name, Path source) {
    String place = FileNames.octets(source.getParent());
    Path directory = source.getParent().getParent();
    String above = directory.equals(root) ? "" : FileNames.octets(directory) + "/";
    return new Entry(name, above + place + "/" + FileNames.octets(source));
  }

  /** What was linked has UIDs, or is gone again. */
  void remove() {
    disk.tidy(file);
  }

  /**
   * Ends what a server that is no more had begun. The caller holds the folder's {@link
   * CourierLock}.
   *
   * @return true where there was something
   */
  boolean finish() throws IOException {
    byte[] octets = disk.readAll(file, MOST_OCTETS);
    if (octets == null) {
      return false;
    }
    UidList list = UidList.read(disk, folder);
    Set<String> listed = list == null ? Set.of() : new HashSet<>(List.of(list.bases()));
    for (List<Entry> batch : parse(octets)) {
      finish(batch, name -> listed.contains(MessageFileName.parse(name).base()));
    }
    disk.unlink(file);
    return true;
  }

  private void finish(List<Entry> batch, Predicate<String> numbered) throws IOException {
    List<Entry> open = batch.stream().filter(entry -> !numbered.test(entry.name())).toList();
    if (open.isEmpty()) {
      return;
    }
    List<Entry> missing = new ArrayList<>();
    boolean complete = true;
    for (Entry entry : open) {
      if (disk.stat(linked(entry)) == null) {
        missing.add(entry);
        BasicFileAttributes source = disk.stat(source(entry));
        complete &= source != null && source.isRegularFile();
      }
    }
    if (complete) {
      for (Entry entry : missing) {
        disk.linkSurely(source(entry), linked(entry));
      }
      disk.forceDirectory(folder.resolve("cur"));
    } else if (open.size() == batch.size()) {
      for (Entry entry : open) {
        if (!missing.contains(entry)) {
          disk.unlink(linked(entry));
        }
      }
    }
    LOG.log(
        System.Logger.Level.INFO,
        "{0} messages that came together when the server ended are {1} in {2}",
        batch.size(),
        complete ? "all there" : "not",
        folder);
  }

  private Path linked(Entry entry) {
    return FileNames.in(folder.resolve("cur"), entry.name());
  }

  private Path source(Entry entry) {
    Path at = root;
    for (String name : entry.source().split("/")) {
      at = FileNames.in(at, name);
    }
    return at;
  }

  static byte[] format(List<List<Entry>> batches) {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    for (List<Entry> batch : batches) {
      for (Entry entry : batch) {
        text.append(entry.name()).append(' ').append(entry.source()).append('\n');
      }
      text.append('\n');
    }
    return text.append(END).append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The batches of a file; none where it is not whole, or names anything that it may not. */
  static List<List<Entry>> parse(byte[] octets) {
    String[] lines = new String(octets, StandardCharsets.ISO_8859_1).split("\n", -1);
    int last = lines.length - 2;
    if (last < 1 || !lines[0].equals(HEAD) || !lines[last].equals(END)) {
      return List.of();
    }
    List<List<Entry>> batches = new ArrayList<>();
    List<Entry> batch = new ArrayList<>();
    for (int i = 1; i < last; i++) {
      if (lines[i].isEmpty()) {
        batches.add(batch);
        batch = new ArrayList<>();
        continue;
      }
      int space = lines[i].indexOf(' ');
      if (space < 1) {
        return List.of();
      }
      Entry entry = new Entry(lines[i].substring(0, space), lines[i].substring(space + 1));
      if (!isName(entry.name()) || !isSource(entry.source())) {
        return List.of();
      }
      batch.add(entry);
    }
    return batch.isEmpty() ? batches : List.of();
  }

  private static boolean isName(String name) {
    return !name.isEmpty() && !name.startsWith(".") && name.indexOf('/') < 0 && name.indexOf(0) < 0;
  }

  private static boolean isSource(String source) {
    String[] names = source.split("/", -1);
    int at = names.length - 2;
    if (at < 0 || at > 1) {
      return false;
    }
    boolean folder =
        at == 0 || (names[0].startsWith(".") && names[0].length() > 1 && !names[0].equals(".."));
    boolean place = names[at].equals("tmp") || names[at].equals("cur");
    return folder && place && isName(names[at + 1]) && source.indexOf(0) < 0;
  }
}
