package org.postrider.command;

import java.io.IOException;
import org.postrider.mail.MailException;
import org.postrider.mail.Opened;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.MailboxView;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Opens a mailbox, to change it (SELECT) or only to look (EXAMINE): RFC 3501 sections 6.3.1 and
 * 6.3.2. A mailbox that was open is closed without expunging, even where this one can't be opened.
 */
public record Select(MailboxName name, boolean readOnly) implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("SELECT").readBy(in -> read(in, false));
  static final CommandSpec EXAMINE = CommandSpec.named("EXAMINE").readBy(in -> read(in, true));

  /** {@code select = "SELECT" SP mailbox} */
  private static Select read(CommandReader in, boolean readOnly)
      throws SyntaxException, MailboxNameException, IOException {
    return new Select(in.sp().mailbox(), readOnly);
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out) throws IOException {
    Opened opened;
    try {
      opened = session.mail(mail -> mail.mailboxes().open(session.account(), name, readOnly));
    } catch (MailException e) {
      return Completion.no(e.code().orElse(null), e.getMessage())
          .become(new Session.Authenticated(session.client(), session.account()));
    }
    MailboxView view = new MailboxView(opened, session.client().policy().customs().keywords());
    view.tellFlags(out);
    out.write(new Response.Exists(view.size()));
    out.write(new Response.Recent(view.recentCount()));
    if (opened.firstUnseen() > 0) {
      out.write(
          Response.Status.ok(
              new ResponseCode.Unseen(view.number(opened.firstUnseen())), "First unseen message"));
    }
    out.write(
        Response.Status.ok(
            new ResponseCode.UidValidity(opened.mailbox().uidValidity()), "UIDs are valid"));
    out.write(Response.Status.ok(new ResponseCode.UidNext(opened.uidNext()), "Next UID"));
    boolean mayWrite = !opened.mailbox().readOnly();
    return Completion.ok(
            mayWrite ? Word.READ_WRITE : Word.READ_ONLY,
            readOnly ? "EXAMINE completed" : "SELECT completed")
        .become(new Session.Selected(session.client(), session.account(), opened.mailbox(), view));
  }
}
