package org.postrider.command;

import java.io.IOException;
import org.postrider.mail.MailException;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.RightsChange;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Changes who may do what with a mailbox: RFC 4314 section 3.1. */
public record SetAcl(MailboxName name, AccessIdentifier identifier, RightsChange change)
    implements Command.Authenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("SETACL").advertising("ACL", "RIGHTS=kxte").readBy(SetAcl::read);

  /** {@code setacl = "SETACL" SP mailbox SP identifier SP mod-rights} */
  static SetAcl read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    MailboxName name = in.sp().mailbox();
    AccessIdentifier identifier = identifier(in);
    String rights = in.sp().astring();
    try {
      return new SetAcl(name, identifier, RightsChange.parse(rights));
    } catch (IllegalArgumentException e) {
      throw new SyntaxException(e.getMessage());
    }
  }

  /** {@code SP identifier}; one that can't be prepared is BAD: section 3. */
  static AccessIdentifier identifier(CommandReader in) throws SyntaxException, IOException {
    String said = in.sp().astring();
    try {
      return AccessIdentifier.parse(said);
    } catch (IllegalArgumentException e) {
      throw new SyntaxException(e.getMessage());
    }
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out) throws MailException {
    session.mail(
        mail -> {
          mail.access().change(session.account(), name, identifier, change);
          return null;
        });
    return Completion.ok("SETACL completed");
  }
}
