package org.postrider.protocol;

/**
 * A flag that the protocol itself defines.
 *
 * @rfc 3501 2.3.2
 */
public enum SystemFlag {
  ANSWERED("\\Answered"),
  FLAGGED("\\Flagged"),
  DELETED("\\Deleted"),
  SEEN("\\Seen"),
  DRAFT("\\Draft"),
  /** Set by the server alone, for the one session that was told of the message first. */
  RECENT("\\Recent");

  private final String wireName;

  SystemFlag(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire, with its backslash. */
  public String wireName() {
    return wireName;
  }

  int bit() {
    return 1 << ordinal();
  }
}
