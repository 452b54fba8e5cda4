package org.postrider.command;

import java.io.IOException;
import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.protocol.MessageSet;
import org.postrider.protocol.UidSet;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Removes messages that are marked deleted: RFC 3501 section 6.4.3; with {@code UID}, only those
 * named: RFC 4315 section 2.1. The EXPUNGE responses are the updates that its completion allows.
 */
public record Expunge(Optional<MessageSet> among) implements Command.Selected {

  static final CommandSpec SPEC =
      CommandSpec.named("EXPUNGE")
          .withUidForm()
          .advertising("XMAGICTRASH", session -> session.client().policy().customs().magicTrash())
          .readBy(Expunge::read);

  /** {@code "EXPUNGE" / "UID" SP "EXPUNGE" SP sequence-set} */
  static Expunge read(CommandReader in) throws SyntaxException, IOException {
    return new Expunge(in.readsUids() ? Optional.of(in.sp().messageSet()) : Optional.empty());
  }

  @Override
  public Completion run(Session.Selected session, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    Optional<UidSet> uids =
        among.isPresent() ? Optional.of(session.view().resolve(among.get())) : Optional.empty();
    session.mail(mail -> mail.messages().expunge(session.mailbox(), uids, session.expunging()));
    return Completion.ok("EXPUNGE completed");
  }
}
