package org.postrider.command;

import java.io.IOException;
import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.MessageSet;
import org.postrider.protocol.ResponseCode.CopyUid;
import org.postrider.protocol.UidSet;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Copies messages into another mailbox, all or none: RFC 3501 section 6.4.7, with COPYUID of RFC
 * 4315.
 */
public record Copy(MessageSet messages, MailboxName target) implements Command.Selected {

  static final CommandSpec SPEC = CommandSpec.named("COPY").withUidForm().readBy(Copy::read);

  /** {@code copy = "COPY" SP sequence-set SP mailbox} */
  static Copy read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    MessageSet messages = in.sp().messageSet();
    return new Copy(messages, in.sp().mailbox());
  }

  @Override
  public Completion run(Session.Selected session, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    UidSet uids = session.view().resolve(messages);
    Optional<CopyUid> copied =
        session.mail(mail -> mail.messages().copy(session.mailbox(), uids, target));
    if (session.client().policy().customs().magicTrash()) {
      copied.ifPresent(all -> session.view().copied(all.source()));
    }
    SoftQuota.tell(session, out);
    return copied.isPresent()
        ? Completion.ok(copied.get(), "COPY completed")
        : Completion.ok("COPY completed; there was no such message");
  }
}
