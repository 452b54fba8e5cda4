package org.postrider.bean;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.postrider.search.SearchableMessage;

/** A message of a folder as a search, or a sorting, asks it. */
record FolderMessage(Folder folder, long uidValidity, Structures structures, StoredMessage message)
    implements SearchableMessage {

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
