package org.postrider.maildir;

/**
 * The store says no; nothing was changed unless the text says so. The text is for the person who
 * asked.
 */
public final class MaildirException extends Exception {

  private static final long serialVersionUID = 1;

  /** Why. */
  public enum Reason {
    /** There is no such mailbox. */
    NONEXISTENT,
    ALREADY_EXISTS,
    /** It can't be done to this mailbox, or with this name. */
    CANNOT,
    /** The mailbox is not the one it was: removed, renamed, or numbered anew. */
    CLOSED,
    /** A bound was met. */
    LIMIT,
    /** The account's quota leaves no room. */
    OVER_QUOTA,
    /** Somebody else's rights stand against it. */
    NOT_YOURS,
    /** Another program holds the mailbox and does not let go. */
    IN_USE
  }

  private final Reason reason;

  public MaildirException(Reason reason, String text) {
    super(text);
    this.reason = reason;
  }

  public MaildirException(Reason reason, String text, Throwable cause) {
    super(text, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }

  /** The mailbox is not there: for a session that had it selected, or for anybody else. */
  static MaildirException gone(Reason reason) {
    return new MaildirException(
        reason,
        reason == Reason.CLOSED
            ? "This mailbox was removed, renamed or numbered anew meanwhile; select it again."
            : "There is no such mailbox.");
  }
}
