package org.postrider.command;

import java.io.IOException;
import org.postrider.mail.MailException;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Removes a mailbox and its messages; those below it stay: RFC 3501 section 6.3.4. Where it is the
 * selected one, it is closed.
 */
public record Delete(MailboxName name) implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("DELETE").readBy(Delete::read);

  /** {@code "DELETE" SP mailbox} */
  static Delete read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    return new Delete(in.sp().mailbox());
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out) throws MailException {
    session.mail(
        mail -> {
          mail.mailboxes().delete(session.account(), name);
          return null;
        });
    Completion completion = Completion.ok("DELETE completed");
    return session.hasSelected(name)
        ? completion.become(new Session.Authenticated(session.client(), session.account()))
        : completion;
  }
}
