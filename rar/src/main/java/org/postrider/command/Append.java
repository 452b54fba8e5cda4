package org.postrider.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.postrider.mail.Delivery;
import org.postrider.mail.MailException;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.ResponseCode;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.IncomingLiteral;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/**
 * Puts a message into a mailbox: RFC 3501 section 6.3.11, with the UID that RFC 4315 answers.
 * Mailbox and room are checked before the client is asked for the message, which goes from socket
 * to file and is never held.
 *
 * @param wrapped true where the literal came as {@code UTF8 (~{...})}: RFC 6855 section 4
 */
public record Append(
    MailboxName name,
    Flags flags,
    Optional<OffsetDateTime> date,
    IncomingLiteral message,
    boolean wrapped)
    implements Command.Authenticated {

  static final CommandSpec SPEC =
      CommandSpec.named("APPEND").advertising("UIDPLUS").readBy(Append::read);

  /** {@code append = "APPEND" SP mailbox [SP flag-list] [SP date-time] SP literal} */
  static Append read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    MailboxName name = in.sp().mailbox();
    in.sp();
    Flags flags = Flags.NONE;
    if (in.at('(')) {
      flags = in.flagList();
      in.sp();
    }
    Optional<OffsetDateTime> date = Optional.empty();
    if (in.at('"')) {
      date = Optional.of(in.dateTime());
      in.sp();
    }
    boolean wrapped = in.utf8Enabled() && (in.at('U') || in.at('u'));
    if (wrapped) {
      if (!in.keyword().equals("UTF8")) {
        throw in.expected("UTF8 or a literal");
      }
      in.sp().expect('(').expect('~'); // literal8, and nothing else
    }
    return new Append(name, flags, date, in.messageLiteral(), wrapped);
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    Store.requireKeywords(session, flags);
    try (Delivery delivery =
        session.mail(
            mail ->
                mail.messages().prepare(session.account(), name, flags, date, message.size()))) {
      message.accept();
      Intake intake = new Intake(delivery);
      message.transferTo(intake);
      CommandReader in = session.client().reader();
      if (wrapped) {
        in.expect(')');
      }
      in.endOfLine();
      intake.check();
      ResponseCode.AppendUid stored =
          session.mail(mail -> mail.messages().deliver(List.of(delivery)));
      SoftQuota.tell(session, out);
      return Completion.ok(stored, "APPEND completed");
    }
  }

  /**
   * Passes octets to the file; after a failure of the disk it lets the rest of the literal go by.
   */
  private static final class Intake implements IncomingLiteral.Sink {
    private final Delivery delivery;
    private MailException failure;

    Intake(Delivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public void take(ByteBuffer octets) {
      if (failure == null) {
        try {
          delivery.write(octets);
        } catch (MailException e) {
          failure = e;
        }
      }
    }

    void check() throws MailException {
      if (failure != null) {
        throw failure;
      }
    }
  }
}
