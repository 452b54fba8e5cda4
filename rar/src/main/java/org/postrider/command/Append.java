package org.postrider.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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
 * Puts messages into a mailbox, all of them or none: RFC 3501 section 6.3.11, RFC 3502, with the
 * UIDs that RFC 4315 answers. Mailbox and room are checked before the client is asked for a
 * message, which goes from socket to file and is never held.
 *
 * @param first of the messages; what follows it is read when it has come
 */
public record Append(MailboxName name, Message first) implements Command.Authenticated {

  /** Most messages in one command. */
  private static final int MOST_MESSAGES = 1_000;

  static final CommandSpec SPEC =
      CommandSpec.named("APPEND").advertising("UIDPLUS", "MULTIAPPEND").readBy(Append::read);

  /**
   * One message, of which the client has announced the octets.
   *
   * @param wrapped true where the literal came as {@code UTF8 (~{...})}: RFC 6855 section 4
   */
  record Message(
      Flags flags, Optional<OffsetDateTime> date, IncomingLiteral literal, boolean wrapped) {

    /** {@code append-message = [SP flag-list] [SP date-time] SP literal}, with its first space. */
    static Message read(CommandReader in) throws SyntaxException, IOException {
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
      return new Message(flags, date, in.messageLiteral(), wrapped);
    }
  }

  /** {@code append = "APPEND" SP mailbox 1*append-message} */
  static Append read(CommandReader in) throws SyntaxException, MailboxNameException, IOException {
    return new Append(in.sp().mailbox(), Message.read(in));
  }

  @Override
  public Completion run(Session.Authenticated session, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    List<Delivery> deliveries = new ArrayList<>();
    try {
      CommandReader in = session.client().reader();
      Message message = first;
      while (message != null) {
        if (deliveries.size() == MOST_MESSAGES) {
          throw new MailException(
              ResponseCode.Word.LIMIT,
              "One APPEND brings at most " + MOST_MESSAGES + " messages; nothing was stored.");
        }
        take(message, session, deliveries);
        if (message.wrapped()) {
          in.expect(')');
        }
        message = in.at(' ') ? Message.read(in) : null;
      }
      in.endOfLine();
      ResponseCode.AppendUid stored =
          session.mail(mail -> mail.messages().deliver(List.copyOf(deliveries)));
      SoftQuota.tell(session, out);
      return Completion.ok(stored, "APPEND completed");
    } finally {
      for (Delivery delivery : deliveries) {
        delivery.close();
      }
    }
  }

  private void take(Message message, Session.Authenticated session, List<Delivery> deliveries)
      throws MailException, IOException {
    Store.requireKeywords(session, message.flags());
    if (message.literal().size() == 0) {
      throw new MailException(
          ResponseCode.Word.CANNOT, "A message is not empty; nothing was stored.");
    }
    if (!deliveries.isEmpty()) {
      deliveries.getLast().end();
    }
    Delivery delivery =
        session.mail(
            mail ->
                mail.messages()
                    .prepare(
                        session.account(),
                        name,
                        message.flags(),
                        message.date(),
                        message.literal().size()));
    deliveries.add(delivery);
    message.literal().accept();
    Intake intake = new Intake(delivery);
    message.literal().transferTo(intake);
    intake.check();
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
