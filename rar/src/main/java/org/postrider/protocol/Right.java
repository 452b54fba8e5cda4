package org.postrider.protocol;

/**
 * What somebody may do with a mailbox, one thing each.
 *
 * @rfc 4314 2.1
 */
public enum Right {
  /** The mailbox is seen in LIST. */
  LOOKUP('l'),
  /** SELECT, EXAMINE, STATUS and all that reads. */
  READ('r'),
  /** {@code \Seen} is kept. */
  SEEN('s'),
  /** Flags other than {@code \Seen} and {@code \Deleted}, and keywords. */
  WRITE('w'),
  /** APPEND, and COPY and MOVE into the mailbox. */
  INSERT('i'),
  /** Mail to an address of the mailbox; nothing in IMAP asks for it. */
  POST('p'),
  /** CREATE and RENAME of mailboxes below it. */
  CREATE('k'),
  /** DELETE, and RENAME of it to another name. */
  DELETE_MAILBOX('x'),
  /** {@code \Deleted}. */
  DELETE_MESSAGES('t'),
  /** EXPUNGE, and what CLOSE expunges. */
  EXPUNGE('e'),
  /** The access list itself. */
  ADMINISTER('a');

  private final char letter;

  Right(char letter) {
    this.letter = letter;
  }

  /** Its letter in the protocol. */
  public char letter() {
    return letter;
  }

  int bit() {
    return 1 << ordinal();
  }
}
