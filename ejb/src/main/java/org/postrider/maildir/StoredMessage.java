package org.postrider.maildir;

import org.postrider.protocol.Flags;

/**
 * A message of a folder as it was at a moment: enough to find its file, also after it was renamed.
 *
 * @param base the part of its file's name that never changes; octets
 * @param info the rest of the name at that moment
 * @param wireSize octets on the wire; -1 where nobody has counted them yet
 * @param date internal date in seconds; -1 where nobody has looked yet
 */
public record StoredMessage(
    long uid, Flags flags, long modSeq, String base, String info, long wireSize, long date) {

  /** The same message as if it had other flags. */
  StoredMessage withFlags(Flags other) {
    return new StoredMessage(uid, other, modSeq, base, info, wireSize, date);
  }

  /** Octets of the file as its name tells them ({@code ,S=}); -1 where it does not. */
  public long diskSize() {
    return MessageFileName.diskSize(base);
  }
}
