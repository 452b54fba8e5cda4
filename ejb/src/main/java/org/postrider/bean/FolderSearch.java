package org.postrider.bean;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.postrider.maildir.Folder;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.OpenMessage;
import org.postrider.maildir.StoredMessage;
import org.postrider.message.Structure;
import org.postrider.message.WireSize;
import org.postrider.protocol.Flags;
import org.postrider.protocol.SearchKey;
import org.postrider.protocol.UidSet;
import org.postrider.search.Search;
import org.postrider.search.SearchableMessage;

/** Asks the messages of a folder, one after the other; those that can't be read match nothing. */
final class FolderSearch {

  private static final System.Logger LOG = System.getLogger(FolderSearch.class.getName());

  private final Folder folder;
  private final long uidValidity;
  private final Structures structures;

  FolderSearch(Folder folder, long uidValidity, Structures structures) {
    this.folder = folder;
    this.uidValidity = uidValidity;
    this.structures = structures;
  }

  UidSet run(SearchKey key) throws IOException, MaildirException {
    Search search = Search.of(key);
    UidSet.Builder found = new UidSet.Builder();
    for (StoredMessage message : folder.messages(uidValidity)) {
      try {
        if (search.matches(new Searched(message))) {
          found.add(message.uid());
        }
      } catch (FileNotFoundException e) {
        continue; // gone meanwhile, or logged by the folder
      } catch (ClosedByInterruptException e) {
        throw e;
      } catch (IOException | UncheckedIOException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "A message can't be searched: " + folder.directory() + " " + message.base(),
            e);
      }
    }
    return found.build();
  }

  /** A message of the folder, as the search asks it. */
  private final class Searched implements SearchableMessage {
    private final StoredMessage message;

    Searched(StoredMessage message) {
      this.message = message;
    }

    @Override
    public long uid() {
      return message.uid();
    }

    @Override
    public Flags flags() {
      return message.flags();
    }

    @Override
    public OffsetDateTime internalDate() {
      try {
        Instant date = folder.date(uidValidity, message).orElse(Instant.EPOCH);
        return MessageReading.inOurZone(date);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (MaildirException e) {
        throw new UncheckedIOException(new IOException(e));
      }
    }

    @Override
    public long wireSize() throws IOException {
      if (message.wireSize() >= 0) {
        return message.wireSize();
      }
      try (FileChannel file = open()) {
        long size = WireSize.of(file);
        folder.remember(message, size, message.date());
        return size;
      }
    }

    @Override
    public FileChannel open() throws IOException {
      try {
        return folder
            .open(uidValidity, message)
            .map(OpenMessage::file)
            .orElseThrow(() -> new FileNotFoundException(message.base()));
      } catch (MaildirException e) {
        throw new FileNotFoundException(message.base());
      }
    }

    @Override
    public Structure structure(FileChannel file) throws IOException {
      return structures.of(folder.directory(), message, file);
    }
  }
}
