package org.postrider.command;

import java.io.IOException;
import java.util.List;
import org.postrider.mail.MailException;
import org.postrider.protocol.Response;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.ResponseWriter;

/** Tells where whose mailboxes are: RFC 2342. */
public record Namespace() implements Command.Authenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("NAMESPACE").advertising("NAMESPACE").readBy(in -> new Namespace());

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, IOException {
    List<String> shared = session.mail(mail -> mail.mailboxes().shared(session.account()));
    out.write(new Response.Namespace(List.of("INBOX."), List.of(), shared));
    return Completion.ok("NAMESPACE completed");
  }
}
