package org.postrider.search;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.time.OffsetDateTime;
import org.postrider.message.MessageParser;
import org.postrider.message.Structure;
import org.postrider.protocol.Flags;

/** A message as a search sees it: what is known of it, and its file for the rest. */
public interface SearchableMessage {

  long uid();

  Flags flags();

  /** With the offset in which its date is to be told. */
  OffsetDateTime internalDate();

  /** Octets on the wire. May have to be counted, but costs nothing where it is known. */
  long wireSize() throws IOException;

  /** Opens the file; called at most once for a key, and closed by the search. */
  FileChannel open() throws IOException;

  /** The structure of the message; where it is remembered it need not be parsed. */
  default Structure structure(FileChannel file) throws IOException {
    return MessageParser.parse(file);
  }
}
