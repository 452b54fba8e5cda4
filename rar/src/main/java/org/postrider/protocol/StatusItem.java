package org.postrider.protocol;

/**
 * A number that STATUS tells of a mailbox.
 *
 * @rfc 3501 6.3.10, 9208 4.1.4
 */
public enum StatusItem {
  MESSAGES,
  RECENT,
  UIDNEXT,
  UIDVALIDITY,
  UNSEEN,
  /** Messages that have {@code \Deleted}. */
  DELETED,
  /** Octets that EXPUNGE would give back. */
  DELETED_STORAGE;

  /** The word on the wire: {@code DELETED-STORAGE}. */
  public String wireName() {
    return name().replace('_', '-');
  }
}
