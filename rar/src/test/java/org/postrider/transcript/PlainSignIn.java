package org.postrider.transcript;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.MailListener;
import org.postrider.mail.Peer;
import org.postrider.mail.SignInExchange;
import org.postrider.mail.SignInSettings;
import org.postrider.mail.SignInStep;

/** Signs in where no conversation is wanted. */
public final class PlainSignIn {

  private PlainSignIn() {}

  /**
   * By PLAIN, from this machine.
   *
   * @throws MailException the reason of a refusal
   */
  public static Account of(MailListener mail, String user, String password) throws MailException {
    Peer here =
        new Peer(
            InetAddress.getLoopbackAddress(), 0, true, Optional.empty(), SignInSettings.DEFAULT);
    return of(mail, here, user, password);
  }

  /**
   * By PLAIN, from anywhere.
   *
   * @throws MailException the reason of a refusal
   */
  public static Account of(MailListener mail, Peer peer, String user, String password)
      throws MailException {
    byte[] message = ("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8);
    SignInStep step =
        mail.call(
            all -> {
              try (SignInExchange exchange = all.accounts().signIn("PLAIN", peer)) {
                return exchange.begin(Optional.of(message));
              }
            });
    return switch (step) {
      case SignInStep.Accepted accepted -> accepted.account();
      case SignInStep.Refused refused -> throw refused.reason();
      default -> throw new IllegalStateException("PLAIN has one step, and this is " + step);
    };
  }
}
