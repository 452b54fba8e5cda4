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
 * Gives a mailbox, and all below it, another name: RFC 3501 section 6.3.5. Where the selected one
 * is among them, it is closed: it has other UIDs under its new name.
 */
public record Rename(MailboxName from, MailboxName to) implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("RENAME").readBy(Rename::read);

  /** {@code rename = "RENAME" SP mailbox SP mailbox} */
  static Rename read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    MailboxName from = in.sp().mailbox();
    return new Rename(from, in.sp().mailbox());
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out) throws MailException {
    session.mail(
        mail -> {
          mail.mailboxes().rename(session.account(), from, to);
          return null;
        });
    Completion completion = Completion.ok("RENAME completed");
    return !from.isInbox() && session.hasSelectedAtOrBelow(from)
        ? completion.become(new Session.Authenticated(session.client(), session.account()))
        : completion;
  }
}
