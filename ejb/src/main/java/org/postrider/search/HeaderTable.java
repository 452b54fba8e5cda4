package org.postrider.search;

import java.util.Arrays;
import org.postrider.protocol.SortKey;
import org.postrider.search.MessageHeader.Text;

/**
 * What SORT and THREAD ask of many messages, in flat arrays ascending by UID: some 80 octets a
 * message, and each text once ({@link TextPool}). Immutable, but for the pool, which only grows.
 */
public final class HeaderTable {

  /** References in all; beyond it each message keeps {@link #FEW} of them. */
  private static final int MOST_REFERENCES = 4_000_000;

  private static final int FEW = 20;

  private static final int ROW_OCTETS = 4 * Long.BYTES + Text.values().length * Integer.BYTES + 5;

  private final TextPool pool;
  private final int size;
  private final long[] uids;
  private final long[] sent;
  private final long[] arrived;
  private final long[] ids;
  private final boolean[] replies;
  private final int[][] texts;

  /** The references of row i are those from {@code starts[i]} to {@code starts[i + 1]}. */
  private final int[] starts;

  private final long[] references;

  private HeaderTable(Builder rows) {
    pool = rows.pool;
    size = rows.size;
    uids = rows.uids;
    sent = rows.sent;
    arrived = rows.arrived;
    ids = rows.ids;
    replies = rows.replies;
    texts = rows.texts;
    starts = rows.starts;
    references = Arrays.copyOf(rows.references, rows.starts[rows.size]);
  }

  int size() {
    return size;
  }

  TextPool pool() {
    return pool;
  }

  /** Heap that it takes, roughly. */
  long octets() {
    return (long) size * ROW_OCTETS + (long) references.length * Long.BYTES + pool.octets();
  }

  /** The row of a message; negative where it is not in here. */
  int row(long uid) {
    return Arrays.binarySearch(uids, 0, size, uid);
  }

  long uid(int row) {
    return uids[row];
  }

  long sent(int row) {
    return sent[row];
  }

  long arrived(int row) {
    return arrived[row];
  }

  /** The message's own identifier; 0 where it has none. */
  long id(int row) {
    return ids[row];
  }

  boolean isReply(int row) {
    return replies[row];
  }

  /** The number of a text in the pool. */
  int text(int row, Text text) {
    return texts[text.ordinal()][row];
  }

  int firstReference(int row) {
    return starts[row];
  }

  /** Exclusive. */
  int lastReference(int row) {
    return starts[row + 1];
  }

  long reference(int at) {
    return references[at];
  }

  /**
   * What messages are sorted by, as numbers.
   *
   * @param key one that is in the header: neither ARRIVAL nor SIZE
   * @param messages by UID; all are in here
   */
  public long[] column(SortKey key, long[] messages) {
    Text text =
        switch (key) {
          case SUBJECT -> Text.SUBJECT;
          case FROM -> Text.FROM;
          case TO -> Text.TO;
          case CC -> Text.CC;
          case DISPLAYFROM -> Text.DISPLAY_FROM;
          case DISPLAYTO -> Text.DISPLAY_TO;
          case DATE -> null;
          case ARRIVAL, SIZE -> throw new IllegalArgumentException(key + " is in no header");
        };
    int[] ranks = text == null ? null : pool.ranks();
    long[] column = new long[messages.length];
    for (int i = 0; i < column.length; i++) {
      int row = row(messages[i]);
      column[i] = text == null ? sent(row) : ranks[text(row, text)];
    }
    return column;
  }

  /** The rows of both; they share a pool and no message. */
  HeaderTable with(HeaderTable other) {
    if (other.size == 0) {
      return this;
    }
    Builder both = new Builder(pool, size + other.size);
    int mine = 0;
    int theirs = 0;
    while (mine < size || theirs < other.size) {
      boolean isMine = theirs == other.size || (mine < size && uids[mine] < other.uids[theirs]);
      if (isMine) {
        both.copy(this, mine++);
      } else {
        both.copy(other, theirs++);
      }
    }
    return both.build();
  }

  /** The rows of messages that are still there, with a pool of their own. */
  HeaderTable only(long[] present) {
    Builder kept = new Builder(new TextPool(), present.length);
    for (long uid : present) {
      int row = row(uid);
      if (row >= 0) {
        kept.copy(this, row);
      }
    }
    return kept.build();
  }

  /** Takes rows, ascending by UID. Used by one thread. */
  static final class Builder {
    private final TextPool pool;
    private int size;
    private long[] uids;
    private long[] sent;
    private long[] arrived;
    private long[] ids;
    private boolean[] replies;
    private final int[][] texts = new int[Text.values().length][];
    private int[] starts;
    private long[] references = new long[64];

    Builder(TextPool pool, int room) {
      this.pool = pool;
      uids = new long[room];
      sent = new long[room];
      arrived = new long[room];
      ids = new long[room];
      replies = new boolean[room];
      Arrays.setAll(texts, i -> new int[room]);
      starts = new int[room + 1];
    }

    void add(long uid, MessageHeader header) {
      row(uid, header.sent(), header.arrived(), header.id(), header.reply());
      for (int i = 0; i < texts.length; i++) {
        texts[i][size] = pool.number(header.texts().get(i));
      }
      end(header.references(), 0, header.references().length);
    }

    void copy(HeaderTable table, int row) {
      row(table.uids[row], table.sent[row], table.arrived[row], table.ids[row], table.replies[row]);
      for (int i = 0; i < texts.length; i++) {
        int number = table.texts[i][row];
        texts[i][size] = table.pool == pool ? number : pool.number(table.pool.text(number));
      }
      end(table.references, table.starts[row], table.starts[row + 1]);
    }

    private void row(long uid, long sentAt, long arrivedAt, long id, boolean reply) {
      uids[size] = uid;
      sent[size] = sentAt;
      arrived[size] = arrivedAt;
      ids[size] = id;
      replies[size] = reply;
    }

    private void end(long[] source, int from, int to) {
      int start = starts[size];
      int first = start > MOST_REFERENCES ? Math.max(from, to - FEW) : from;
      int count = to - first;
      if (start + count > references.length) {
        references = Arrays.copyOf(references, Math.max(start + count, references.length * 2));
      }
      System.arraycopy(source, first, references, start, count);
      starts[++size] = start + count;
    }

    HeaderTable build() {
      return new HeaderTable(this);
    }
  }
}
