package org.postrider.command;

import java.io.IOException;
import org.postrider.mail.MailException;
import org.postrider.protocol.QuotaRoot;
import org.postrider.protocol.Response;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Tells limits and use of a quota root: RFC 9208 section 4.1.1. */
public record GetQuota(String root) implements Command.Authenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("GETQUOTA")
          .advertising("QUOTA", "QUOTA=RES-STORAGE", "QUOTA=RES-MESSAGE")
          .readBy(GetQuota::read);

  /** {@code getquota = "GETQUOTA" SP quota-root-name} */
  static GetQuota read(CommandReader in) throws SyntaxException, IOException {
    return new GetQuota(in.sp().astring());
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, IOException {
    QuotaRoot found = session.mail(mail -> mail.quotas().root(session.account(), root));
    out.write(new Response.Quota(found));
    return Completion.ok("GETQUOTA completed");
  }
}
