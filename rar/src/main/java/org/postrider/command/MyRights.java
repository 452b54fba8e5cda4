package org.postrider.command;

import java.io.IOException;
import org.postrider.mail.MailException;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.Response;
import org.postrider.protocol.Rights;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Tells what whoever asks may do with a mailbox: RFC 4314 section 3.5. */
public record MyRights(MailboxName name) implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("MYRIGHTS").readBy(MyRights::read);

  /** {@code myrights = "MYRIGHTS" SP mailbox} */
  static MyRights read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    return new MyRights(in.sp().mailbox());
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, IOException {
    Rights rights = session.mail(mail -> mail.access().rights(session.account(), name));
    out.write(new Response.MyRights(name, rights));
    return Completion.ok("MYRIGHTS completed");
  }
}
