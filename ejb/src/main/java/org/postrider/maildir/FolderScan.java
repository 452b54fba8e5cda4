package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.postrider.protocol.SystemFlag;

/**
 * Reads the directories of one folder: brings what was delivered from {@code new} to {@code cur},
 * lists {@code cur}, and clears {@code tmp}. Keeps nothing but when it last did what. Not safe for
 * threads: {@link Folder} holds its lock.
 */
final class FolderScan {

  private static final System.Logger LOG = System.getLogger(FolderScan.class.getName());

  /** Names in {@code tmp} go when their inode has not changed for this long, as with Courier. */
  private static final long TMP_MILLIS = 36L * 60 * 60 * 1000;

  private static final long TMP_INTERVAL_NANOS = 3_600_000_000_000L;
  private static final long YOUNG_MILLIS = 2_000;

  /** Names in {@code tmp} that are looked at in one go; a lock is held for as long. */
  private static final int TMP_BATCH = 10_000;

  /** Longest name in {@code cur} to which flags can be added. */
  private static final int LONGEST_ARRIVAL = FileNames.LONGEST - 10;

  private static final int TRIES = 5;

  private final Disk disk;
  private final Path folder;
  private final Path cur;
  private final Path fresh;
  private long tmpClearedAt;
  private boolean tmpCleared;
  private boolean complained;

  /** Base names of directory entries that turned out to be no regular files. */
  private final Set<String> passedOver = new HashSet<>();

  FolderScan(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
    this.cur = folder.resolve("cur");
    this.fresh = folder.resolve("new");
  }

  /** When each file in {@code cur} was last changed in any way, in no order. */
  static List<Instant> changeTimes(Disk disk, Path cur) throws IOException {
    List<Instant> times = new ArrayList<>();
    for (String name : disk.names(cur)) {
      if (!name.startsWith(".")) {
        try {
          times.add(disk.changed(FileNames.in(cur, name)).toInstant());
        } catch (NoSuchFileException e) {
          continue; // renamed or removed meanwhile
        }
      }
    }
    return times;
  }

  /** True where the names tell of a message that nobody has seen. */
  static boolean hasUnseen(Disk disk, Path folder) throws IOException {
    for (String name : disk.names(folder.resolve("new"))) {
      if (!name.startsWith(".")) {
        return true;
      }
    }
    for (String name : disk.names(folder.resolve("cur"))) {
      boolean seen = MessageFileName.flags(MessageFileName.parse(name).info()).has(SystemFlag.SEEN);
      if (!seen && !name.startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /** How many messages wait in {@code new}. */
  int waiting() throws IOException {
    int count = 0;
    for (String name : disk.names(fresh)) {
      count += name.startsWith(".") ? 0 : 1;
    }
    return count;
  }

  /** Leaves a name out of every listing from now on. */
  void passOver(String base) {
    passedOver.add(base);
  }

  /**
   * Moves what is in {@code new} to {@code cur}.
   *
   * @return how many could not be moved
   */
  int moveNew() throws IOException {
    int left = 0;
    for (String name : disk.names(fresh)) {
      if (!name.startsWith(".") && !moveOne(name)) {
        left++;
      }
    }
    return left;
  }

  private boolean moveOne(String name) {
    Path from = FileNames.in(fresh, name);
    try {
      String target = MessageFileName.fromNew(name);
      // A name that is taken: rename would replace the message that has it.
      boolean usable =
          target.length() <= LONGEST_ARRIVAL && target.indexOf('\n') < 0 && !isTaken(target);
      Path to = FileNames.in(cur, usable ? target : anotherBase(from) + ":2,");
      disk.rename(from, to);
      return true;
    } catch (NoSuchFileException e) {
      return true; // another program was quicker
    } catch (IOException e) {
      if (!complained) {
        complained = true;
        LOG.log(System.Logger.Level.WARNING, "New mail can't be taken over from " + fresh, e);
      }
      return false;
    }
  }

  private boolean isTaken(String name) throws IOException {
    return disk.stat(FileNames.in(cur, name)) != null;
  }

  /** A base name that no message has, for a file that is there already. */
  private String anotherBase(Path file) throws IOException {
    Map<String, Object> numbers = disk.numbers(file);
    return UniqueNames.message()
        .base(
            ((Number) numbers.get("dev")).longValue(),
            ((Number) numbers.get("ino")).longValue(),
            ((Number) numbers.get("size")).longValue());
  }

  /**
   * The names in {@code cur}: info by base name.
   *
   * @param before attributes of {@code cur} before the listing
   */
  record Listing(BasicFileAttributes before, long started, Map<String, String> infos) {}

  /**
   * Lists {@code cur}. Where two files have one base name, as after a redelivery, the second gets a
   * name of its own; and so does a file whose name no line of the UID list can hold.
   *
   * @param most messages expected, to make room
   */
  Listing list(int most) throws IOException {
    long started = System.nanoTime();
    BasicFileAttributes before = disk.stat(cur);
    if (before == null || !before.isDirectory()) {
      throw new NoSuchFileException(cur.toString());
    }
    Map<String, String> infos = HashMap.newHashMap(most + 16);
    Map<String, String> interned = new HashMap<>();
    List<MessageFileName> doubles = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    for (String name : disk.names(cur)) {
      if (name.startsWith(".")) {
        continue;
      }
      MessageFileName parsed = MessageFileName.parse(name);
      if (parsed.base().isEmpty() || passedOver.contains(parsed.base())) {
        continue;
      }
      if (name.indexOf('\n') >= 0) {
        broken.add(name);
        continue;
      }
      String info = interned.computeIfAbsent(parsed.info(), i -> i);
      if (infos.putIfAbsent(parsed.base(), info) != null) {
        doubles.add(parsed);
      }
    }
    for (MessageFileName second : doubles) {
      separate(second, infos);
    }
    for (String name : broken) {
      mend(name, infos);
    }
    return new Listing(before, started, infos);
  }

  private void mend(String name, Map<String, String> infos) throws IOException {
    Path file = FileNames.in(cur, name);
    String info =
        MessageFileName.info(MessageFileName.flags(MessageFileName.parse(name).info()), "");
    try {
      String base = anotherBase(file);
      disk.rename(file, FileNames.in(cur, base + info));
      infos.put(base, info);
    } catch (NoSuchFileException e) {
      // removed meanwhile
    }
  }

  private void separate(MessageFileName second, Map<String, String> infos) throws IOException {
    Path one = FileNames.in(cur, second.base() + infos.get(second.base()));
    Path two = FileNames.in(cur, second.toString());
    BasicFileAttributes first = disk.stat(one);
    BasicFileAttributes other = disk.stat(two);
    if (other == null || one.equals(two)) {
      return;
    }
    if (first == null) {
      // One file, seen under its name before and after a renaming.
      infos.put(second.base(), second.info());
    } else if (Objects.equals(first.fileKey(), other.fileKey())) {
      disk.tidy(two);
    } else {
      String base = anotherBase(two);
      disk.rename(two, FileNames.in(cur, base + second.info()));
      infos.put(base, second.info());
      LOG.log(
          System.Logger.Level.INFO, "Two messages had one file name in {0}; one was renamed", cur);
    }
  }

  /**
   * Looks once more for messages that a listing did not show: one that is renamed while a directory
   * is read may be in neither place.
   *
   * @param missing base names; those found are taken out
   * @return infos of those found, by base name
   */
  Map<String, String> lookAgain(Listing first, Set<String> missing) throws IOException {
    Map<String, String> found = new HashMap<>();
    BasicFileAttributes before = first.before();
    for (int attempt = 1; attempt < TRIES && !missing.isEmpty(); attempt++) {
      BasicFileAttributes after = disk.stat(cur);
      boolean same = after != null && after.lastModifiedTime().equals(before.lastModifiedTime());
      boolean old =
          same && System.currentTimeMillis() - after.lastModifiedTime().toMillis() > YOUNG_MILLIS;
      if (old || (same && attempt > 1)) {
        break;
      }
      Listing again = list(first.infos().size());
      before = again.before();
      for (var names = missing.iterator(); names.hasNext(); ) {
        String base = names.next();
        String info = again.infos().get(base);
        if (info != null) {
          found.put(base, info);
          names.remove();
        }
      }
    }
    return found;
  }

  /**
   * Removes what crashed writers left in {@code tmp}; once an hour at most. Of very many the rest
   * goes the next times.
   */
  void clearTmp() {
    long now = System.nanoTime();
    if (tmpCleared && now - tmpClearedAt < TMP_INTERVAL_NANOS) {
      return;
    }
    Path tmp = folder.resolve("tmp");
    boolean isMore = false;
    try {
      disk.requireDirectory(tmp);
      List<String> names = disk.names(tmp, TMP_BATCH);
      isMore = clear(tmp, names) > 0 && names.size() == TMP_BATCH;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "Not cleared: " + tmp, e);
    }
    tmpCleared = !isMore;
    tmpClearedAt = now;
  }

  /** How many are gone. */
  private int clear(Path tmp, List<String> names) throws IOException {
    long limit = System.currentTimeMillis() - TMP_MILLIS;
    int gone = 0;
    for (String name : names) {
      Path file = FileNames.in(tmp, name);
      try {
        if (!name.startsWith(".") && disk.changed(file).toMillis() < limit) {
          clear(file, name);
          gone += disk.stat(file) == null ? 1 : 0;
        }
      } catch (NoSuchFileException e) {
        // its writer needs it no more
      }
    }
    return gone;
  }

  private void clear(Path file, String name) throws IOException {
    BasicFileAttributes there = disk.stat(file);
    if (there != null && there.isDirectory()) {
      // Folders that were being deleted when the server ended; other directories are nobody's
      // scratch.
      if (name.contains("_deleted")) {
        disk.removeTree(file);
      }
    } else {
      disk.tidy(file);
    }
  }
}
