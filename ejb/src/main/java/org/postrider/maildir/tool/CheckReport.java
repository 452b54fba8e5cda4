package org.postrider.maildir.tool;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.postrider.maildir.Finding;
import org.postrider.maildir.Finding.Kind;
import org.postrider.maildir.Finding.Outcome;

/**
 * Prints what was found, as it is found: a line each, for people or as JSON. On a terminal it shows
 * meanwhile where the work is. Used by one thread.
 */
final class CheckReport {

  private static final long SHOWN_EVERY_NANOS = 250_000_000L;
  private static final int SHOWN_COLUMNS = 78;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean json;
  private final boolean notes;
  private final boolean shows;
  private final Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
  private long maildirs;
  private long folders;
  private boolean unreadable;
  private long shownAt = System.nanoTime();
  private boolean shown;

  CheckReport(PrintStream out, PrintStream err, boolean json, boolean notes, boolean shows) {
    this.out = out;
    this.err = err;
    this.json = json;
    this.notes = notes;
    this.shows = shows;
  }

  /** The next Maildir. */
  void begin() {
    maildirs++;
  }

  /** A folder is about to be inspected. */
  void at(Path folder) {
    folders++;
    long now = System.nanoTime();
    if (shows && now - shownAt >= SHOWN_EVERY_NANOS) {
      shownAt = now;
      shown = true;
      String text = "Maildir %d, folder %d: %s".formatted(maildirs, folders, printable(folder));
      err.printf("\r%-78s", text.substring(0, Math.min(text.length(), SHOWN_COLUMNS)));
      err.flush();
    }
  }

  private void clear() {
    if (shown) {
      err.print("\r" + " ".repeat(SHOWN_COLUMNS) + "\r");
      err.flush();
      shown = false;
    }
  }

  void found(Finding finding) {
    counts.merge(finding.outcome(), 1L, Long::sum);
    unreadable |= finding.kind() == Kind.UNREADABLE;
    if (finding.outcome() == Outcome.NOTE && !notes) {
      return;
    }
    clear();
    if (json) {
      out.println(
          "{\"path\":%s,\"kind\":\"%s\",\"outcome\":\"%s\",\"detail\":%s}"
              .formatted(
                  quoted(finding.path()),
                  finding.kind(),
                  finding.outcome(),
                  quoted(finding.detail())));
    } else {
      out.println(
          "%s: %s: %s: %s"
              .formatted(
                  printable(finding.path()),
                  finding.outcome(),
                  finding.kind(),
                  printable(finding.detail())));
    }
    out.flush();
  }

  private long count(Outcome outcome) {
    return counts.getOrDefault(outcome, 0L);
  }

  /** Something that is no Maildir could not be looked at at all. */
  void failed() {
    unreadable = true;
  }

  /** The last line. */
  void end() {
    clear();
    if (json) {
      out.println(
          "{\"maildirs\":%d,\"folders\":%d,\"found\":%d,\"repaired\":%d,\"left\":%d,\"notes\":%d}"
              .formatted(
                  maildirs,
                  folders,
                  count(Outcome.FOUND),
                  count(Outcome.REPAIRED),
                  count(Outcome.LEFT),
                  count(Outcome.NOTE)));
      return;
    }
    StringBuilder text = new StringBuilder();
    text.append(maildirs).append(maildirs == 1 ? " Maildir" : " Maildirs");
    text.append(" with ").append(folders).append(folders == 1 ? " folder: " : " folders: ");
    long wrong = count(Outcome.FOUND) + count(Outcome.LEFT) + count(Outcome.REPAIRED);
    if (wrong == 0) {
      text.append("nothing is wrong");
    } else if (count(Outcome.FOUND) > 0) {
      text.append(count(Outcome.FOUND)).append(" found; --repair repairs what can be repaired");
    } else {
      text.append(count(Outcome.REPAIRED)).append(" repaired, ");
      text.append(count(Outcome.LEFT)).append(" left");
    }
    if (!notes && count(Outcome.NOTE) > 0) {
      text.append(" (").append(count(Outcome.NOTE)).append(" to note: -v prints it)");
    }
    out.println(text.append('.'));
  }

  /** As with fsck(8). */
  int exit() {
    int exit = count(Outcome.REPAIRED) > 0 ? 1 : 0;
    exit |= count(Outcome.FOUND) + count(Outcome.LEFT) > 0 ? 4 : 0;
    return exit | (unreadable ? 8 : 0);
  }

  private static String printable(Object text) {
    StringBuilder safe = new StringBuilder();
    for (char c : text.toString().toCharArray()) {
      safe.append(c < ' ' || (c >= 0x7F && c < 0xA0) ? '?' : c);
    }
    return safe.toString();
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || c >= 0x7F) {
        quoted.append("\\u%04x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
