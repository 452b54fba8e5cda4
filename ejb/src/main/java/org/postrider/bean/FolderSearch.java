package org.postrider.bean;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import org.postrider.maildir.Folder;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.StoredMessage;
import org.postrider.protocol.SearchKey;
import org.postrider.protocol.UidSet;
import org.postrider.search.Search;

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
    UidSet.Builder found = new UidSet.Builder();
    for (StoredMessage message : among(folder.messages(uidValidity), key)) {
      found.add(message.uid());
    }
    return found.build();
  }

  /** Those of some messages of the folder that match, in their order. */
  List<StoredMessage> among(List<StoredMessage> messages, SearchKey key) throws IOException {
    Search search = Search.of(key);
    List<StoredMessage> found = new ArrayList<>();
    for (StoredMessage message : messages) {
      try {
        if (search.matches(new FolderMessage(folder, uidValidity, structures, message))) {
          found.add(message);
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
    return found;
  }
}
