package org.postrider.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.postrider.mail.FlagChange;
import org.postrider.mail.MailException;
import org.postrider.mail.StoreMode;
import org.postrider.mail.Stored;
import org.postrider.protocol.FetchData;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MessageSet;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.UidSet;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Changes flags: RFC 3501 section 6.4.6. */
public record Store(MessageSet messages, StoreMode mode, boolean silent, Flags flags)
    implements Command.Selected {

  static final CommandSpec SPEC =
      CommandSpec.named("STORE").withUidForm().holdingExpunge().readBy(Store::read);

  /**
   * {@code store = "STORE" SP sequence-set SP ["+" / "-"] "FLAGS" [".SILENT"] SP (flag-list / (flag
   * *(SP flag)))}
   */
  static Store read(CommandReader in) throws SyntaxException, IOException {
    MessageSet messages = in.sp().messageSet();
    in.sp();
    StoreMode mode =
        in.skip('+') ? StoreMode.ADD : in.skip('-') ? StoreMode.REMOVE : StoreMode.REPLACE;
    String item = in.keyword();
    if (!item.equals("FLAGS") && !item.equals("FLAGS.SILENT")) {
      throw in.expected("FLAGS or FLAGS.SILENT");
    }
    Flags flags = in.sp().flagsOfStore();
    return new Store(messages, mode, item.endsWith(".SILENT"), flags);
  }

  @Override
  public Completion run(Session.Selected session, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    UidSet uids = session.view().resolve(messages);
    requireKeywords(session, flags);
    session.notice(); // what others changed before is told, however silent this is: section 6.4.6
    Stored stored =
        session.mail(mail -> mail.messages().store(session.mailbox(), uids, mode, flags));
    session.view().madeChange(stored.modSeq());
    session.notice();
    session.view().tellKeywords(out);
    if (!silent) {
      for (FlagChange message : stored.messages()) {
        tell(session, message, out);
      }
    }
    if (mode != StoreMode.ADD) {
      SoftQuota.tell(session, out); // what is no longer marked deleted takes room again
    }
    return Completion.ok("STORE completed");
  }

  /**
   * @throws MailException CANNOT where the flags have keywords, and clients may set none
   */
  static void requireKeywords(Session session, Flags flags) throws MailException {
    if (!flags.keywords().isEmpty() && !session.client().policy().customs().keywords()) {
      throw new MailException(
          Word.CANNOT, "Keywords are switched off on this server; nothing was changed.");
    }
  }

  private void tell(Session.Selected session, FlagChange message, ResponseWriter out)
      throws IOException {
    int number = session.view().number(message.uid());
    if (number == 0) {
      return;
    }
    session.view().knowsFlags(message.uid());
    List<FetchData> data = new ArrayList<>(2);
    if (messages.uids()) {
      data.add(new FetchData.UidData(message.uid()));
    }
    data.add(session.view().flags(message.uid(), message.flags(), out));
    out.write(new Response.Fetch(number, data));
  }
}
