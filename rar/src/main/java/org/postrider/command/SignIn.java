package org.postrider.command;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.mail.Peer;
import org.postrider.mail.SignInExchange;
import org.postrider.mail.SignInStep;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.session.SignInLog;
import org.postrider.wire.DisconnectException;
import org.postrider.wire.SyntaxException;

/** The way in, which LOGIN and AUTHENTICATE share: one SASL exchange, from the first step on. */
final class SignIn {

  /** Refused sign-ins after which a connection is of no use to anybody honest. */
  private static final int MOST_FAILURES = 3;

  /** The longest mechanism (GSSAPI) takes five. */
  private static final int MOST_STEPS = 10;

  private SignIn() {}

  /** Asks the client; null answers mean nothing, an empty one does. */
  @FunctionalInterface
  interface Dialogue {

    /**
     * Sends a challenge and reads the answer.
     *
     * @throws SyntaxException where it is none, or the client has had enough
     */
    byte[] ask(byte[] challenge) throws SyntaxException, IOException;
  }

  /**
   * Signs in. A refusal waits, here on the connection's own thread, as long as what happened before
   * asks for.
   *
   * @param mechanism in capitals
   * @param logged what the log says of it: {@code , method=CRAM-MD5}, or nothing
   * @param initial the initial response, wiped here
   */
  static Completion by(
      String mechanism,
      String logged,
      Session.NotAuthenticated session,
      Optional<byte[]> initial,
      Dialogue dialogue)
      throws MailException, SyntaxException, IOException {
    Peer peer = session.client().peer();
    try (SignInExchange exchange = session.mail(mail -> mail.accounts().signIn(mechanism, peer))) {
      SignInStep step = session.mail(mail -> exchange.begin(initial));
      for (int steps = 0; step instanceof SignInStep.Challenge challenge; steps++) {
        if (steps == MOST_STEPS) {
          throw new SyntaxException("This sign-in takes too many steps.");
        }
        byte[] response = dialogue.ask(challenge.octets());
        try {
          step = session.mail(mail -> exchange.answer(response));
        } finally {
          Arrays.fill(response, (byte) 0);
        }
      }
      return ended(session, logged, step, dialogue);
    } finally {
      initial.ifPresent(octets -> Arrays.fill(octets, (byte) 0));
    }
  }

  private static Completion ended(
      Session.NotAuthenticated session, String logged, SignInStep step, Dialogue dialogue)
      throws MailException, SyntaxException, IOException {
    return switch (step) {
      case SignInStep.Accepted accepted -> {
        pause(accepted.delayMillis());
        if (tell(accepted.last(), dialogue) > 0) {
          throw new SyntaxException("The server's last message is answered by an empty line.");
        }
        Session.Authenticated in = new Session.Authenticated(session.client(), accepted.account());
        yield Completion.ok(
                new ResponseCode.Capability(session.client().capabilities(in)), "Signed in")
            .become(in);
      }
      case SignInStep.Refused refused -> {
        SignInLog.failed(session, refused.name(), logged);
        pause(refused.delayMillis());
        int refusals = session.client().countRefusedSignIn(); // also where the client goes now
        tell(refused.last(), dialogue);
        if (refusals >= MOST_FAILURES) {
          throw new DisconnectException(Word.AUTHENTICATIONFAILED, "Too many refused sign-ins.");
        }
        throw refused.reason();
      }
      case SignInStep.Malformed malformed -> throw new SyntaxException(malformed.text());
      case SignInStep.Challenge another -> throw new IllegalStateException("not the end");
    };
  }

  /** IMAP has no place for last words beside its OK or NO: they go as one more challenge. */
  private static int tell(byte[] last, Dialogue dialogue) throws SyntaxException, IOException {
    return last.length == 0 ? 0 : dialogue.ask(last).length;
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
