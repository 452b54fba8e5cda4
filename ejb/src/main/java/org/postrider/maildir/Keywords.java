package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.postrider.protocol.Flags;

/**
 * The directory {@code courierimapkeywords} of a folder, as Courier's "fast" mode keeps it:
 *
 * <pre>
 * :list              what is settled: one keyword a line, an empty line, then a line for each message that has any:
 *                    BASENAME:I J ...     indexes into the keywords above, from 0; no such file where nobody has any
 * BASENAME           the newest keywords of one message, all of them, one a line; empty: it has none
 * .N.BASENAME        the same, merged into :list by now; N is the time of merging, seconds / 300 + 1
 * .tmp....           scratch files of Courier's slow mode, cleared away after two minutes
 * </pre>
 *
 * BASENAME is the file's name in cur up to its last colon. Keywords are ASCII without space, controls and
 * {@code ( ) { % * " \ ]}; equal whatever their case.
 *
 * <p><b>Writing</b> (STORE, APPEND): the message's whole set into a scratch file in the folder's tmp, renamed to BASENAME;
 * the last one wins, message by message. Before the message's flags or its file change, so that a crash in between
 * leaves a change done by half but no torn file. <b>Merging</b> (a scan, under the folder's {@link CourierLock}): the
 * newest file of each message over :list; a new :list by scratch file and rename; then each BASENAME is renamed to
 * .N.BASENAME. That stays for one to two periods of 300 s, because a reader may have begun with the old :list.
 * Files about messages that are not there go when they are older than 15 minutes: their message may be on its way.
 * The file of a message whose name leaves no room for {@code .N.} is never renamed.
 *
 * <p><b>Bounds.</b> Files are read line by line. Where there is more than any client could have made, what is beyond the
 * bounds is not shown, and nothing is merged, so that nothing is lost.
 */
final class Keywords {

  static final String DIRECTORY = "courierimapkeywords";

  private static final System.Logger LOG = System.getLogger(Keywords.class.getName());
  static final String LIST = ":list";
  private static final String FORBIDDEN = "(){%*\"\\]";
  private static final int PERIOD_SECONDS = 300;
  private static final long MOST_LIST_OCTETS = 1L << 30;
  private static final long MOST_FILE_OCTETS = 1L << 18;
  private static final int LONGEST_LINE = 16 * 1024;

  /** Most keywords of one message, and of the list. */
  private static final int MOST_OF_MESSAGE = 1_000;

  private static final int MOST_WORDS = 20_000;

  /** Most octets of all different sets of a folder, as they are spelled. */
  private static final int MOST_SET_OCTETS = 8_000_000;

  /** Longest base name that can follow {@code .N.}, N having eight digits. */
  private static final int LONGEST_MERGED = 255 - 10;

  private static final long ORPHAN_MILLIS = 15 * 60 * 1000;
  private static final long SLOW_SCRATCH_MILLIS = 120 * 1000;
  private static final int TRIES = 5;

  /** Longest keyword, in characters. */
  static final int LONGEST = 200;

  private Keywords() {}

  /** True for a word that a keyword can be. */
  static boolean isKeyword(String word) {
    if (word.isEmpty() || word.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (c <= ' ' || c > '~' || FORBIDDEN.indexOf(c) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** True for a name that a file in the directory may have. */
  static boolean isEntry(String name) {
    if (!name.startsWith(".")) {
      return true;
    }
    int dot = name.indexOf('.', 1);
    boolean merged = dot > 1 && dot + 1 < name.length() && decimal(name.substring(1, dot)) >= 0;
    return merged || name.startsWith(".tmp.");
  }

  /** How many lines of a {@code :list} say nothing that can be understood. */
  static int unreadableLines(Disk disk, Path list) throws IOException {
    int bad = 0;
    int index = 0;
    int words = -1;
    try (OctetLines lines = OctetLines.of(disk, list, LONGEST_LINE, MOST_LIST_OCTETS)) {
      while (lines != null && lines.next()) {
        String line = lines.isTooLong() ? "\n" : lines.text(0);
        if (words < 0) {
          // Courier has words in UTF-8, too.
          bad += line.chars().anyMatch(it -> it < ' ') ? 1 : 0;
          words = line.isEmpty() ? index : -1;
          index++;
        } else if (!line.isEmpty() && !isMessageLine(line, words)) {
          bad++;
        }
      }
    }
    return bad;
  }

  private static boolean isMessageLine(String line, int words) {
    int colon = line.lastIndexOf(':');
    if (colon < 1) {
      return false;
    }
    for (String index : line.substring(colon + 1).strip().split(" +")) {
      long i = decimal(index);
      if (i < 0 || i >= words) {
        return false;
      }
    }
    return true;
  }

  /** Writes down all keywords that a message has from now on. */
  static void write(Disk disk, Path folder, String base, Iterable<String> keywords)
      throws IOException {
    StringBuilder text = new StringBuilder();
    for (String keyword : keywords) {
      text.append(keyword).append('\n');
    }
    byte[] octets = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    makeDirectory(disk, folder);
    disk.replace(scratch(folder), FileNames.in(folder.resolve(DIRECTORY), base), octets, false);
  }

  /** Takes back what {@link #write} wrote for a message that did not come to be. */
  static void drop(Disk disk, Path folder, String base) {
    disk.tidy(FileNames.in(folder.resolve(DIRECTORY), base));
  }

  static void makeDirectory(Disk disk, Path folder) throws IOException {
    Path directory = folder.resolve(DIRECTORY);
    if (disk.stat(directory) == null) {
      disk.makeDirectory(directory);
    } else {
      disk.requireDirectory(directory);
    }
  }

  private static Path scratch(Path folder) {
    return folder.resolve("tmp").resolve(UniqueNames.scratch("keywords"));
  }

  /**
   * Reads the keywords of a folder and merges what is new.
   *
   * @param exists true for the base names of messages there are
   * @param merge false: only reads, changes nothing
   * @return keywords by base name; messages without any are missing
   */
  static Map<String, Flags> read(Disk disk, Path folder, Predicate<String> exists, boolean merge)
      throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        BasicFileAttributes there = disk.stat(folder.resolve(DIRECTORY));
        if (there == null && merge) {
          disk.makeDirectory(folder.resolve(DIRECTORY));
        }
        return there == null || !there.isDirectory()
            ? Map.of()
            : new Reading(disk, folder, exists, merge).run();
      } catch (NoSuchFileException e) {
        if (attempt == TRIES) {
          throw e;
        }
        // another reader merged meanwhile; its :list has what was lost from sight
      }
    }
  }

  /** One pass over the directory. */
  private static final class Reading {
    private final Disk disk;
    private final Path folder;
    private final Path directory;
    private final Predicate<String> exists;
    private final boolean merge;
    private final long nowMillis = System.currentTimeMillis();
    private final long period = nowMillis / 1000 / PERIOD_SECONDS;
    private final KeywordSets sets = new KeywordSets();
    private final Map<String, Flags> keywords;
    private final Map<String, List<Update>> updates = new HashMap<>();
    private boolean listIsOld;

    /**
     * A file about one message; {@code period} is the largest number for one that was not merged.
     */
    private record Update(String file, long period) {}

    Reading(Disk disk, Path folder, Predicate<String> exists, boolean merge) throws IOException {
      this.disk = disk;
      this.folder = folder;
      this.directory = folder.resolve(DIRECTORY);
      this.exists = exists;
      this.merge = merge;
      Path list = directory.resolve(LIST);
      try (OctetLines lines = OctetLines.of(disk, list, LONGEST_LINE, MOST_LIST_OCTETS)) {
        keywords = lines == null ? new HashMap<>() : parseList(lines, sets, exists);
      }
      listIsOld = sets.hasStrangers();
    }

    Map<String, Flags> run() throws IOException {
      for (String name : disk.names(directory)) {
        sort(name);
      }
      List<String> fresh = new ArrayList<>();
      for (Map.Entry<String, List<Update>> entry : updates.entrySet()) {
        Update newest = newest(entry.getValue());
        apply(entry.getKey(), newest);
        if (newest.period() == Long.MAX_VALUE && entry.getKey().length() <= LONGEST_MERGED) {
          fresh.add(entry.getKey());
        }
      }
      if (sets.isFull()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "There are more keywords than clients can make in {0}; those beyond the bounds are not"
                + " shown",
            directory);
      } else if (merge) {
        merge(fresh);
      }
      return keywords;
    }

    /** They have been read, whether or not they can be merged. */
    private void merge(List<String> fresh) throws IOException {
      try {
        mergeIntoList(fresh);
      } catch (NoSuchFileException e) {
        throw e; // to be read again
      } catch (FileSystemException e) {
        LOG.log(System.Logger.Level.WARNING, "Keywords can't be merged in " + directory, e);
      }
    }

    private void sort(String name) throws IOException {
      if (name.equals(LIST)) {
        return;
      }
      if (name.startsWith(".tmp.")) {
        tidyOlderThan(name, SLOW_SCRATCH_MILLIS);
        return;
      }
      String base = name;
      long at = Long.MAX_VALUE;
      if (name.startsWith(".")) {
        int dot = name.indexOf('.', 1);
        at = dot < 2 ? -1 : decimal(name.substring(1, dot));
        if (at < 0) {
          return;
        }
        base = name.substring(dot + 1);
      }
      if (exists.test(base)) {
        updates.computeIfAbsent(base, b -> new ArrayList<>(2)).add(new Update(name, at));
      } else {
        tidyOlderThan(name, ORPHAN_MILLIS);
      }
    }

    private static Update newest(List<Update> files) {
      Update newest = files.get(0);
      for (Update file : files) {
        newest = file.period() > newest.period() ? file : newest;
      }
      return newest;
    }

    private void apply(String base, Update newest) throws IOException {
      Path file = FileNames.in(directory, newest.file());
      try (OctetLines lines = OctetLines.of(disk, file, LONGEST_LINE, MOST_FILE_OCTETS)) {
        if (lines == null) {
          if (disk.stat(file) == null) {
            throw new NoSuchFileException(newest.file());
          }
          return; // something that says nothing has the name
        }
        Flags set = sets.read(lines);
        Flags before = set.isEmpty() ? keywords.remove(base) : keywords.put(base, set);
        listIsOld |= !set.equals(before == null ? Flags.NONE : before);
      }
    }

    private void mergeIntoList(List<String> fresh) throws IOException {
      if (listIsOld || !fresh.isEmpty()) {
        Path list = directory.resolve(LIST);
        if (keywords.isEmpty()) {
          disk.tidy(list);
        } else {
          disk.replace(scratch(folder), list, formatList(keywords), false);
        }
      }
      for (String base : fresh) {
        disk.rename(
            FileNames.in(directory, base),
            FileNames.in(directory, "." + (period + 1) + "." + base));
      }
      for (List<Update> files : updates.values()) {
        tidySettled(files);
      }
    }

    /**
     * Of merged files that a reader can't be waiting for, none is needed but the newest; and that
     * neither if alone.
     */
    private void tidySettled(List<Update> files) {
      Update newest = newest(files);
      for (Update file : files) {
        if (file.period() < period && (!file.equals(newest) || files.size() == 1)) {
          disk.tidy(FileNames.in(directory, file.file()));
        }
      }
    }

    private void tidyOlderThan(String name, long millis) throws IOException {
      if (!merge) {
        return;
      }
      Path file = FileNames.in(directory, name);
      BasicFileAttributes attributes = disk.stat(file);
      if (attributes != null && nowMillis - attributes.lastModifiedTime().toMillis() > millis) {
        disk.tidy(file);
      }
    }
  }

  /** What different sets of keywords there are, within the bounds. */
  private static final class KeywordSets {
    private final List<String> words = new ArrayList<>();
    private final Map<String, Flags> byIndexes = new HashMap<>();
    private final Map<Flags, Flags> all = new HashMap<>();
    private int octets;
    private boolean full;
    private boolean strangers;

    /** True where something was left out. */
    boolean isFull() {
      return full;
    }

    /** True where the list has lines about messages that are not there. */
    boolean hasStrangers() {
      return strangers;
    }

    /** The next keyword of the list. */
    void word(OctetLines line) {
      boolean room = words.size() < MOST_WORDS && !line.isTooLong();
      full |= !room;
      if (room) {
        words.add(line.length() > LONGEST ? "" : line.text(0));
      }
    }

    /** The set that indexes into the list spell. */
    Flags of(String indexes) {
      Flags known = byIndexes.get(indexes);
      if (known != null) {
        return known;
      }
      List<String> set = new ArrayList<>();
      for (String index : indexes.strip().split(" +")) {
        long i = decimal(index);
        if (i >= 0 && i < words.size() && isKeyword(words.get((int) i))) {
          set.add(words.get((int) i));
        }
      }
      Flags flags = kept(set);
      octets += indexes.length();
      byIndexes.put(indexes, flags);
      return flags;
    }

    /** The set of a message's own file. */
    Flags read(OctetLines lines) throws IOException {
      List<String> set = new ArrayList<>();
      while (lines.next()) {
        String word = lines.isTooLong() || lines.length() > LONGEST ? "" : lines.text(0);
        if (isKeyword(word) && set.size() <= MOST_OF_MESSAGE) {
          set.add(word);
        }
      }
      return kept(set);
    }

    private Flags kept(List<String> set) {
      full |= set.size() > MOST_OF_MESSAGE;
      if (octets > MOST_SET_OCTETS || set.size() > MOST_OF_MESSAGE) {
        full = true;
        return Flags.NONE;
      }
      Flags flags = Flags.ofKeywords(set);
      Flags known = all.putIfAbsent(flags, flags);
      if (known == null) {
        for (String word : set) {
          octets += word.length();
        }
      }
      return known == null ? flags : known;
    }
  }

  /** The keywords that the octets of a message's own file spell. */
  static Flags parseSet(byte[] octets) {
    try {
      return new KeywordSets().read(new OctetLines(octets, LONGEST_LINE));
    } catch (IOException e) {
      throw new IllegalStateException(e); // nothing is read but memory
    }
  }

  /**
   * Keywords by base name, from the octets of a {@code :list}; what can't be understood is passed
   * over.
   */
  static Map<String, Flags> parseList(byte[] octets) {
    try {
      return parseList(new OctetLines(octets, LONGEST_LINE), new KeywordSets(), base -> true);
    } catch (IOException e) {
      throw new IllegalStateException(e); // nothing is read but memory
    }
  }

  private static Map<String, Flags> parseList(
      OctetLines lines, KeywordSets sets, Predicate<String> exists) throws IOException {
    Map<String, Flags> keywords = new HashMap<>();
    boolean messages = false;
    while (lines.next()) {
      if (!messages) {
        messages = lines.length() == 0 && !lines.isTooLong();
        sets.word(lines);
        continue;
      }
      sets.full |= lines.isTooLong();
      String line = lines.isTooLong() ? "" : lines.text(0);
      int colon = line.lastIndexOf(':');
      if (colon > 0) {
        String base = line.substring(0, colon);
        if (!exists.test(base)) {
          sets.strangers = true;
          continue;
        }
        Flags set = sets.of(line.substring(colon + 1));
        if (!set.isEmpty()) {
          keywords.put(base, set);
        }
      }
    }
    return keywords;
  }

  /**
   * The octets of a {@code :list}: keywords and messages in the order of their octets, so that
   * equal sets are equal files.
   */
  static byte[] formatList(Map<String, Flags> keywords) {
    Map<String, Integer> indexes = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Flags set : keywords.values()) {
      for (String word : set.keywords()) {
        indexes.putIfAbsent(word, 0);
      }
    }
    StringBuilder text = new StringBuilder();
    int next = 0;
    for (Map.Entry<String, Integer> word : indexes.entrySet()) {
      text.append(word.getKey()).append('\n');
      word.setValue(next++);
    }
    text.append('\n');
    String[] bases = keywords.keySet().toArray(String[]::new);
    Arrays.sort(bases);
    Map<Flags, String> lines = new LinkedHashMap<>();
    for (String base : bases) {
      text.append(base)
          .append(':')
          .append(lines.computeIfAbsent(keywords.get(base), set -> line(indexes, set)));
      text.append('\n');
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String line(Map<String, Integer> indexes, Flags set) {
    StringBuilder line = new StringBuilder();
    for (String word : set.keywords()) {
      line.append(line.isEmpty() ? "" : " ").append(indexes.get(word));
    }
    return line.toString();
  }

  private static long decimal(String text) {
    if (text.isEmpty() || text.length() > 15) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + (c - '0');
    }
    return number;
  }
}
