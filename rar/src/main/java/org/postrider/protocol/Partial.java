package org.postrider.protocol;

/**
 * A piece of a body section, {@code <0.1024>}.
 *
 * @param offset first octet, counted from 0
 * @param length how many octets at the most, at least 1
 * @rfc 3501 6.4.5
 */
public record Partial(long offset, long length) {

  public Partial {
    if (offset < 0 || offset > UidSet.MAX_UID || length < 1 || length > UidSet.MAX_UID) {
      throw new IllegalArgumentException("a partial is <offset.length>, the length at least 1");
    }
  }
}
