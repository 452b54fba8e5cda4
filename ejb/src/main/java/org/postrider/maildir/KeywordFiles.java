package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.postrider.protocol.Flags;

/**
 * The keywords of the messages of one folder, for commands that work on the files whether a server
 * runs or not: as {@link Keywords} has them. Nothing is kept in memory. Used by one thread.
 */
public final class KeywordFiles {

  private final Disk disk;
  private final Path folder;

  /**
   * @param folder a Maildir or a folder; absolute and there
   */
  public KeywordFiles(Path folder) throws IOException {
    this.disk = new Disk().ownedBy(Owner.of(folder));
    this.folder = folder;
  }

  /** True for a word that a keyword can be. */
  public static boolean isKeyword(String word) {
    return Keywords.isKeyword(word);
  }

  /** What becomes of the keywords that a message has. */
  public enum Change {
    REPLACE,
    ADD,
    REMOVE
  }

  /** Keywords by base name, in octets; nothing is changed on disk. */
  public SortedMap<String, SortedSet<String>> all() throws IOException {
    requireFolder();
    SortedMap<String, SortedSet<String>> all = new TreeMap<>();
    for (Map.Entry<String, Flags> entry : read().entrySet()) {
      all.put(entry.getKey(), entry.getValue().keywords());
    }
    return all;
  }

  /**
   * Changes the keywords of a message, there or not yet there.
   *
   * @param base its base name in octets; no {@code /} in it
   * @param words each {@link #isKeyword}
   * @param locked true: under Courier's lock; adding and removing is in any case
   * @throws MaildirException IN_USE
   */
  public void change(String base, Change change, Iterable<String> words, boolean locked)
      throws IOException, MaildirException {
    requireFolder();
    boolean reads = change != Change.REPLACE;
    Optional<CourierLock> lock =
        locked || reads ? Optional.of(CourierLock.take(disk, folder)) : Optional.empty();
    try {
      SortedSet<String> keywords = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
      if (reads) {
        keywords.addAll(read().getOrDefault(base, Flags.NONE).keywords());
      }
      for (String word : words) {
        if (change == Change.REMOVE) {
          keywords.remove(word);
        } else {
          keywords.add(word);
        }
      }
      Keywords.write(disk, folder, base, keywords);
    } finally {
      lock.ifPresent(CourierLock::close);
    }
  }

  private Map<String, Flags> read() throws IOException {
    return Keywords.read(disk, folder, base -> true, false);
  }

  private void requireFolder() throws IOException {
    BasicFileAttributes cur = disk.stat(folder.resolve("cur"));
    if (cur == null || !cur.isDirectory()) {
      throw new NoSuchFileException(folder.resolve("cur").toString());
    }
  }
}
