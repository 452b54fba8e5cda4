package org.postrider.maildir;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;

/**
 * One file of the index of virtual shared folders, as Courier's {@code authenumerate -s} writes it:
 * whose mailboxes there are and where. Immutable.
 *
 * <pre>
 * bob.smith TAB 1000 TAB 1000 TAB /home/bob [TAB Maildir]     an account
 * Sales TAB * TAB indexsales                                  a group: another file, beside this one
 * </pre>
 *
 * From {@code #} on a line is comment; empty lines are none. Names are UTF-8. Numbers are what a
 * field begins with, and greater than 0; the Maildir is {@code ./Maildir} below the home where it
 * is not said; further fields mean nothing. A name is one level of mailbox names, see {@link
 * Spelling}; of two that are spelled alike the first counts. Lines that are none of this are
 * counted, and passed over, as everything is that goes on after {@value #MOST_ENTRIES} entries.
 */
public final class SharedIndexFile {

  /** What there is where there is no file. */
  static final SharedIndexFile EMPTY = new SharedIndexFile(Map.of());

  /** Most accounts and groups of one file. */
  static final int MOST_ENTRIES = 500_000;

  private static final String DEFAULT_MAILDIR = "./Maildir";
  private static final long MOST_ID = 0xFFFF_FFFFL;

  /** What has a name here. */
  public sealed interface Entry {

    /** One level of a mailbox name, as clients say it. */
    String level();

    /**
     * Somebody's mailboxes.
     *
     * @param owner of the files, as the index says
     * @param maildir absolute; whether it is there is not known
     */
    record Account(String level, Owner owner, String maildir) implements Entry {

      public Path path() {
        return Path.of(maildir);
      }
    }

    /**
     * More names.
     *
     * @param file absolute; whether it is there is not known
     */
    record Group(String level, String file) implements Entry {

      public Path path() {
        return Path.of(file);
      }
    }
  }

  /** How a name becomes one level of a mailbox name, in which there is no dot and no slash. */
  public enum Spelling {
    /** Both become a space. */
    SPACES,
    /** They become {@code \:} and {@code \;}, and a backslash two: IMAP_SHAREDMUNGENAMES=1. */
    WHOLE;

    String level(String name) {
      return switch (this) {
        case SPACES -> name.replace('.', ' ').replace('/', ' ');
        case WHOLE -> name.replace("\\", "\\\\").replace(".", "\\:").replace("/", "\\;");
      };
    }
  }

  /** Gets the lines that are none, by their numbers, from 1. */
  @FunctionalInterface
  interface Errors {
    void at(int line);
  }

  private final Map<String, Entry> entries;

  private SharedIndexFile(Map<String, Entry> entries) {
    this.entries = entries;
  }

  /**
   * Reads one; never fails.
   *
   * @param file whose octets they are; groups are beside it
   */
  static SharedIndexFile parse(byte[] octets, Path file, Spelling spelling, Errors errors) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    Lines lines = new Lines(file, spelling);
    int line = 0;
    for (int from = 0; from < octets.length && entries.size() < MOST_ENTRIES; ) {
      line++;
      int end = find(octets, from, octets.length, '\n');
      int comment = find(octets, from, end, '#');
      if (comment > from && !(comment == end && end == from + 1 && octets[from] == '\r')) {
        Entry entry = lines.read(octets, from, comment);
        if (entry == null) {
          errors.at(line);
        } else {
          entries.putIfAbsent(entry.level(), entry);
        }
      }
      from = end + 1;
    }
    return entries.isEmpty() ? EMPTY : new SharedIndexFile(entries);
  }

  private static int find(byte[] octets, int from, int end, char wanted) {
    int at = from;
    while (at < end && octets[at] != wanted) {
      at++;
    }
    return at;
  }

  /** Reads lines; keeps one object for an owner that many have. */
  private static final class Lines {
    private final Path file;
    private final Spelling spelling;
    private Owner last;

    Lines(Path file, Spelling spelling) {
      this.file = file;
      this.spelling = spelling;
    }

    /** Null where it is none. */
    Entry read(byte[] octets, int from, int end) {
      String line;
      try {
        line =
            StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(octets, from, end - from))
                .toString();
      } catch (CharacterCodingException e) {
        return null;
      }
      String[] fields =
          (line.endsWith("\r") ? line.substring(0, line.length() - 1) : line).split("\t", 6);
      String level = spelling.level(fields[0]);
      try {
        if (fields.length < 3 || level.isEmpty() || !isLevel(level)) {
          return null;
        }
        return fields[1].equals("*") ? group(level, fields) : account(level, fields);
      } catch (InvalidPathException e) {
        return null;
      }
    }

    private static boolean isLevel(String level) {
      try {
        MailboxName.parse("#shared." + level);
        return true;
      } catch (MailboxNameException e) {
        return false;
      }
    }

    private Entry group(String level, String[] fields) {
      return fields[2].isEmpty()
          ? null
          : new Entry.Group(level, file.resolveSibling(fields[2]).normalize().toString());
    }

    private Entry account(String level, String[] fields) {
      if (fields.length < 4) {
        return null;
      }
      long uid = number(fields[1]);
      long gid = number(fields[2]);
      if (uid == 0 || gid == 0) {
        return null;
      }
      String maildir = fields.length < 5 || fields[4].isEmpty() ? DEFAULT_MAILDIR : fields[4];
      Path path = Path.of(fields[3]).resolve(maildir).normalize();
      if (!path.isAbsolute()) {
        return null;
      }
      if (last == null || last.uid() != uid || last.gid() != gid) {
        last = new Owner(uid, gid);
      }
      return new Entry.Account(level, last, path.toString());
    }

    /** 0 where it is none that counts. */
    private static long number(String field) {
      long number = 0;
      for (int i = 0; i < field.length(); i++) {
        char c = field.charAt(i);
        if (c < '0' || c > '9') {
          return number;
        }
        number = number * 10 + (c - '0');
        if (number > MOST_ID) {
          return 0;
        }
      }
      return number;
    }
  }

  /** What has that name. */
  public Optional<Entry> get(String level) {
    return Optional.ofNullable(entries.get(level));
  }

  /** All, in the order of the file. */
  public Collection<Entry> entries() {
    return Collections.unmodifiableCollection(entries.values());
  }

  int size() {
    return entries.size();
  }
}
