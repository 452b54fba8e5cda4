package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.postrider.protocol.UidSet;

/**
 * The file {@code courierimapuiddb} of a folder, which gives each message its UID. Format version
 * 1, all numbers decimal:
 *
 * <pre>
 * 1 UIDVALIDITY NEXTUID LF
 * UID BASENAME LF             one line a message, UIDs ascending; BASENAME is all after the first space:
 * ...                         the file's name in cur up to its last colon
 * </pre>
 *
 * Courier (any version), its tools and this server read and write it, under the folder's {@link
 * CourierLock}.
 *
 * <p><b>Write order:</b> scratch file {@code tmp/..._imapuid_N}, its octets, fsync, rename over the
 * list, fsync of the folder; only then is any UID in it told. A crash before the rename leaves a
 * scratch file, cleared away after 36 hours, and the old list; UIDs of the new one were told to
 * nobody.
 *
 * <p><b>Repair.</b> A missing file, a directory or link in its place, a first line that is not the
 * version 1 and two numbers in range: no list; all messages are numbered anew under a UIDVALIDITY
 * that was never used. Beyond the first line the UIDVALIDITY holds: lines without a space, without
 * a UID in range, or without a line end (a torn write) are passed over; of two lines with the same
 * UID or the same name the first counts; NEXTUID is raised above every UID that is listed. A
 * message that is not listed is a new one.
 *
 * @param uidValidity 1 to 4294967295
 * @param uidNext above all UIDs; 1 to 4294967296, the last meaning that no UID is left
 * @param uids ascending, each once
 * @param bases octets, each once, as many as UIDs
 */
record UidList(long uidValidity, long uidNext, long[] uids, String[] bases) {

  static final String FILE = "courierimapuiddb";

  /** Largest file read; it is read in pieces. */
  static final long MOST_OCTETS = 1L << 30;

  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_LINE = 10_000;
  private static final int LONGEST_FIRST_LINE = 100;

  /**
   * Reads a list.
   *
   * @return null where there is none that can be used
   */
  static UidList read(Disk disk, Path folder) throws IOException {
    try (OctetLines lines = OctetLines.of(disk, folder.resolve(FILE), LONGEST_LINE, MOST_OCTETS)) {
      return lines == null ? null : parse(lines);
    }
  }

  /**
   * The list that these octets spell.
   *
   * @return null where their first line is none
   */
  static UidList parse(byte[] octets) {
    try {
      return parse(new OctetLines(octets, LONGEST_LINE));
    } catch (IOException e) {
      throw new IllegalStateException(e); // nothing is read but memory
    }
  }

  private static UidList parse(OctetLines lines) throws IOException {
    boolean there = lines.next() && lines.isWhole() && lines.length() <= LONGEST_FIRST_LINE;
    if (!there || lines.isTooLong()) {
      return null;
    }
    // As C's scanf: any blanks between the numbers, anything behind them.
    String[] head = lines.text(0).strip().split("[ \t\f\r\u000b]+", 4);
    if (head.length < 3 || !head[0].equals("1")) {
      return null;
    }
    long validity = number(head[1]);
    long next = number(head[2]);
    if (validity < 1 || validity > UidSet.MAX_UID || next < 1 || next > UidSet.MAX_UID + 1) {
      return null;
    }
    Records records = new Records();
    while (lines.next()) {
      if (lines.isWhole() && !lines.isTooLong()) {
        records.add(lines);
      }
    }
    return records.list(validity, next);
  }

  /** Collects the record lines; checks for doubles only where they are possible. */
  private static final class Records {
    private long[] uids = new long[64];
    private String[] bases = new String[64];
    private int count;
    private long highest;
    private boolean ascending = true;

    void add(OctetLines line) {
      long uid = 0;
      int i = 0;
      int end = line.length();
      while (i < end && line.at(i) >= '0' && line.at(i) <= '9' && uid <= UidSet.MAX_UID) {
        uid = uid * 10 + (line.at(i) - '0');
        i++;
      }
      int length = end - i - 1;
      if (i == 0
          || uid < 1
          || uid > UidSet.MAX_UID
          || length < 1
          || length > LONGEST_NAME
          || line.at(i) != ' ') {
        return;
      }
      highest = Math.max(highest, uid);
      if (count == Disk.MOST_NAMES) {
        return; // so many messages no folder has
      }
      if (count == uids.length) {
        uids = Arrays.copyOf(uids, count * 2);
        bases = Arrays.copyOf(bases, count * 2);
      }
      ascending &= count == 0 || uid > uids[count - 1];
      uids[count] = uid;
      bases[count++] = line.text(i + 1);
    }

    UidList list(long validity, long next) {
      Integer[] order = null;
      if (!ascending) {
        order = new Integer[count];
        Arrays.setAll(order, n -> n);
        long[] keys = uids;
        Arrays.sort(order, (a, b) -> Long.compare(keys[a], keys[b]));
      }
      Set<String> seen = HashSet.newHashSet(count);
      long[] keptUids = new long[count];
      String[] keptBases = new String[count];
      int kept = 0;
      for (int n = 0; n < count; n++) {
        int i = order == null ? n : order[n];
        boolean doubled = kept > 0 && keptUids[kept - 1] == uids[i];
        if (!doubled && seen.add(bases[i])) {
          keptUids[kept] = uids[i];
          keptBases[kept++] = bases[i];
        }
      }
      return new UidList(
          validity,
          Math.max(next, highest + 1),
          Arrays.copyOf(keptUids, kept),
          Arrays.copyOf(keptBases, kept));
    }
  }

  /** The octets of this list. */
  byte[] format() {
    StringBuilder text = new StringBuilder(32 + 80 * uids.length);
    text.append("1 ").append(uidValidity).append(' ').append(uidNext).append('\n');
    for (int i = 0; i < uids.length; i++) {
      text.append(uids[i]).append(' ').append(bases[i]).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The octets of a list. */
  static byte[] format(long uidValidity, long uidNext, MessageTable messages) {
    byte[] head = ("1 " + uidValidity + " " + uidNext + "\n").getBytes(StandardCharsets.ISO_8859_1);
    int length = head.length;
    for (int i = 0; i < messages.size(); i++) {
      length += digits(messages.uid(i)) + messages.base(i).length() + 2;
    }
    byte[] octets = Arrays.copyOf(head, length);
    int at = head.length;
    for (int i = 0; i < messages.size(); i++) {
      at = put(octets, at, messages.uid(i));
      octets[at++] = ' ';
      String base = messages.base(i);
      copy(base, octets, at);
      at += base.length();
      octets[at++] = '\n';
    }
    return octets;
  }

  /**
   * Writes a list, durably.
   *
   * @return the file's attributes, by which a later look tells whether it is still this one
   */
  static BasicFileAttributes write(Disk disk, Path folder, byte[] octets) throws IOException {
    Path file = folder.resolve(FILE);
    BasicFileAttributes there = disk.stat(file);
    if (there != null && there.isDirectory()) {
      // A rename can't replace a directory: out of the way with it, and kept.
      disk.rename(file, folder.resolve("tmp").resolve(UniqueNames.scratch("damaged")));
    }
    disk.replace(
        folder.resolve("tmp").resolve(UniqueNames.scratch("imapuid_")), file, octets, true);
    return disk.stat(file);
  }

  @SuppressWarnings(
      "deprecation") // one octet a character, which is what the deprecated copy does, and the fast
  // way
  private static void copy(String base, byte[] octets, int at) {
    base.getBytes(0, base.length(), octets, at);
  }

  private static int put(byte[] octets, int at, long number) {
    int end = at + digits(number);
    for (int i = end - 1; i >= at; i--) {
      octets[i] = (byte) ('0' + number % 10);
      number /= 10;
    }
    return end;
  }

  private static int digits(long number) {
    int digits = 1;
    for (long rest = number / 10; rest > 0; rest /= 10) {
      digits++;
    }
    return digits;
  }

  private static long number(String text) {
    if (text.isEmpty() || text.length() > 12) {
      return -1;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(text);
  }
}
