package org.postrider.bean;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postrider.maildir.Folder;
import org.postrider.maildir.MaildirException;
import org.postrider.maildir.OpenMessage;
import org.postrider.maildir.StoredMessage;
import org.postrider.protocol.MessageThreads;
import org.postrider.protocol.SearchKey;
import org.postrider.protocol.SortCriterion;
import org.postrider.protocol.SortKey;
import org.postrider.protocol.ThreadAlgorithm;
import org.postrider.search.FolderHeaders;
import org.postrider.search.HeaderTable;
import org.postrider.search.MessageHeader;
import org.postrider.search.Ordering;
import org.postrider.search.Threading;

/**
 * Finds messages of a folder and puts them in order, or in threads. Headers are read once, on all
 * cores, and remembered. A message that can't be read is sorted as if its header were empty.
 */
final class FolderOrdering {

  private static final System.Logger LOG = System.getLogger(FolderOrdering.class.getName());

  private final Folder folder;
  private final long uidValidity;
  private final Structures structures;
  private final HeaderTables tables;

  FolderOrdering(Folder folder, long uidValidity, Structures structures, HeaderTables tables) {
    this.folder = folder;
    this.uidValidity = uidValidity;
    this.structures = structures;
    this.tables = tables;
  }

  long[] sort(List<SortCriterion> order, SearchKey key) throws IOException, MaildirException {
    List<StoredMessage> all = folder.messages(uidValidity);
    List<StoredMessage> found = found(all, key);
    boolean needsHeaders =
        order.stream().anyMatch(one -> one.key() != SortKey.ARRIVAL && one.key() != SortKey.SIZE);
    HeaderTable headers = needsHeaders ? headers(all, found) : null;
    long[][] columns = new long[order.size()][];
    boolean[] reverse = new boolean[order.size()];
    for (int i = 0; i < columns.length; i++) {
      SortKey by = order.get(i).key();
      columns[i] =
          switch (by) {
            case ARRIVAL -> arrivals(found);
            case SIZE -> sizes(found);
            default -> headers.column(by, uids(found));
          };
      reverse[i] = order.get(i).reverse();
    }
    int[] sorted = new Ordering(columns, reverse).sorted(found.size());
    long[] uids = new long[sorted.length];
    for (int i = 0; i < sorted.length; i++) {
      uids[i] = found.get(sorted[i]).uid();
    }
    return uids;
  }

  MessageThreads thread(ThreadAlgorithm algorithm, SearchKey key)
      throws IOException, MaildirException {
    List<StoredMessage> all = folder.messages(uidValidity);
    List<StoredMessage> found = found(all, key);
    return new Threading(headers(all, found), uids(found)).run(algorithm);
  }

  private List<StoredMessage> found(List<StoredMessage> all, SearchKey key) throws IOException {
    return new FolderSearch(folder, uidValidity, structures).among(all, key);
  }

  private static long[] uids(List<StoredMessage> messages) {
    return messages.stream().mapToLong(StoredMessage::uid).toArray();
  }

  private long[] arrivals(List<StoredMessage> found) throws IOException {
    long[] arrivals = new long[found.size()];
    AllCores.forEach(
        arrivals.length,
        i -> {
          try {
            Optional<Instant> date = folder.date(uidValidity, found.get(i));
            arrivals[i] = date.orElse(Instant.EPOCH).getEpochSecond();
          } catch (MaildirException e) {
            arrivals[i] = 0; // closed meanwhile: the next look says so
          }
        });
    return arrivals;
  }

  private long[] sizes(List<StoredMessage> found) throws IOException {
    long[] sizes = new long[found.size()];
    AllCores.forEach(
        sizes.length,
        i -> {
          StoredMessage message = found.get(i);
          try {
            sizes[i] = new FolderMessage(folder, uidValidity, structures, message).wireSize();
          } catch (FileNotFoundException e) {
            sizes[i] = 0; // gone meanwhile, or logged by the folder
          } catch (IOException e) {
            complain(message, e);
          }
        });
    return sizes;
  }

  private HeaderTable headers(List<StoredMessage> all, List<StoredMessage> found)
      throws IOException {
    FolderHeaders headers = tables.of(folder.directory(), uidValidity);
    Map<Long, StoredMessage> byUid = new HashMap<>();
    long before = headers.octets();
    HeaderTable table =
        headers.of(
            uids(all),
            uids(found),
            uids -> {
              if (byUid.isEmpty()) {
                found.forEach(message -> byUid.put(message.uid(), message));
              }
              return read(uids, byUid);
            });
    if (headers.octets() != before) {
      tables.grown(folder.directory(), headers);
    }
    return table;
  }

  private MessageHeader[] read(long[] uids, Map<Long, StoredMessage> byUid) throws IOException {
    MessageHeader[] headers = new MessageHeader[uids.length];
    AllCores.forEach(uids.length, i -> headers[i] = read(byUid.get(uids[i])));
    return headers;
  }

  private MessageHeader read(StoredMessage message) throws IOException {
    try {
      Optional<OpenMessage> open = folder.open(uidValidity, message);
      if (open.isEmpty()) {
        return null;
      }
      try (OpenMessage file = open.get()) {
        return MessageHeader.read(file.file(), file.date());
      }
    } catch (MaildirException e) {
      return null; // closed meanwhile: the next look says so
    } catch (IOException e) {
      complain(message, e);
      return null;
    }
  }

  private void complain(StoredMessage message, IOException e) throws IOException {
    if (e instanceof ClosedByInterruptException) {
      throw e;
    }
    LOG.log(
        System.Logger.Level.WARNING,
        "A message can't be sorted: " + folder.directory() + " " + message.base(),
        e);
  }
}
