package org.postrider.command;

import java.util.Arrays;
import java.util.Optional;
import org.postrider.mail.Forwarding;

/**
 * The password of a sign-in, for another server that is to be signed in to with it: kept only where
 * there may be one, and wiped when the sign-in is over.
 */
final class KeptPassword implements AutoCloseable {

  private final String mechanism;
  private final boolean wanted;
  private byte[] last = new byte[0];

  KeptPassword(String mechanism, Forwarding forwarding) {
    this.mechanism = mechanism;
    this.wanted = forwarding.on() && (mechanism.equals("PLAIN") || mechanism.equals("LOGIN"));
  }

  /** What the client answers; the last of all is what counts. */
  void note(byte[] response) {
    if (wanted) {
      Arrays.fill(last, (byte) 0);
      last = response.clone();
    }
  }

  /**
   * The password, to be wiped; empty where the mechanism has none.
   *
   * @rfc 4616 2
   */
  Optional<byte[]> password() {
    if (!wanted) {
      return Optional.empty();
    }
    int from = 0;
    if (mechanism.equals("PLAIN")) { // [authzid] NUL authcid NUL passwd
      for (int nul = 0; nul < 2 && from < last.length; from++) {
        nul += last[from] == 0 ? 1 : 0;
      }
    }
    return Optional.of(Arrays.copyOfRange(last, from, last.length));
  }

  @Override
  public void close() {
    Arrays.fill(last, (byte) 0);
  }
}
