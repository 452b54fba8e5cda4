package org.postrider.command;

import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.ResponseWriter;

/** Closes the mailbox and removes nothing: RFC 3691. */
public record Unselect() implements Command.Selected {

  static final CommandSpec SPEC =
      CommandSpec.named("UNSELECT").advertising("UNSELECT").readBy(in -> new Unselect());

  @Override
  public Completion run(Session.Selected session, ResponseWriter out) {
    return Completion.ok("UNSELECT completed")
        .become(new Session.Authenticated(session.client(), session.account()));
  }
}
