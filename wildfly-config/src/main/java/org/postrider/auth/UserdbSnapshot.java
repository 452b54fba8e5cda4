package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One state of a userdb, read once and never changed, so any thread may use it. The text lies in
 * one array, and a table of offsets finds a name in it: an account costs its line and about 10
 * octets.
 */
final class UserdbSnapshot implements UserdbSource {

  private static final Logger LOG = System.getLogger(UserdbSnapshot.class.getName());

  private static final int DEPTH_MAX = 16;
  private static final int FILES_MAX = 100_000;

  /** A userdb of which every line is broken does not fill the log. */
  private static final int COMPLAINTS_MAX = 20;

  /** How many records are looked at to find a typical password hash. */
  private static final int SAMPLES_MAX = 100;

  private final Map<Path, FileStamp> stamps;
  private final boolean settled;
  private final byte[] text;
  private final int length;
  private final int[] table;
  private final int size;
  private final String typicalHash;

  private UserdbSnapshot(Reading reading) {
    stamps = reading.stamps;
    settled = reading.settled;
    length = reading.used;
    text =
        reading.text.length - length > length / 8
            ? Arrays.copyOf(reading.text, length)
            : reading.text;
    table = reading.table;
    size = reading.size;
    typicalHash = sample();
  }

  /**
   * Reads a userdb.
   *
   * @param root the file or directory; one that is not there is an empty userdb
   * @param textMaxOctets the most that is kept in memory
   * @throws TemporaryFailureException if it cannot be read or others may read it
   */
  static UserdbSnapshot read(Path root, long textMaxOctets) throws TemporaryFailureException {
    Reading reading = new Reading(root, textMaxOctets);
    try {
      reading.readRoot();
    } catch (AccessDeniedException denied) {
      throw new TemporaryFailureException(
          denied.getFile()
              + " cannot be read by the user that this server runs as: make that user its owner.",
          denied);
    } catch (IOException failed) {
      throw new TemporaryFailureException(root + " cannot be read: " + failed.getMessage(), failed);
    }
    return new UserdbSnapshot(reading);
  }

  /** Whether the files are those that were read; asks the file system once for each of them. */
  boolean isCurrent(Path root) {
    try {
      for (Map.Entry<Path, FileStamp> file : stamps.entrySet()) {
        if (!file.getValue().equals(stamp(file.getKey(), root))) {
          return false;
        }
      }
      return true;
    } catch (IOException failed) {
      return false; // reading them again says why
    }
  }

  /**
   * Whether a change must show in {@link #isCurrent}: not if a file was written just before it was
   * read.
   */
  boolean isSettled() {
    return settled;
  }

  int files() {
    return stamps.size();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public String typicalHash() {
    return typicalHash;
  }

  @Override
  public Optional<UserdbRecord> find(String name) {
    byte[] wanted = name.getBytes(UTF_8);
    if (wanted.length == 0 || wanted.length > NAME_MAX_OCTETS) {
      return Optional.empty();
    }
    int mask = table.length - 1;
    int slot = hash(wanted, 0, wanted.length) & mask;
    while (table[slot] != 0) {
      int start = table[slot] - 1;
      if (isNamed(start, wanted)) {
        return Optional.of(record(start));
      }
      slot = (slot + 1) & mask;
    }
    return Optional.empty();
  }

  @Override
  public void forEach(Consumer<UserdbRecord> action) {
    for (int start = 0; start < length; start = end(text, start) + 1) {
      action.accept(record(start));
    }
  }

  private String sample() {
    int samples = 0;
    for (int start = 0; start < length && samples < SAMPLES_MAX; start = end(text, start) + 1) {
      samples++;
      for (Map.Entry<String, String> field : record(start).fields().entrySet()) {
        if (field.getKey().endsWith("pw") && PasswordHash.defect(field.getValue()).isEmpty()) {
          return field.getValue();
        }
      }
    }
    return PasswordHash.NOBODY;
  }

  private UserdbRecord record(int start) {
    int tab = start;
    while (text[tab] != '\t') {
      tab++;
    }
    return UserdbRecord.parse(
        new String(text, start, tab - start, UTF_8),
        new String(text, tab + 1, end(text, tab) - tab - 1, UTF_8));
  }

  private static int end(byte[] text, int start) {
    int end = start;
    while (text[end] != '\n') {
      end++;
    }
    return end;
  }

  private boolean isNamed(int start, byte[] name) {
    int end = start + name.length;
    return end < length
        && text[end] == '\t'
        && Arrays.equals(text, start, end, name, 0, name.length);
  }

  private static int hash(byte[] octets, int from, int to) {
    int hash = 0x811C9DC5;
    for (int i = from; i < to; i++) {
      hash = (hash ^ (octets[i] & 0xFF)) * 0x01000193;
    }
    hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
    return hash ^ (hash >>> 13);
  }

  private static FileStamp stamp(Path file, Path root) throws IOException {
    return file.equals(root) ? FileStamp.of(file, LinkOption.NOFOLLOW_LINKS) : FileStamp.of(file);
  }

  /**
   * The one pass over the files. Lines are read straight into the array that is kept, and taken
   * back if they are none.
   */
  private static final class Reading {

    private final Path root;
    private final long textMaxOctets;
    private final Map<Path, FileStamp> stamps = new LinkedHashMap<>();
    private final ByteBuffer chunk = ByteBuffer.allocate(64 * 1024);
    private boolean settled = true;
    private byte[] text = new byte[0];
    private int used;
    private int[] table = new int[16];
    private int size;
    private int complaints;

    Reading(Path root, long textMaxOctets) {
      this.root = root;
      this.textMaxOctets = textMaxOctets;
    }

    void readRoot() throws IOException, TemporaryFailureException {
      FileStamp stamp = note(root);
      if (stamp.isAbsent()) {
        LOG.log(Level.WARNING, "{0}: not found. It is taken for an empty userdb.", root);
        return;
      }
      if (stamp.isSymbolicLink()) {
        throw new TemporaryFailureException(
            root + " is a symbolic link, which is refused: put the file itself there.");
      }
      if (stamp.isOpenToOthers()) {
        throw new TemporaryFailureException(
            root
                + ": MAY NOT HAVE GROUP OR WORLD PERMISSIONS!! Run: chmod "
                + (stamp.isDirectory() ? "700 " : "600 ")
                + root);
      }
      if (stamp.isDirectory()) {
        readDirectory(root, 1);
      } else if (stamp.isRegularFile()) {
        readFile(root, stamp, LinkOption.NOFOLLOW_LINKS);
      } else {
        throw new TemporaryFailureException(root + " is neither a file nor a directory.");
      }
      if (complaints > COMPLAINTS_MAX) {
        LOG.log(Level.WARNING, "{0}: {1} lines or files were skipped in all.", root, complaints);
      }
    }

    private FileStamp note(Path file) throws IOException {
      FileStamp stamp = stamp(file, root);
      stamps.put(file, stamp);
      settled &= stamp.isAbsent() || stamp.settled();
      return stamp;
    }

    /**
     * In the order of names, so that of two records of one name it is always the same that counts.
     */
    private void readDirectory(Path directory, int depth)
        throws IOException, TemporaryFailureException {
      if (depth > DEPTH_MAX) {
        throw new TemporaryFailureException(
            directory
                + " is more than "
                + DEPTH_MAX
                + " directories deep, or a symbolic link leads in a circle: make it flatter.");
      }
      List<Path> entries = new ArrayList<>();
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
        for (Path entry : stream) {
          if (entries.size() + stamps.size() > FILES_MAX) {
            throw new TemporaryFailureException(root + " has more than " + FILES_MAX + " files.");
          }
          entries.add(entry);
        }
      } catch (DirectoryIteratorException failed) {
        throw failed.getCause();
      }
      entries.sort(null);
      for (Path entry : entries) {
        if (isWanted(entry)) {
          FileStamp stamp = note(entry);
          if (stamp.isDirectory()) {
            readDirectory(entry, depth + 1);
          } else if (stamp.isRegularFile()) {
            readFile(entry, stamp);
          } else {
            complain(entry + " is neither a file nor a directory; it is skipped.");
          }
        }
      }
    }

    /**
     * Leaves out what makeuserdb leaves out, and what a package manager left behind, on which
     * makeuserdb stops.
     */
    private boolean isWanted(Path entry) {
      String name = entry.getFileName().toString();
      if (name.startsWith(".") || name.contains("~")) {
        return false;
      }
      if (name.endsWith(".rpmsave")
          || name.endsWith(".rpmnew")
          || name.contains(".dpkg-")
          || name.endsWith(".dist")) {
        complain(entry + " was left by a package manager; it is skipped. Remove it.");
        return false;
      }
      return true;
    }

    private void readFile(Path file, FileStamp stamp, OpenOption... links)
        throws IOException, TemporaryFailureException {
      OpenOption[] options = Arrays.copyOf(links, links.length + 1);
      options[links.length] = StandardOpenOption.READ;
      reserve(stamp.size() + 1);
      try (SeekableByteChannel channel = Files.newByteChannel(file, Set.of(options))) {
        int line = 1;
        int start = used;
        boolean tooLong = false;
        while (channel.read(chunk.clear()) >= 0) {
          chunk.flip();
          while (chunk.hasRemaining()) {
            byte octet = chunk.get();
            if (octet == '\n') {
              endLine(file, line, start, tooLong);
              line++;
              start = used;
              tooLong = false;
            } else if (used - start < Userdb.LINE_MAX_OCTETS) {
              append(octet);
            } else {
              tooLong = true;
            }
          }
        }
        if (used > start) {
          endLine(file, line, start, tooLong);
        }
      }
    }

    private void endLine(Path file, int line, int start, boolean tooLong)
        throws TemporaryFailureException {
      String defect =
          tooLong
              ? "longer than " + Userdb.LINE_MAX_OCTETS + " octets"
              : used == start || text[start] == '#' ? "" : defect(start);
      if (defect != null) {
        used = start;
        if (!defect.isEmpty()) {
          complain(file + " line " + line + ": " + defect + "; the line is skipped.");
        }
        return;
      }
      append((byte) '\n');
      size++;
    }

    /**
     * What is wrong with a line; nothing to say of a reverse map; null if it is a record, which the
     * table then has.
     */
    private String defect(int start) {
      int tab = start;
      while (tab < used && text[tab] != '\t' && text[tab] != 0) {
        tab++;
      }
      if (tab == used) {
        return "no TAB between the name and its fields";
      }
      for (int i = tab; i < used; i++) {
        if (text[i] == 0) {
          return "a NUL octet";
        }
      }
      if (tab == start || tab - start > NAME_MAX_OCTETS) {
        return "a name must have 1 to " + NAME_MAX_OCTETS + " octets";
      }
      if (isReverseMap(start, tab)) {
        return "";
      }
      return enter(start, tab) ? null : "a record of the same name comes earlier";
    }

    /** {@code 5001=} TAB name: serves programs that ask whose a uid is, never a sign-in. */
    private boolean isReverseMap(int start, int tab) {
      for (int i = start; i < tab - 1; i++) {
        if (text[i] < '0' || text[i] > '9') {
          return false;
        }
      }
      return tab - start > 1 && text[tab - 1] == '=';
    }

    private boolean enter(int start, int tab) {
      if (size >= table.length / 2) {
        widen();
      }
      int mask = table.length - 1;
      int slot = hash(text, start, tab) & mask;
      while (table[slot] != 0) {
        int other = table[slot] - 1;
        if (Arrays.equals(text, other, other + tab - start + 1, text, start, tab + 1)) {
          return false;
        }
        slot = (slot + 1) & mask;
      }
      table[slot] = start + 1;
      return true;
    }

    private void widen() {
      int[] old = table;
      table = new int[old.length * 2];
      int mask = table.length - 1;
      for (int entry : old) {
        if (entry != 0) {
          int tab = entry - 1;
          while (text[tab] != '\t') {
            tab++;
          }
          int slot = hash(text, entry - 1, tab) & mask;
          while (table[slot] != 0) {
            slot = (slot + 1) & mask;
          }
          table[slot] = entry;
        }
      }
    }

    private void append(byte octet) throws TemporaryFailureException {
      if (used == text.length) {
        reserve(1);
      }
      text[used++] = octet;
    }

    /**
     * Makes room, by half of what is there at least, so that a tree of many files is not copied for
     * each of them.
     */
    private void reserve(long octets) throws TemporaryFailureException {
      long needed = used + octets;
      if (needed > textMaxOctets) {
        throw new TemporaryFailureException(
            root
                + " is larger than "
                + textMaxOctets
                + " octets, the most that this server may keep of it in memory: give the server"
                + " more memory (-Xmx).");
      }
      if (needed > text.length) {
        text =
            Arrays.copyOf(
                text, (int) Math.min(textMaxOctets, Math.max(needed, text.length * 3L / 2)));
      }
    }

    private void complain(String what) {
      complaints++;
      if (complaints <= COMPLAINTS_MAX) {
        LOG.log(Level.WARNING, () -> what);
      }
    }
  }
}
