package org.postrider.bean;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postrider.mail.MessageBatch;
import org.postrider.mail.MessageData;
import org.postrider.maildir.Folder;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.OpenMessage;
import org.postrider.maildir.StoredMessage;
import org.postrider.message.MessageParser;
import org.postrider.message.Structure;
import org.postrider.message.WireSize;
import org.postrider.protocol.FetchData;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.FetchItem.Attribute;
import org.postrider.protocol.Literal;
import org.postrider.protocol.Section;
import org.postrider.protocol.UidSet;

/**
 * Reads what FETCH asks of some messages of a folder. A file is opened only where it has to be, and
 * parsed only where its structure is asked for; it stays open where a literal names a region of it.
 */
final class MessageReading {

  private static final System.Logger LOG = System.getLogger(MessageReading.class.getName());

  private final Folder folder;
  private final long uidValidity;
  private final Structures structures;
  private final List<FetchItem> items;
  private final boolean needsStructure;
  private final List<OpenMessage> files = new ArrayList<>();

  MessageReading(Folder folder, long uidValidity, Structures structures, List<FetchItem> items) {
    this.folder = folder;
    this.uidValidity = uidValidity;
    this.structures = structures;
    this.items = items;
    this.needsStructure = items.stream().anyMatch(MessageReading::isOfStructure);
  }

  private static boolean isOfStructure(FetchItem item) {
    return item == Attribute.BODY
        || item == Attribute.BODYSTRUCTURE
        || (item instanceof FetchItem.Body body && !isWhole(body));
  }

  /** The whole message needs nothing but its size. */
  private static boolean isWhole(FetchItem.Body body) {
    return body.section().equals(Section.WHOLE) && body.partial().isEmpty();
  }

  MessageBatch read(UidSet uids) throws IOException, MaildirException {
    List<MessageData> answers = new ArrayList<>();
    boolean whole = false;
    try {
      for (StoredMessage message : folder.messages(uidValidity, uids)) {
        try (OneMessage one = new OneMessage(message)) {
          one.read().ifPresent(answers::add);
        }
      }
      whole = true;
      return new MessageBatch(answers, files);
    } finally {
      if (!whole) {
        new MessageBatch(List.of(), files).close();
      }
    }
  }

  /** One message while it is read. */
  private final class OneMessage implements AutoCloseable {
    private final StoredMessage message;
    private OpenMessage file;
    private boolean gone;
    private boolean kept;
    private Structure structure;
    private long wireSize;

    OneMessage(StoredMessage message) {
      this.message = message;
      this.wireSize = message.wireSize();
    }

    /** Empty where it is gone, or can't be read. */
    Optional<MessageData> read() throws IOException, MaildirException {
      List<FetchData> data = new ArrayList<>(items.size());
      try {
        for (FetchItem item : items) {
          FetchData answer = answer(item);
          if (gone) {
            return Optional.empty();
          }
          if (answer != null) {
            data.add(answer);
          }
        }
      } catch (IOException e) {
        if (e instanceof java.nio.channels.ClosedByInterruptException) {
          throw e;
        }
        LOG.log(
            System.Logger.Level.WARNING,
            "A message can't be read: " + folder.directory() + " " + message.base(),
            e);
        return Optional.empty();
      }
      return Optional.of(new MessageData(message.uid(), data));
    }

    private FetchData answer(FetchItem item) throws IOException, MaildirException {
      return switch (item) {
        case Attribute attribute -> answer(attribute);
        case FetchItem.Body body -> isOpen() ? new FetchData.BodyData(body, literal(body)) : null;
      };
    }

    private FetchData answer(Attribute attribute) throws IOException, MaildirException {
      return switch (attribute) {
        case UID -> null;
        case FLAGS -> new FetchData.FlagsData(message.flags());
        case INTERNALDATE -> date();
        case RFC822_SIZE -> wireSize >= 0 || isOpen() ? new FetchData.SizeData(wireSize()) : null;
        case ENVELOPE -> envelope();
        case BODY ->
            isOpen() ? new FetchData.StructureData(structure().bodyStructure(), false) : null;
        case BODYSTRUCTURE ->
            isOpen() ? new FetchData.StructureData(structure().bodyStructure(), true) : null;
      };
    }

    private FetchData date() throws IOException, MaildirException {
      Optional<Instant> date =
          file == null ? folder.date(uidValidity, message) : Optional.of(file.date());
      gone = date.isEmpty();
      return gone ? null : new FetchData.InternalDateData(inOurZone(date.get()));
    }

    private FetchData envelope() throws IOException, MaildirException {
      Structure known =
          structure == null ? structures.known(folder.directory(), message) : structure;
      if (known != null) {
        return new FetchData.EnvelopeData(known.envelope());
      }
      if (!isOpen()) {
        return null;
      }
      return new FetchData.EnvelopeData(
          needsStructure ? structure().envelope() : MessageParser.parseHeader(file.file()));
    }

    private Literal literal(FetchItem.Body body) throws IOException {
      Literal literal;
      if (isWhole(body)) {
        long size = wireSize();
        literal =
            size == file.size()
                ? new Literal.FileRegion(file.file(), 0, size)
                : new Literal.CrlfRegion(file.file(), 0, file.size(), 0, size);
      } else {
        literal = structure().literal(body, file.file());
      }
      kept |= !(literal instanceof Literal.Octets);
      return literal;
    }

    private long wireSize() throws IOException {
      if (wireSize < 0) {
        Structure known =
            needsStructure ? structure() : structures.known(folder.directory(), message);
        wireSize = known == null ? WireSize.of(file.file()) : known.wireSize();
        folder.remember(message, wireSize, message.date());
      }
      return wireSize;
    }

    private Structure structure() throws IOException {
      if (structure == null) {
        FileChannel channel = file.file();
        structure = structures.of(folder.directory(), message, channel);
        if (wireSize < 0) {
          wireSize = structure.wireSize();
          folder.remember(message, wireSize, message.date());
        }
      }
      return structure;
    }

    private boolean isOpen() throws MaildirException {
      if (file == null && !gone) {
        file = folder.open(uidValidity, message).orElse(null);
        gone = file == null;
      }
      return file != null;
    }

    @Override
    public void close() throws IOException {
      if (file != null && kept) {
        files.add(file);
      } else if (file != null) {
        file.close();
      }
    }
  }

  /** As Courier tells dates: in the zone of the server. */
  static OffsetDateTime inOurZone(Instant date) {
    return date.atZone(ZoneId.systemDefault()).toOffsetDateTime();
  }
}
