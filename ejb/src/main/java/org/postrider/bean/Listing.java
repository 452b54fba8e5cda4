package org.postrider.bean;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.postrider.mail.MailboxEntry;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxPattern;

/** Names, as LIST and LSUB answer them. */
final class Listing {

  private Listing() {}

  /**
   * Those that match.
   *
   * @param groups that are no mailboxes, and have others below them that are not among these names
   * @param withLevels also names that only have others below them, {@code \Noselect}
   */
  static List<MailboxEntry> of(
      SortedSet<MailboxName> names,
      Set<MailboxName> groups,
      boolean withLevels,
      MailboxPattern pattern) {
    Set<MailboxName> levels = new HashSet<>(groups);
    for (MailboxName name : names) {
      addLevels(name, levels);
    }
    SortedSet<MailboxName> all = new TreeSet<>(names);
    if (withLevels) {
      all.addAll(levels);
    }
    List<MailboxEntry> entries = new ArrayList<>();
    for (MailboxName name : all) {
      if (pattern.matches(name.value())) {
        String children = levels.contains(name) ? "\\HasChildren" : "\\HasNoChildren";
        entries.add(
            new MailboxEntry(
                name, names.contains(name) ? List.of(children) : List.of("\\Noselect", children)));
      }
    }
    return entries;
  }

  private static void addLevels(MailboxName name, Set<MailboxName> levels) {
    String value = name.value();
    for (int dot = value.lastIndexOf(MailboxName.SEPARATOR);
        dot > 0;
        dot = value.lastIndexOf(MailboxName.SEPARATOR, dot - 1)) {
      if (!levels.add(new MailboxName(value.substring(0, dot)))) {
        return;
      }
    }
  }
}
