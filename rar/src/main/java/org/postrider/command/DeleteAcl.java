package org.postrider.command;

import java.io.IOException;
import org.postrider.mail.MailException;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.Rights;
import org.postrider.protocol.RightsChange;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Takes somebody out of a mailbox's access list: RFC 4314 section 3.2. */
public record DeleteAcl(MailboxName name, AccessIdentifier identifier)
    implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("DELETEACL").readBy(DeleteAcl::read);

  private static final RightsChange NOTHING_LEFT =
      new RightsChange(RightsChange.Kind.REPLACE, Rights.NONE);

  /** {@code deleteacl = "DELETEACL" SP mailbox SP identifier} */
  static DeleteAcl read(CommandReader in)
      throws SyntaxException, MailboxNameException, IOException {
    MailboxName name = in.sp().mailbox();
    return new DeleteAcl(name, SetAcl.identifier(in));
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out) throws MailException {
    session.mail(
        mail -> {
          mail.access().change(session.account(), name, identifier, NOTHING_LEFT);
          return null;
        });
    return Completion.ok("DELETEACL completed");
  }
}
