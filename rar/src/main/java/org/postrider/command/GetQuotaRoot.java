package org.postrider.command;

import java.io.IOException;
import java.util.List;
import org.postrider.mail.MailException;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.Response;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Tells which quota roots hold for a mailbox, and their use: RFC 9208 section 4.1.2. */
public record GetQuotaRoot(MailboxName name) implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("GETQUOTAROOT").readBy(GetQuotaRoot::read);

  /** {@code getquotaroot = "GETQUOTAROOT" SP mailbox} */
  static GetQuotaRoot read(CommandReader in)
      throws SyntaxException, MailboxNameException, IOException {
    return new GetQuotaRoot(in.sp().mailbox());
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, IOException {
    List<QuotaRoot> roots = session.mail(mail -> mail.quotas().roots(session.account(), name));
    out.write(new Response.QuotaRoots(name, roots.stream().map(QuotaRoot::name).toList()));
    for (QuotaRoot root : roots) {
      out.write(new Response.Quota(root));
    }
    return Completion.ok("GETQUOTAROOT completed");
  }
}
