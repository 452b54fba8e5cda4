package org.postrider.command;

import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.ResponseWriter;

/** Does nothing; what happened meanwhile is told with its completion: RFC 3501 section 6.1.2. */
public record Noop() implements Command.AnyState {

  static final CommandSpec SPEC = CommandSpec.named("NOOP").readBy(in -> new Noop());

  @Override
  public Completion run(Session session, ResponseWriter out) {
    return Completion.ok("NOOP completed");
  }
}
