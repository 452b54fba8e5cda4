package org.postrider.maildir;

/**
 * Something that {@link MaildirCheck} found.
 *
 * @param path where
 * @param detail a sentence for the administrator, without a full stop; what was done follows a
 *     semicolon
 */
public record Finding(Kind kind, String path, String detail, Outcome outcome) {

  /** What it is. */
  public enum Kind {
    /** A Maildir or part of one is not there or can't be read. */
    UNREADABLE,
    /** {@code tmp}, {@code new} or {@code cur} is missing. */
    MISSING_DIRECTORY,
    /** A folder lacks the file that tells delivery agents that it is one. */
    MISSING_MAILDIRFOLDER,
    /** A link, pipe, device or directory where a file has to be, or a file for a directory. */
    STRAY,
    /** A message outside {@code new} and {@code cur}. */
    STRAY_MESSAGE,
    /** A file that no mail program knows. */
    FOREIGN,
    /** Another user's. */
    WRONG_OWNER,
    /** Its owner can't use it. */
    WRONG_MODE,
    /** A message whose name no UID list can hold. */
    BAD_NAME,
    /** Two messages with one base name. */
    DOUBLE,
    /** {@code ,S=} tells another size than the file has. */
    WRONG_SIZE,
    /** Left in {@code tmp} by a writer that is no more. */
    STALE_TMP,
    /** A lock that nobody holds. */
    STALE_LOCK,
    /** The UID list. */
    UID_LIST,
    /** Keywords. */
    KEYWORDS,
    /** An access list. */
    ACCESS_LIST,
    /** Subscriptions. */
    SUBSCRIPTION,
    /** {@code maildirsize}. */
    QUOTA,
    /** The name of a folder. */
    FOLDER_NAME;

    /** As it is printed: {@code stray-message}. */
    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }
  }

  /** What became of it. */
  public enum Outcome {
    /** Nothing is wrong, but it is worth knowing. */
    NOTE,
    /** Nothing was to be repaired. */
    FOUND,
    REPAIRED,
    /** It can't be repaired, or not now. */
    LEFT;

    @Override
    public String toString() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }
}
