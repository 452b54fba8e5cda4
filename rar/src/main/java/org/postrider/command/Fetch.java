package org.postrider.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postrider.mail.MailException;
import org.postrider.mail.MessageBatch;
import org.postrider.mail.MessageData;
import org.postrider.mail.Messages;
import org.postrider.mail.StoreMode;
import org.postrider.protocol.FetchData;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.FetchItem.Attribute;
import org.postrider.protocol.Flags;
import org.postrider.protocol.MessageSet;
import org.postrider.protocol.Partial;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode.Word;
import org.postrider.protocol.Section;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;
import org.postrider.session.Command;
import org.postrider.session.CommandSpec;
import org.postrider.session.Completion;
import org.postrider.session.Session;
import org.postrider.wire.CommandReader;
import org.postrider.wire.ResponseWriter;
import org.postrider.wire.SyntaxException;

/** Reads messages: RFC 3501 section 6.4.5. */
public record Fetch(MessageSet messages, List<FetchItem> items) implements Command.Selected {

  static final CommandSpec SPEC =
      CommandSpec.named("FETCH").withUidForm().holdingExpunge().readBy(Fetch::read);

  /** More items in one command are nobody's honest wish; each may be a whole message. */
  private static final int MAX_ITEMS = 200;

  /**
   * {@code fetch = "FETCH" SP sequence-set SP ("ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att
   * *(SP fetch-att) ")")}
   */
  static Fetch read(CommandReader in) throws SyntaxException, IOException {
    MessageSet messages = in.sp().messageSet();
    in.sp();
    List<FetchItem> items = new ArrayList<>();
    if (messages.uids()) {
      items.add(Attribute.UID);
    }
    if (in.skip('(')) {
      do {
        items.add(item(in, in.keyword()));
        if (items.size() > MAX_ITEMS) {
          throw in.expected("at most " + MAX_ITEMS + " items");
        }
      } while (in.skip(' '));
      in.expect(')');
    } else {
      readMacroOrItem(in, items);
    }
    return new Fetch(messages, List.copyOf(items));
  }

  private static void readMacroOrItem(CommandReader in, List<FetchItem> items)
      throws SyntaxException, IOException {
    String word = in.keyword();
    switch (word) {
      case "FAST", "ALL", "FULL" -> {
        items.addAll(List.of(Attribute.FLAGS, Attribute.INTERNALDATE, Attribute.RFC822_SIZE));
        if (!word.equals("FAST")) {
          items.add(Attribute.ENVELOPE);
        }
        if (word.equals("FULL")) {
          items.add(Attribute.BODY);
        }
      }
      default -> items.add(item(in, word));
    }
  }

  private static FetchItem item(CommandReader in, String word) throws SyntaxException, IOException {
    return switch (word) {
      case "UID" -> Attribute.UID;
      case "FLAGS" -> Attribute.FLAGS;
      case "INTERNALDATE" -> Attribute.INTERNALDATE;
      case "ENVELOPE" -> Attribute.ENVELOPE;
      case "BODYSTRUCTURE" -> Attribute.BODYSTRUCTURE;
      case "RFC822.SIZE" -> Attribute.RFC822_SIZE;
      case "RFC822" -> whole(Section.Text.ALL, false, FetchItem.Body.Name.RFC822);
      case "RFC822.HEADER" -> whole(Section.Text.HEADER, true, FetchItem.Body.Name.RFC822_HEADER);
      case "RFC822.TEXT" -> whole(Section.Text.TEXT, false, FetchItem.Body.Name.RFC822_TEXT);
      case "BODY" -> in.at('[') ? body(in, false) : Attribute.BODY;
      case "BODY.PEEK" -> body(in, true);
      default -> throw in.expected("a FETCH item; " + word + " is none");
    };
  }

  private static FetchItem whole(Section.Text text, boolean peek, FetchItem.Body.Name name) {
    return new FetchItem.Body(
        new Section(List.of(), text, List.of()), Optional.empty(), peek, name);
  }

  /** {@code section ["<" number "." nz-number ">"]} */
  private static FetchItem body(CommandReader in, boolean peek)
      throws SyntaxException, IOException {
    in.expect('[');
    Section section = section(in);
    in.expect(']');
    Optional<Partial> partial = Optional.empty();
    if (in.skip('<')) {
      long offset = in.number();
      in.expect('.');
      partial = Optional.of(new Partial(offset, in.nzNumber()));
      in.expect('>');
    }
    return new FetchItem.Body(section, partial, peek, FetchItem.Body.Name.BODY);
  }

  /** {@code section-spec = section-msgtext / (section-part ["." section-text])} */
  private static Section section(CommandReader in) throws SyntaxException, IOException {
    List<Long> part = new ArrayList<>();
    Section.Text text = Section.Text.ALL;
    List<String> fields = new ArrayList<>();
    boolean more = !in.at(']');
    while (more) {
      if (in.atDigit()) {
        part.add(in.nzNumber());
        more = in.skip('.');
      } else {
        text = text(in);
        more = false;
      }
    }
    if (text.namesFields()) {
      in.sp().expect('(');
      do {
        fields.add(in.astring());
      } while (in.skip(' '));
      in.expect(')');
    }
    try {
      return new Section(part, text, fields);
    } catch (IllegalArgumentException e) {
      throw in.expected("another section: " + e.getMessage());
    }
  }

  private static Section.Text text(CommandReader in) throws SyntaxException, IOException {
    String word = in.keyword();
    for (Section.Text text : Section.Text.values()) {
      if (text != Section.Text.ALL && text.wireName().equals(word)) {
        return text;
      }
    }
    throw in.expected("a part number, HEADER, HEADER.FIELDS, HEADER.FIELDS.NOT, TEXT or MIME");
  }

  @Override
  public Completion run(Session.Selected session, ResponseWriter out)
      throws MailException, SyntaxException, IOException {
    UidSet uids = session.view().resolve(messages);
    long[] wanted = uids.toArray();
    boolean bodies = items.stream().anyMatch(item -> item instanceof FetchItem.Body);
    int step = bodies ? Messages.LITERAL_BATCH : Messages.FETCH_BATCH;
    long answered = 0;
    for (int from = 0; from < wanted.length; from += step) {
      UidSet batch = slice(wanted, from, Math.min(from + step, wanted.length));
      try (MessageBatch read =
          session.mail(mail -> mail.messages().fetch(session.mailbox(), batch, items))) {
        for (MessageData message : read.messages()) {
          tell(session, message, out);
        }
        answered += read.messages().size();
      }
    }
    if (!session.mailbox().readOnly() && items.stream().anyMatch(FetchItem::setsSeen)) {
      markSeen(session, uids);
    }
    return answered == wanted.length
        ? Completion.ok("FETCH completed")
        : Completion.ok(Word.EXPUNGEISSUED, "FETCH completed; some of these messages are gone");
  }

  /** Who may not set {@code \Seen} reads all the same: RFC 4314 section 4. */
  private static void markSeen(Session.Selected session, UidSet uids) throws MailException {
    try {
      session.mail(
          mail ->
              mail.messages()
                  .store(session.mailbox(), uids, StoreMode.ADD, Flags.of(SystemFlag.SEEN)));
    } catch (MailException e) {
      if (e.code().orElse(null) != Word.NOPERM) {
        throw e;
      }
    }
  }

  private static UidSet slice(long[] uids, int from, int to) {
    UidSet.Builder slice = new UidSet.Builder();
    for (int i = from; i < to; i++) {
      slice.add(uids[i]);
    }
    return slice.build();
  }

  private void tell(Session.Selected session, MessageData message, ResponseWriter out)
      throws IOException {
    List<FetchData> data = new ArrayList<>(message.data().size() + 1);
    if (items.contains(Attribute.UID)) {
      data.add(new FetchData.UidData(message.uid()));
    }
    for (FetchData answer : message.data()) {
      data.add(
          answer instanceof FetchData.FlagsData(Flags flags)
              ? session.view().flags(message.uid(), flags, out)
              : answer);
    }
    out.write(new Response.Fetch(session.view().number(message.uid()), data));
  }
}
