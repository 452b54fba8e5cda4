package org.postrider.command;

import java.io.IOException;
import java.util.List;
import org.postrider.mail.MailException;
import org.postrider.mail.MailboxEntry;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.MailboxPattern;
import org.postrider.protocol.Response;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Lists subscribed names: RFC 3501 section 6.3.9. */
public record Lsub(String reference, String pattern) implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("LSUB").readBy(Lsub::read);

  /** {@code lsub = "LSUB" SP mailbox SP list-mailbox} */
  static Lsub read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    String reference = in.sp().reference();
    return new Lsub(reference, in.sp().listMailbox());
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, IOException {
    if (pattern.isEmpty()) {
      out.write(new Response.Mailbox(true, List.of("\\Noselect"), ""));
      return Completion.ok("LSUB completed");
    }
    MailboxPattern wanted = ListMailboxes.bounded(reference, pattern);
    for (MailboxEntry entry :
        session.mail(mail -> mail.mailboxes().subscribed(session.account(), wanted))) {
      out.write(
          new Response.Mailbox(
              true, session.client().attributes(entry.attributes()), entry.name().value()));
    }
    return Completion.ok("LSUB completed");
  }
}
