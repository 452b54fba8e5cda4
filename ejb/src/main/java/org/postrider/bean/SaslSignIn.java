package org.postrider.bean;

import java.time.Duration;
import java.util.Optional;
import org.postrider.auth.AccountPrincipal;
import org.postrider.auth.SignInThrottle;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.sasl.SaslExchange;
import org.postrider.auth.sasl.SaslStep;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.mail.Peer;
import org.postrider.mail.SignInExchange;
import org.postrider.mail.SignInStep;
import org.postrider.protocol.ResponseCode.Word;

/** A SASL exchange whose end is an account of this store, or a delay. */
final class SaslSignIn implements SignInExchange {

  private final SaslExchange exchange;
  private final SignInThrottle throttle;
  private final Peer peer;
  private final Admission admission;

  /** Lets an account in that has proved who it is. */
  @FunctionalInterface
  interface Admission {
    Account admit(AccountPrincipal principal) throws MailException;
  }

  SaslSignIn(SaslExchange exchange, SignInThrottle throttle, Peer peer, Admission admission) {
    this.exchange = exchange;
    this.throttle = throttle;
    this.peer = peer;
    this.admission = admission;
  }

  /** A step of the exchange. */
  @FunctionalInterface
  private interface Step {
    SaslStep take() throws TemporaryFailureException;
  }

  @Override
  public SignInStep begin(Optional<byte[]> initial) throws MailException {
    return take(() -> exchange.begin(initial));
  }

  @Override
  public SignInStep answer(byte[] response) throws MailException {
    return take(() -> exchange.answer(response));
  }

  private SignInStep take(Step step) throws MailException {
    SignInThrottle.Attempt attempt = throttle.begin(peer.address());
    try {
      return switch (step.take()) {
        case SaslStep.Challenge challenge -> new SignInStep.Challenge(challenge.octets());
        case SaslStep.Malformed malformed -> new SignInStep.Malformed(malformed.text());
        case SaslStep.Accepted accepted -> {
          Duration delay = attempt.succeeded(exchange.name());
          Account account = admission.admit(accepted.account());
          yield new SignInStep.Accepted(account, delay.toMillis(), accepted.last());
        }
        case SaslStep.Refused refused -> {
          Duration delay = attempt.failed(exchange.name());
          yield new SignInStep.Refused(
              exchange.name(), reason(refused.reason()), delay.toMillis(), refused.last());
        }
      };
    } catch (TemporaryFailureException e) {
      throw new MailException(Word.UNAVAILABLE, e.getMessage());
    }
  }

  private static MailException reason(SaslStep.Reason reason) {
    return switch (reason) {
      case CREDENTIALS -> failed("the name or the password is wrong.");
      case TOKEN -> failed("the token is not accepted, or its owner has no mail here.");
      case CERTIFICATE -> failed("the owner of the certificate has no mail here.");
      case TICKET -> failed("the Kerberos ticket is not accepted, or its owner has no mail here.");
      case AUTHORIZATION ->
          new MailException(Word.AUTHORIZATIONFAILED, "Nobody may act for somebody else here.");
    };
  }

  private static MailException failed(String why) {
    return new MailException(Word.AUTHENTICATIONFAILED, "Sign-in failed: " + why);
  }

  @Override
  public void close() {
    exchange.close();
  }
}
