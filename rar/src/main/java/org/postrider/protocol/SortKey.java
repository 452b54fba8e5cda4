package org.postrider.protocol;

/**
 * What messages are compared by. What is missing in a message is the empty text, which comes before
 * all others.
 *
 * @rfc 5256 3, 5957 4
 */
public enum SortKey {
  /** Internal date and time. */
  ARRIVAL,
  /** Local part of the first address of the Cc field. */
  CC,
  /** The Date field as a point in time; the internal date where it says none. */
  DATE,
  /** Name of the first address of the From field, else the address. */
  DISPLAYFROM,
  /** Name of the first address of the To field, else the address. */
  DISPLAYTO,
  /** Local part of the first address of the From field. */
  FROM,
  /** Octets on the wire. */
  SIZE,
  /** The subject without what replying and forwarding put around it. */
  SUBJECT,
  /** Local part of the first address of the To field. */
  TO
}
