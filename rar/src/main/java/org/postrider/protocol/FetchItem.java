package org.postrider.protocol;

import java.util.Optional;

/**
 * What FETCH can ask of a message. Macros (ALL, FAST, FULL) are spelled out when they are read.
 *
 * @rfc 3501 6.4.5
 */
public sealed interface FetchItem {

  /** The items without arguments. */
  enum Attribute implements FetchItem {
    UID,
    FLAGS,
    INTERNALDATE,
    RFC822_SIZE,
    ENVELOPE,
    /** The structure without extension data, {@code BODY}. */
    BODY,
    BODYSTRUCTURE
  }

  /**
   * The octets of a section.
   *
   * @param section which
   * @param partial only a piece of it
   * @param peek true where the message is not to become {@code \Seen} by this
   * @param name how it was asked for, and so how it is answered
   */
  record Body(Section section, Optional<Partial> partial, boolean peek, Name name)
      implements FetchItem {

    /** {@code BODY[...]} or one of the three older spellings. */
    public enum Name {
      BODY,
      RFC822,
      RFC822_HEADER,
      RFC822_TEXT
    }
  }

  /** True where asking sets {@code \Seen}. */
  default boolean setsSeen() {
    return this instanceof Body body && !body.peek();
  }
}
