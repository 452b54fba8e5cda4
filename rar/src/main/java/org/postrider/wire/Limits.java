package org.postrider.wire;

/**
 * What one client may make this server hold, in octets: the one budget that every read is charged
 * to.
 *
 * @param commandOctets longest command, its lines and argument literals together (a message being
 *     appended is not held and not counted)
 * @param literalOctets largest literal that is an argument
 * @param saslOctets longest line of a sign-in, its base64 included: tickets and tokens can have
 *     tens of kilobytes
 * @param messageOctets largest message literal of APPEND
 * @param nesting deepest parentheses, of SEARCH for example
 */
public record Limits(
    int commandOctets, int literalOctets, int saslOctets, long messageOctets, int nesting) {

  /** Longest line of a sign-in where the administrator sets nothing else: 64 KiB. */
  public static final int SASL_OCTETS = 1 << 16;

  /** For somebody who has not signed in: a name and a password fit. */
  public static final Limits BEFORE_SIGN_IN = new Limits(8192, 4096, SASL_OCTETS, 0, 8);

  /** Largest message taken where the administrator sets nothing else: 100 MiB. */
  public static final long MESSAGE_OCTETS = 100L << 20;

  /** For somebody who has signed in. */
  public static final Limits SIGNED_IN = new Limits(65536, 65536, SASL_OCTETS, MESSAGE_OCTETS, 50);

  /**
   * Octets of a refused command that are read and dropped before the connection is closed instead.
   */
  static final long DROPPED_OCTETS = 1L << 20;

  /** These limits with other bounds for a command and for a literal in it. */
  public Limits withCommandOctets(int command, int literal) {
    return new Limits(command, literal, saslOctets, messageOctets, nesting);
  }

  /** These limits with another largest message. */
  public Limits withMessageOctets(long octets) {
    return new Limits(commandOctets, literalOctets, saslOctets, octets, nesting);
  }

  /** These limits with another longest line of a sign-in. */
  public Limits withSaslOctets(int octets) {
    return new Limits(commandOctets, literalOctets, octets, messageOctets, nesting);
  }
}
