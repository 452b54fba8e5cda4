package org.postrider.command;

import java.io.IOException;
import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.MessageSet;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode.CopyUid;
import org.postrider.protocol.UidSet;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Moves messages into another mailbox in one step: RFC 6851 section 3. */
public record Move(MessageSet messages, MailboxName target) implements Command.Selected {

  static final CommandSpec SPEC =
      CommandSpec.named("MOVE").withUidForm().advertising("MOVE").readBy(Move::read);

  /** {@code move = "MOVE" SP sequence-set SP mailbox} */
  static Move read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    MessageSet messages = in.sp().messageSet();
    return new Move(messages, in.sp().mailbox());
  }

  @Override
  public Completion run(Session.Selected session, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    UidSet uids = session.view().resolve(messages);
    Optional<CopyUid> moved =
        session.mail(mail -> mail.messages().move(session.mailbox(), uids, target));
    if (moved.isPresent()) {
      out.write(Response.Status.ok(moved.get(), "Moved")); // before any EXPUNGE: section 4.3
    }
    SoftQuota.tell(session, out);
    return Completion.ok("MOVE completed");
  }
}
