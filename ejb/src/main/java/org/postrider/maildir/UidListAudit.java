package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.postrider.protocol.UidSet;

/**
 * What is wrong with a {@code courierimapuiddb}, line by line; what is made of it in spite of that,
 * {@link UidList} tells.
 *
 * @param problems a few words each; empty where the file is as it has to be
 */
record UidListAudit(List<String> problems) {

  private static final int LONGEST_LINE = 10_000;
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_NUMBER = 12;

  UidListAudit {
    problems = List.copyOf(problems);
  }

  /** Null where there is none, or one that is too large. */
  static UidListAudit of(Disk disk, Path file) throws IOException {
    try (OctetLines lines = OctetLines.of(disk, file, LONGEST_LINE, UidList.MOST_OCTETS)) {
      return lines == null ? null : new Reading(lines).audit();
    }
  }

  /** Reads forward, once. */
  private static final class Reading {
    private final OctetLines lines;
    private final Set<String> names = new HashSet<>();
    private long[] uids = new long[64];
    private int count;
    private int strange;
    private int doubledNames;
    private boolean ascending = true;
    private boolean torn;

    Reading(OctetLines lines) {
      this.lines = lines;
    }

    UidListAudit audit() throws IOException {
      UidList head = head();
      while (lines.next()) {
        if (lines.isWhole()) {
          line(lines.isTooLong() ? "" : lines.text(0));
        } else {
          torn = true;
        }
      }
      List<String> problems = new ArrayList<>();
      if (head == null) {
        problems.add("a first line that is not the version 1, a UIDVALIDITY and the next UID");
      }
      add(problems, strange, "lines that are no UID and name");
      add(problems, doubledUids(), "UIDs that two messages have");
      add(problems, doubledNames, "names that have two UIDs");
      if (!ascending) {
        problems.add("UIDs that do not ascend");
      }
      if (torn) {
        problems.add("a last line that was cut off");
      }
      if (head != null && head.uidNext() <= Arrays.stream(uids).max().orElse(0)) {
        problems.add("a next UID that is not above all that are given");
      }
      return new UidListAudit(problems);
    }

    /** The list as if nothing followed. */
    private UidList head() throws IOException {
      if (!lines.next() || lines.isTooLong()) {
        return null;
      }
      String line = lines.text(0) + (lines.isWhole() ? "\n" : "");
      return UidList.parse(line.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void add(List<String> problems, int count, String what) {
      if (count > 0) {
        problems.add(what + " (" + count + ")");
      }
    }

    private void line(String line) {
      int space = line.indexOf(' ');
      long uid = space < 1 ? 0 : number(line.substring(0, space));
      String name = line.substring(space + 1);
      if (uid < 1 || uid > UidSet.MAX_UID || name.isEmpty() || name.length() > LONGEST_NAME) {
        strange++;
        return;
      }
      if (count == uids.length) {
        uids = Arrays.copyOf(uids, count * 2);
      }
      ascending &= count == 0 || uid >= uids[count - 1];
      uids[count++] = uid;
      doubledNames += names.add(name) ? 0 : 1;
    }

    private int doubledUids() {
      long[] sorted = Arrays.copyOf(uids, count);
      Arrays.sort(sorted);
      int doubled = 0;
      for (int i = 1; i < count; i++) {
        doubled += sorted[i] == sorted[i - 1] ? 1 : 0;
      }
      return doubled;
    }

    private static long number(String text) {
      boolean digits =
          text.length() <= LONGEST_NUMBER && text.chars().allMatch(it -> it >= '0' && it <= '9');
      return digits && !text.isEmpty() ? Long.parseLong(text) : -1;
    }
  }
}
