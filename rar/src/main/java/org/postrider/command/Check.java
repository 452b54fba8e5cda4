package org.postrider.command;

import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.ResponseWriter;

/**
 * A checkpoint; every answered change is on disk already, so it is a NOOP: RFC 3501 section 6.4.1.
 */
public record Check() implements Command.Selected {

  static final CommandSpec SPEC = CommandSpec.named("CHECK").readBy(in -> new Check());

  @Override
  public Completion run(Session.Selected session, ResponseWriter out) {
    return Completion.ok("CHECK completed");
  }
}
