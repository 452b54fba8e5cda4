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
 * Adds a name to those that LSUB lists, whether the mailbox exists or not: RFC 3501 section 6.3.6.
 */
public record Subscribe(MailboxName name) implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("SUBSCRIBE").readBy(Subscribe::read);

  /** {@code "SUBSCRIBE" SP mailbox} */
  static Subscribe read(CommandReader in)
      throws SyntaxException, MailboxNameException, IOException {
    return new Subscribe(in.sp().mailbox());
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out) throws MailException {
    session.mail(
        mail -> {
          mail.mailboxes().subscribe(session.account(), name);
          return null;
        });
    return Completion.ok("SUBSCRIBE completed");
  }
}
