package org.postrider.session;

/**
 * What the clients of a site are used to, beyond the standards: switches that its Courier had.
 *
 * @param magicTrash true where expunged messages go into Trash, which is announced as {@code
 *     XMAGICTRASH}: {@code IMAP_MOVE_EXPUNGE_TO_TRASH}
 */
public record Customs(boolean magicTrash) {

  /** Nothing out of the ordinary. */
  public static final Customs DEFAULT = new Customs(false);
}
