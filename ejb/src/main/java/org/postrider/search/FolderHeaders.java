package org.postrider.search;

import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The headers of one folder's messages as far as SORT or THREAD asked for them; a message never
 * changes, so that what was read once holds for as long as its UID does.
 *
 * <p>Safe for threads. Who asks for headers that somebody is reading waits for them instead of
 * reading them as well.
 */
public final class FolderHeaders {

  /** Headers that are read at once, before they are packed. */
  private static final int BATCH = 4096;

  /** Reads headers. */
  @FunctionalInterface
  public interface Source {

    /**
     * The headers of messages, in their order.
     *
     * @return null for one that can't be read: it counts as empty, and is asked for again
     */
    MessageHeader[] read(long[] uids) throws IOException;
  }

  private final long uidValidity;
  private final ReentrantLock filling = new ReentrantLock();
  private volatile HeaderTable table = new HeaderTable.Builder(new TextPool(), 0).build();

  public FolderHeaders(long uidValidity) {
    this.uidValidity = uidValidity;
  }

  public long uidValidity() {
    return uidValidity;
  }

  /** Heap that it takes, roughly. */
  public long octets() {
    return table.octets();
  }

  /**
   * The headers of some messages, and maybe of others.
   *
   * @param present all messages of the folder, ascending
   * @param wanted some of them, ascending
   */
  public HeaderTable of(long[] present, long[] wanted, Source source) throws IOException {
    if (missing(wanted).length == 0) {
      return table;
    }
    filling.lock();
    try {
      return fill(present, wanted, source);
    } finally {
      filling.unlock();
    }
  }

  private HeaderTable fill(long[] present, long[] wanted, Source source) throws IOException {
    if (table.size() > 2 * present.length + BATCH) {
      table = table.only(present);
    }
    long[] missing = missing(wanted);
    HeaderTable.Builder read = new HeaderTable.Builder(table.pool(), missing.length);
    HeaderTable.Builder unreadable = new HeaderTable.Builder(table.pool(), missing.length);
    for (int from = 0; from < missing.length; from += BATCH) {
      long[] batch = Arrays.copyOfRange(missing, from, Math.min(from + BATCH, missing.length));
      MessageHeader[] headers = source.read(batch);
      for (int i = 0; i < batch.length; i++) {
        if (headers[i] != null) {
          read.add(batch[i], headers[i]);
        } else {
          unreadable.add(batch[i], MessageHeader.unreadable(Instant.EPOCH));
        }
      }
    }
    table = table.with(read.build());
    return table.with(unreadable.build());
  }

  private long[] missing(long[] wanted) {
    HeaderTable known = table;
    return known.size() == 0
        ? wanted
        : Arrays.stream(wanted).filter(uid -> known.row(uid) < 0).toArray();
  }
}
