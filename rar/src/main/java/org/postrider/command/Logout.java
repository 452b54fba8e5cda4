package org.postrider.command;

import java.io.IOException;
import org.postrider.mail.MailException;
import org.postrider.protocol.Response;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.ResponseWriter;

/** Ends the conversation: RFC 3501 section 6.1.3. */
public record Logout() implements Command.AnyState {

  static final CommandSpec SPEC = CommandSpec.named("LOGOUT").readBy(in -> new Logout());

  @Override
  public Completion run(Session session, ResponseWriter out) throws MailException, IOException {
    if (session instanceof Session.Authenticated now) {
      now.mail(
          mail -> {
            mail.accounts().signedOut(now.account());
            return now;
          });
    }
    out.write(Response.Status.bye(null, "Until next time"));
    return Completion.ok("LOGOUT completed").then(new Completion.Next.Logout());
  }
}
