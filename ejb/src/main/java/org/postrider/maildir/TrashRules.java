package org.postrider.maildir;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;

/**
 * What becomes of messages that nobody wants any more, as Courier's settings say it.
 *
 * @param trash the mailbox that may neither be deleted nor renamed: {@code IMAP_TRASHFOLDERNAME}
 * @param keepsExpunged true where expunged messages go there: {@code IMAP_MOVE_EXPUNGE_TO_TRASH}
 * @param logsDeletions true where each file that goes is logged: {@code IMAP_LOG_DELETIONS}
 * @param lifetimes how long messages stay in which mailbox, at least a day each: {@code
 *     IMAP_EMPTYTRASH}
 */
public record TrashRules(
    MailboxName trash,
    boolean keepsExpunged,
    boolean logsDeletions,
    Map<MailboxName, Duration> lifetimes) {

  /** Trash is called Trash; nothing goes there by itself, and nothing from there. */
  public static final TrashRules NONE =
      new TrashRules(new MailboxName("INBOX.Trash"), false, false, Map.of());

  /** Mailboxes in one setting; each costs every sign-in a look. */
  private static final int MOST_LIFETIMES = 100;

  public TrashRules {
    lifetimes = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(lifetimes));
  }

  /**
   * Reads the settings as Courier does: names of folders are as on disk, without {@code INBOX.}.
   *
   * @param folder {@code Trash}
   * @param lifetimes {@code Trash:7,Sent:30}: days by folder; or a number of days for the one
   *     called {@code folder}; less than a day is one day
   * @throws IllegalArgumentException with a sentence for the administrator
   */
  public static TrashRules parse(
      String folder, boolean keepsExpunged, boolean logsDeletions, String lifetimes) {
    MailboxName trash = mailbox("IMAP_TRASHFOLDERNAME", folder);
    if (trash.isInbox()) {
      throw wrong("IMAP_TRASHFOLDERNAME", folder, "INBOX can't be the Trash");
    }
    Map<MailboxName, Duration> ages = new LinkedHashMap<>();
    if (!lifetimes.contains(":") && !lifetimes.contains(",") && !lifetimes.isBlank()) {
      ages.put(trash, days(lifetimes, lifetimes));
    } else {
      for (String entry : entries(lifetimes)) {
        int colon = entry.lastIndexOf(':');
        if (colon < 0) {
          throw wrong("IMAP_EMPTYTRASH", lifetimes, "\"" + entry + "\" has no \":\" and no days");
        }
        ages.put(
            mailbox("IMAP_EMPTYTRASH", entry.substring(0, colon).strip()),
            days(lifetimes, entry.substring(colon + 1)));
      }
    }
    if (ages.size() > MOST_LIFETIMES) {
      throw wrong("IMAP_EMPTYTRASH", lifetimes, "there may be " + MOST_LIFETIMES + " folders");
    }
    return new TrashRules(trash, keepsExpunged, logsDeletions, ages);
  }

  private static List<String> entries(String text) {
    List<String> entries = new ArrayList<>();
    for (String entry : text.split(",")) {
      if (!entry.isBlank()) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static MailboxName mailbox(String key, String folder) {
    try {
      MailboxName name =
          MailboxName.parse(folder.equalsIgnoreCase("INBOX") ? folder : "INBOX." + folder);
      if (!folder.contains("/")) {
        return name;
      }
    } catch (MailboxNameException e) {
      throw wrong(key, folder, "no folder can be called that");
    }
    throw wrong(key, folder, "no folder can be called that");
  }

  private static Duration days(String setting, String text) {
    try {
      return Duration.ofDays(Math.clamp(Long.parseLong(text.strip()), 1, 36_500));
    } catch (NumberFormatException e) {
      throw wrong("IMAP_EMPTYTRASH", setting, "\"" + text + "\" is no number of days");
    }
  }

  private static IllegalArgumentException wrong(String key, String value, String why) {
    return new IllegalArgumentException(
        key + " in etc/imapd is " + value + ": " + why + "; it is written as Trash:7,Sent:30.");
  }
}
