package org.postrider.protocol;

/**
 * A number that STATUS tells of a mailbox.
 *
 * @rfc 3501 6.3.10
 */
public enum StatusItem {
  MESSAGES,
  RECENT,
  UIDNEXT,
  UIDVALIDITY,
  UNSEEN
}
