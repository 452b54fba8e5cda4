package org.postrider.command;

import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.ResponseWriter;

/** Removes what is marked deleted, in silence, and closes the mailbox: RFC 3501 section 6.4.2. */
public record Close() implements Command.Selected {

  static final CommandSpec SPEC = CommandSpec.named("CLOSE").readBy(in -> new Close());

  @Override
  public Completion run(Session.Selected session, ResponseWriter out) throws MailException {
    if (!session.mailbox().readOnly()) {
      expunge(session);
    }
    return Completion.ok("CLOSE completed")
        .become(new Session.Authenticated(session.client(), session.account()));
  }

  /** Who may not expunge closes all the same: RFC 4314 section 4. */
  private static void expunge(Session.Selected session) throws MailException {
    try {
      session.mail(
          mail ->
              mail.messages().expunge(session.mailbox(), Optional.empty(), session.expunging()));
    } catch (MailException e) {
      if (e.code().orElse(null) != Word.NOPERM) {
        throw e;
      }
    }
  }
}
