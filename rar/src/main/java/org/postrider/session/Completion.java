package org.postrider.session;

import java.util.Optional;
import org.postrider.protocol.Response.Condition;
import org.postrider.protocol.ResponseCode;

/**
 * How a command ended, and all that follows from it: nothing changes behind the reader's back.
 *
 * @param condition OK, NO or BAD
 * @param next the state after it
 */
public record Completion(Condition condition, Optional<ResponseCode> code, String text, Next next) {

  /** What happens after the tagged line. */
  public sealed interface Next {

    /** Nothing. */
    record Stay() implements Next {}

    /** The session is another now; its first updates come with the next command. */
    record Become(Session session) implements Next {}

    /** The client talks to another server from now on, signed in there. */
    record Forward(Session.Forwarded session, Upstream upstream) implements Next {}

    /** The TLS handshake. */
    record StartTls() implements Next {}

    /** The end; BYE has been said. */
    record Logout() implements Next {}
  }

  private static final Next STAY = new Next.Stay();

  public static Completion ok(String text) {
    return new Completion(Condition.OK, Optional.empty(), text, STAY);
  }

  public static Completion ok(ResponseCode code, String text) {
    return new Completion(Condition.OK, Optional.of(code), text, STAY);
  }

  public static Completion no(ResponseCode code, String text) {
    return new Completion(Condition.NO, Optional.ofNullable(code), text, STAY);
  }

  public static Completion bad(String text) {
    return new Completion(Condition.BAD, Optional.empty(), text, STAY);
  }

  /** The same, and the session becomes another. */
  public Completion become(Session session) {
    return new Completion(condition, code, text, new Next.Become(session));
  }

  /** The same, and this follows. */
  public Completion then(Next following) {
    return new Completion(condition, code, text, following);
  }
}
