package org.postrider.command;

import java.io.IOException;
import org.postrider.protocol.Response;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.ResponseWriter;

/** Lists what this server can, in this state: RFC 3501 section 6.1.1. */
public record Capability() implements Command.AnyState {

  static final CommandSpec SPEC = CommandSpec.named("CAPABILITY").readBy(in -> new Capability());

  @Override
  public Completion run(Session session, ResponseWriter out) throws IOException {
    out.write(new Response.Capability(session.client().capabilities(session)));
    return Completion.ok("CAPABILITY completed");
  }
}
