package org.postrider.command;

import java.io.IOException;
import java.util.List;
import org.postrider.mail.AccessEntry;
import org.postrider.mail.MailException;
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

/** Tells who may do what with a mailbox: RFC 4314 section 3.3. */
public record GetAcl(MailboxName name) implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("GETACL").readBy(GetAcl::read);

  /** {@code getacl = "GETACL" SP mailbox} */
  static GetAcl read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    return new GetAcl(in.sp().mailbox());
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, IOException {
    List<AccessEntry> entries = session.mail(mail -> mail.access().list(session.account(), name));
    out.write(
        new Response.Acl(
            name,
            entries.stream()
                .map(entry -> new Response.Acl.Entry(entry.identifier(), entry.rights()))
                .toList()));
    return Completion.ok("GETACL completed");
  }
}
