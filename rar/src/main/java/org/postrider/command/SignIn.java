package org.postrider.command;

import java.io.InterruptedIOException;
import java.net.InetAddress;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.session.SignInLog;
import org.postrider.wire.DisconnectException;

/** What LOGIN and AUTHENTICATE do with a name and a password. */
final class SignIn {

  /** Refused sign-ins after which a connection is of no use to anybody honest. */
  private static final int MOST_FAILURES = 3;

  private SignIn() {}

  /** Why no password is taken now; null where one is. */
  static Completion refusalOfPasswords(Session session) {
    if (session.client().allowsPassword()) {
      return null;
    }
    return Completion.no(
        Word.PRIVACYREQUIRED,
        "Passwords are not taken in clear text here; use STARTTLS or the IMAPS port.");
  }

  /**
   * Signs in. A refusal waits, here on the connection's own thread, as long as what happened before
   * asks for.
   *
   * @param password wiped by the caller
   */
  static Completion withPassword(Session.NotAuthenticated session, String name, char[] password)
      throws MailException, InterruptedIOException, DisconnectException {
    InetAddress address = session.client().address().getAddress();
    try {
      Account account = session.mail(mail -> mail.accounts().signIn(name, password, address));
      pause(session.mail(mail -> mail.accounts().answerDelay(name, address, true)));
      Session.Authenticated authenticated = new Session.Authenticated(session.client(), account);
      return Completion.ok(
              new ResponseCode.Capability(session.client().capabilities(authenticated)),
              "Signed in")
          .become(authenticated);
    } catch (MailException e) {
      if (e.code().orElse(null) != Word.AUTHENTICATIONFAILED) {
        throw e;
      }
      SignInLog.failed(session, name);
      pause(session.mail(mail -> mail.accounts().answerDelay(name, address, false)));
      if (session.client().countRefusedSignIn() >= MOST_FAILURES) {
        throw new DisconnectException(Word.AUTHENTICATIONFAILED, "Too many refused sign-ins.");
      }
      throw e;
    }
  }

  private static void pause(long millis) throws InterruptedIOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The server is stopping.");
    }
  }
}
