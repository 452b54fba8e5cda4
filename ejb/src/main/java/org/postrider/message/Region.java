package org.postrider.message;

/**
 * A stretch of a message file. It begins at the beginning of a line.
 *
 * @param offset first octet in the file
 * @param length octets in the file
 * @param wireOffset octets on the wire of the message before the first one
 * @param wire octets on the wire, every line ending in CRLF
 */
public record Region(long offset, long length, long wireOffset, long wire) {

  /** Offset behind the last octet. */
  public long end() {
    return offset + length;
  }
}
