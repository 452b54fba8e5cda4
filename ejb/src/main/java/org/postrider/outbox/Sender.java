package org.postrider.outbox;

import java.nio.file.Path;
import org.postrider.maildir.Owner;

/**
 * Whose message is sent.
 *
 * @param name by which the account signed in
 * @param address the envelope's sender; the name where the account has none
 * @param maildir where a program is run
 * @param owner as whom
 */
public record Sender(String name, String address, Path maildir, Owner owner) {

  private static final int ADDRESS_MAX_CHARACTERS = 320;

  /**
   * Fails where the address is none that can stand on a command line and in a header.
   *
   * @throws UnsentException with what the administrator has to mend
   */
  void check() throws UnsentException {
    boolean plain =
        !address.isEmpty()
            && address.length() <= ADDRESS_MAX_CHARACTERS
            && address.charAt(0) != '-'
            && address
                .chars()
                .allMatch(c -> c > ' ' && c != 0x7F && "<>()[],;:\\\"".indexOf(c) < 0);
    if (!plain || Readable.hasControls(address)) {
      throw new UnsentException(
          "Your account has no address that can send mail; please tell the server's"
              + " administrator. Nothing was sent.");
    }
  }
}
