package org.postrider.search;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.postrider.message.AddressParser;
import org.postrider.message.DateField;
import org.postrider.message.EncodedWords;
import org.postrider.message.HeaderFields;
import org.postrider.protocol.Address;

/**
 * What SORT and THREAD ask of a message's header, made ready to be compared.
 *
 * @param sent seconds since 1970: the Date field as a point in time, else the internal date
 * @param arrived internal date in seconds since 1970
 * @param texts a key ({@link UnicodeCasemap}) for each {@link Text}, in their order
 * @param reply true where the subject says so
 * @param id the message's own identifier; 0 where it has none
 * @param references identifiers of those it answers, the first one farthest
 * @rfc 5256 2 and 3
 */
public record MessageHeader(
    long sent, long arrived, List<byte[]> texts, boolean reply, long id, long[] references) {

  /** A text that messages are compared by. */
  enum Text {
    SUBJECT,
    FROM,
    TO,
    CC,
    DISPLAY_FROM,
    DISPLAY_TO
  }

  /**
   * References of one message. Of more the last ones count, which are those nearest to it; mail has
   * some dozens.
   */
  static final int MOST_REFERENCES = 1000;

  private static final int MAX_FIELD = 128 * 1024;
  private static final long[] NO_REFERENCES = {};

  /** The fields that count; of several of one name, the first that says something. */
  private enum Field {
    DATE,
    SUBJECT,
    FROM,
    TO,
    CC,
    MESSAGE_ID,
    REFERENCES,
    IN_REPLY_TO
  }

  private static final Map<String, Field> FIELDS =
      Map.of(
          "date", Field.DATE,
          "subject", Field.SUBJECT,
          "from", Field.FROM,
          "to", Field.TO,
          "cc", Field.CC,
          "message-id", Field.MESSAGE_ID,
          "references", Field.REFERENCES,
          "in-reply-to", Field.IN_REPLY_TO);

  /** A message of which no more can be told than when it came. */
  public static MessageHeader unreadable(Instant arrived) {
    return new Reading().header(arrived);
  }

  /** Reads the header at the beginning of a file, in one pass. */
  public static MessageHeader read(FileChannel file, Instant arrived) throws IOException {
    Reading reading = new Reading();
    try (HeaderFields fields = HeaderFields.of(file, MAX_FIELD)) {
      while (fields.next()) {
        Field field = FIELDS.get(fields.name().toLowerCase(Locale.ROOT));
        if (field != null) {
          reading.field(field, fields);
        }
      }
    }
    return reading.header(arrived);
  }

  /** What was found so far. */
  private static final class Reading {
    private Optional<OffsetDateTime> date = Optional.empty();
    private String subject;
    private Address from;
    private Address to;
    private Address cc;
    private long id;
    private long[] references = NO_REFERENCES;
    private long inReplyTo;

    void field(Field name, HeaderFields field) {
      switch (name) {
        case DATE -> date = date.isPresent() ? date : DateField.parse(field.value());
        case SUBJECT -> subject = subject == null ? field.value() : subject;
        case FROM -> from = from == null ? address(field) : from;
        case TO -> to = to == null ? address(field) : to;
        case CC -> cc = cc == null ? address(field) : cc;
        case MESSAGE_ID -> id = id == 0 ? MessageIds.first(field.value()) : id;
        case REFERENCES ->
            references =
                references.length == 0
                    ? MessageIds.all(field.value(), MOST_REFERENCES)
                    : references;
        case IN_REPLY_TO ->
            inReplyTo = inReplyTo == 0 ? MessageIds.first(field.value()) : inReplyTo;
      }
    }

    private static Address address(HeaderFields field) {
      List<Address> addresses = AddressParser.parse(field.value(), 1);
      return addresses.isEmpty() ? null : addresses.getFirst();
    }

    MessageHeader header(Instant arrived) {
      BaseSubject base = BaseSubject.of(subject == null ? "" : EncodedWords.decode(subject));
      boolean answers = references.length == 0 && inReplyTo != 0;
      return new MessageHeader(
          date.map(OffsetDateTime::toEpochSecond).orElse(arrived.getEpochSecond()),
          arrived.getEpochSecond(),
          List.of(
              UnicodeCasemap.key(base.text()),
              UnicodeCasemap.key(mailbox(from)),
              UnicodeCasemap.key(mailbox(to)),
              UnicodeCasemap.key(mailbox(cc)),
              UnicodeCasemap.key(display(from)),
              UnicodeCasemap.key(display(to))),
          base.reply(),
          id,
          answers ? new long[] {inReplyTo} : references);
    }

    private static String mailbox(Address address) {
      return address == null || address.mailbox() == null ? "" : address.mailbox();
    }

    /** The name, decoded; else the address: RFC 5957 section 3. */
    private static String display(Address address) {
      if (address == null) {
        return "";
      }
      String name = address.name() == null ? "" : EncodedWords.decode(address.name());
      if (!name.isEmpty()) {
        return name;
      }
      return address.mailbox() != null && address.host() != null
          ? address.mailbox() + "@" + address.host()
          : mailbox(address);
    }
  }
}
