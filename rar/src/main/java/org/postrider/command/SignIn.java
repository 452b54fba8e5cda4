package org.postrider.command;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.Peer;
import org.postrider.mail.SignInExchange;
import org.postrider.mail.SignInStep;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.session.SignInLog;
import org.postrider.session.Upstream;
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
    try (SignInExchange exchange = session.mail(mail -> mail.accounts().signIn(mechanism, peer));
        KeptPassword password = new KeptPassword(mechanism, peer.settings().forwarding())) {
      initial.ifPresent(password::note);
      SignInStep step = session.mail(mail -> exchange.begin(initial));
      for (int steps = 0; step instanceof SignInStep.Challenge challenge; steps++) {
        if (steps == MOST_STEPS) {
          throw new SyntaxException("This sign-in takes too many steps.");
        }
        byte[] response = dialogue.ask(challenge.octets());
        try {
          password.note(response);
          step = session.mail(mail -> exchange.answer(response));
        } finally {
          Arrays.fill(response, (byte) 0);
        }
      }
      return ended(session, mechanism, logged, step, dialogue, password);
    } finally {
      initial.ifPresent(octets -> Arrays.fill(octets, (byte) 0));
    }
  }

  private static Completion ended(
      Session.NotAuthenticated session,
      String mechanism,
      String logged,
      SignInStep step,
      Dialogue dialogue,
      KeptPassword password)
      throws MailException, SyntaxException, IOException {
    return switch (step) {
      case SignInStep.Accepted accepted -> {
        pause(accepted.delayMillis());
        if (tell(accepted.last(), dialogue) > 0) {
          throw new SyntaxException("The server's last message is answered by an empty line.");
        }
        Optional<String> elsewhere =
            session.client().policy().signIn().forwarding().elsewhere(accepted.account());
        if (elsewhere.isPresent()) {
          yield forwarded(session, mechanism, accepted.account(), elsewhere.get(), password);
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

  /**
   * The account's mail is on another server, which is signed in to as here.
   *
   * @throws MailException where it can't be
   */
  private static Completion forwarded(
      Session.NotAuthenticated session,
      String mechanism,
      Account account,
      String host,
      KeptPassword kept)
      throws MailException {
    byte[] password =
        kept.password()
            .orElseThrow(
                () ->
                    new MailException(
                        Word.CANNOT,
                        "Your mail is on another server, and a sign-in by "
                            + mechanism
                            + " can't be passed on to it; let your mail program send the"
                            + " password (PLAIN)."));
    try {
      Upstream upstream = session.client().link().upstream(host, account.name(), password);
      Completion.Next next =
          new Completion.Next.Forward(
              new Session.Forwarded(session.client(), account, host), upstream);
      String text = "connected to proxy server.";
      return upstream.capabilities().isEmpty()
          ? Completion.ok(text).then(next)
          : Completion.ok(new ResponseCode.Capability(upstream.capabilities()), text).then(next);
    } finally {
      Arrays.fill(password, (byte) 0);
    }
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
