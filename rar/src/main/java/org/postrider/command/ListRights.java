package org.postrider.command;

import java.io.IOException;
import org.postrider.mail.GrantableRights;
import org.postrider.mail.MailException;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.Response;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Tells what can be granted to somebody: RFC 4314 section 3.4.
 *
 * @param said the identifier as the client said it, and as it is told: section 3.4
 */
public record ListRights(MailboxName name, String said, AccessIdentifier identifier)
    implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("LISTRIGHTS").readBy(ListRights::read);

  /** {@code listrights = "LISTRIGHTS" SP mailbox SP identifier} */
  static ListRights read(CommandReader in)
      throws SyntaxException, MailboxNameException, IOException {
    MailboxName name = in.sp().mailbox();
    String said = in.sp().astring();
    try {
      return new ListRights(name, said, AccessIdentifier.parse(said));
    } catch (IllegalArgumentException e) {
      throw new SyntaxException(e.getMessage());
    }
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, IOException {
    GrantableRights rights =
        session.mail(mail -> mail.access().grantable(session.account(), name, identifier));
    out.write(new Response.ListRights(name, said, rights.always(), rights.optional()));
    return Completion.ok("LISTRIGHTS completed");
  }
}
