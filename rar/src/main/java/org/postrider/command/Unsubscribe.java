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

/** Takes a name from those that LSUB lists: RFC 3501 section 6.3.7. */
public record Unsubscribe(MailboxName name) implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("UNSUBSCRIBE").readBy(Unsubscribe::read);

  /** {@code "UNSUBSCRIBE" SP mailbox} */
  static Unsubscribe read(CommandReader in)
      throws SyntaxException, MailboxNameException, IOException {
    return new Unsubscribe(in.sp().mailbox());
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out) throws MailException {
    session.mail(
        mail -> {
          mail.mailboxes().unsubscribe(session.account(), name);
          return null;
        });
    return Completion.ok("UNSUBSCRIBE completed");
  }
}
