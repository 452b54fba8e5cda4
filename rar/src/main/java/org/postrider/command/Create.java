package org.postrider.command;

import java.io.IOException;
import org.postrider.mail.MailException;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Makes a mailbox: RFC 3501 section 6.3.3.
 *
 * @param onlyLevel true where the name ended in the separator: the client declares that it will
 *     create mailboxes below it, and nothing needs to be made for that
 */
public record Create(MailboxName name, boolean onlyLevel) implements Command.Authenticated {

  static final CommandSpec SPEC = CommandSpec.named("CREATE").readBy(Create::read);

  /** {@code create = "CREATE" SP mailbox} */
  static Create read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    String name = in.sp().reference();
    boolean onlyLevel = name.length() > 1 && name.endsWith(String.valueOf(MailboxName.SEPARATOR));
    return new Create(
        MailboxName.parse(onlyLevel ? name.substring(0, name.length() - 1) : name), onlyLevel);
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out) throws MailException {
    if (onlyLevel) {
      return Completion.ok("CREATE completed; the level appears with the first mailbox below it");
    }
    session.mail(
        mail -> {
          mail.mailboxes().create(session.account(), name);
          return null;
        });
    return Completion.ok("CREATE completed");
  }
}
