package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;

/**
 * The file {@code courierimapsubscribed} in an account's Maildir: one mailbox name a line, in
 * UTF-8, whole ({@code INBOX.Sent}, {@code #shared.sales.joe.Work}), LF, in the order of
 * subscription. Names need not exist; lines that are no such names stay as they are. A leading
 * {@code inbox} has no case.
 *
 * <p>Written by scratch file {@code tmp/..._imapsubscribeN} and rename, not synced: after a power
 * cut the last change may be missing. Courier takes no lock for it; two programs that write at the
 * same moment may lose one change, never the file. Callers hold the account's lock in this JVM.
 */
final class Subscriptions {

  static final String FILE = "courierimapsubscribed";

  private static final int MOST_NAMES = 20_000;
  private static final int MOST_LINES = 100_000;
  private static final long MOST_OCTETS = 8_000_000;

  private final Disk disk;
  private final Path root;

  Subscriptions(Disk disk, Path root) {
    this.disk = disk;
    this.root = root;
  }

  /** All subscribed names. */
  SortedSet<MailboxName> names() throws IOException {
    SortedSet<MailboxName> names = new TreeSet<>();
    for (String line : lines()) {
      MailboxName name = name(line);
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  void add(MailboxName name) throws IOException, MaildirException {
    List<String> lines = lines();
    for (String line : lines) {
      if (name.equals(name(line))) {
        return;
      }
    }
    if (lines.size() >= MOST_NAMES) {
      throw new MaildirException(
          MaildirException.Reason.LIMIT,
          "There are "
              + MOST_NAMES
              + " subscriptions, which is the most; unsubscribe from some first.");
    }
    lines.add(FileNames.utf8(name.value()));
    write(lines);
  }

  void remove(MailboxName name) throws IOException {
    List<String> lines = lines();
    if (lines.removeIf(line -> name.equals(name(line)))) {
      write(lines);
    }
  }

  private List<String> lines() throws IOException {
    Path file = root.resolve(FILE);
    byte[] octets = disk.readAll(file, MOST_OCTETS);
    List<String> lines = octets == null ? List.of() : parse(octets);
    if ((octets == null && disk.stat(file) != null) || lines.size() > MOST_LINES) {
      throw new IOException("This is no list of subscriptions, or too large a one: " + file);
    }
    return new ArrayList<>(lines);
  }

  /**
   * The lines of the file, in octets, without empty ones; a last one without line end counts. Of
   * more than the bound, one more than that.
   */
  static List<String> parse(byte[] octets) {
    List<String> lines = new ArrayList<>();
    int at = 0;
    for (int i = 0; i <= octets.length && lines.size() <= MOST_LINES; i++) {
      if (i == octets.length || octets[i] == '\n') {
        if (i > at) {
          lines.add(new String(octets, at, i - at, StandardCharsets.ISO_8859_1));
        }
        at = i + 1;
      }
    }
    return lines;
  }

  static byte[] format(List<String> lines) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      text.append(line).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The mailbox that a line names; null where it names none. */
  static MailboxName name(String line) {
    try {
      String text = FileNames.text(line).orElse("");
      MailboxName name = text.isEmpty() ? null : MailboxName.parse(text);
      return name != null && (name.isPersonal() || name.isElsewhere()) ? name : null;
    } catch (MailboxNameException e) {
      return null;
    }
  }

  private void write(List<String> lines) throws IOException {
    disk.replace(
        root.resolve("tmp").resolve(UniqueNames.scratch("imapsubscribe")),
        root.resolve(FILE),
        format(lines),
        false);
  }
}
