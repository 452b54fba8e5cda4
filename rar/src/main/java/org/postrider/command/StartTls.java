package org.postrider.command;

import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.ResponseWriter;

/** Begins TLS on this connection: RFC 3501 section 6.2.1. */
public record StartTls() implements Command.NotAuthenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("STARTTLS")
          .advertising("STARTTLS", StartTls::isPossible)
          .readBy(in -> new StartTls());

  private static boolean isPossible(Session session) {
    return session instanceof Session.NotAuthenticated
        && session.client().link().offersTls()
        && !session.client().link().secure();
  }

  @Override
  public Completion run(Session.NotAuthenticated session, ResponseWriter out) {
    if (!isPossible(session)) {
      return Completion.bad(
          session.client().link().secure()
              ? "TLS is on already."
              : "This server has no certificate for TLS.");
    }
    return Completion.ok("Begin TLS now").then(new Completion.Next.StartTls());
  }
}
