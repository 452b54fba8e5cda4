package org.postrider.command;

import java.io.IOException;
import java.util.List;
import org.postrider.mail.MailException;
import org.postrider.mail.MailboxEntry;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.MailboxPattern;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Lists mailboxes: RFC 3501 section 6.3.8, with the attributes of RFC 3348. */
public record ListMailboxes(String reference, String pattern) implements Command.Authenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("LIST").advertising("CHILDREN").readBy(ListMailboxes::read);

  /**
   * Longest pattern: longer than any name, and short enough to be matched against thousands of
   * them.
   */
  static final int MAX_PATTERN = 1000;

  /** {@code list = "LIST" SP mailbox SP list-mailbox} */
  static ListMailboxes read(CommandReader in)
      throws SyntaxException, MailboxNameException, IOException {
    String reference = in.sp().reference();
    return new ListMailboxes(reference, in.sp().listMailbox());
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, IOException {
    if (pattern.isEmpty()) {
      out.write(new Response.Mailbox(false, List.of("\\Noselect"), ""));
      return Completion.ok("LIST completed");
    }
    MailboxPattern wanted = bounded(reference, pattern);
    for (MailboxEntry entry :
        session.mail(mail -> mail.mailboxes().list(session.account(), wanted))) {
      out.write(
          new Response.Mailbox(
              false, session.client().attributes(entry.attributes()), entry.name().value()));
    }
    return Completion.ok("LIST completed");
  }

  /** Reference and pattern as one, unless they are absurdly long. */
  static MailboxPattern bounded(String reference, String pattern) throws MailException {
    if (reference.length() + pattern.length() > MAX_PATTERN) {
      throw new MailException(Word.LIMIT, "A pattern has at most " + MAX_PATTERN + " characters.");
    }
    return MailboxPattern.of(reference, pattern);
  }
}
