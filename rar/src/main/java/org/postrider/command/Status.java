package org.postrider.command;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.postrider.mail.MailException;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.Response;
import org.postrider.protocol.StatusItem;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Counts a mailbox without opening it: RFC 3501 section 6.3.10. */
public record Status(MailboxName name, Set<StatusItem> items) implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("STATUS").readBy(Status::read);

  /** {@code status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"} */
  static Status read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    MailboxName name = in.sp().mailbox();
    Set<StatusItem> items = EnumSet.noneOf(StatusItem.class);
    in.sp().expect('(');
    do {
      items.add(item(in));
    } while (in.skip(' '));
    in.expect(')');
    return new Status(name, items);
  }

  private static StatusItem item(CommandReader in) throws SyntaxException, IOException {
    String word = in.keyword();
    for (StatusItem item : StatusItem.values()) {
      if (item.wireName().equals(word)) {
        return item;
      }
    }
    throw in.expected("one of MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN DELETED DELETED-STORAGE");
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, IOException {
    Map<StatusItem, Long> counts =
        session.mail(mail -> mail.mailboxes().status(session.account(), name, items));
    out.write(new Response.MailboxStatus(name, counts));
    return Completion.ok("STATUS completed");
  }
}
