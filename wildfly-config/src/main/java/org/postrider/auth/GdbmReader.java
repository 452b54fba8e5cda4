package org.postrider.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Reads a GDBM file, whose format {@link GdbmLayout} describes, without libgdbm: of either byte
 * order, with offsets of 64 or 32 bits. Every number in the file is checked before it is used: a
 * damaged or hostile file ends in {@link GdbmException}, never in a search without end or in more
 * memory than the file may claim.
 *
 * <p>Nothing of the file is kept in memory. A lookup is three reads: directory, bucket, record. Any
 * thread may use it, several at once. A thread that is interrupted while it reads closes the file
 * for all, as the platform has it: {@link #isOpen} tells.
 *
 * <p>The file must not be changed while it is open; writers replace it.
 */
final class GdbmReader implements Closeable {

  /** The longest key and the longest value that are read. */
  static final int KEY_MAX_OCTETS = 64 * 1024;

  static final int VALUE_MAX_OCTETS = 1024 * 1024;

  /** What this server's writer puts at the end of each of two files that belong together. */
  static final String MARK_START = "postrider pair ";

  static final int MARK_OCTETS = 64;

  private static final int BLOCK_MIN_OCTETS = 512;
  private static final int BUCKET_MAX_OCTETS = 1024 * 1024;
  private static final int DIRECTORY_BITS_MIN = 1;
  private static final int DIRECTORY_BITS_MAX = 28;

  private static final int BERKELEY_MAGIC_AT = 12;
  private static final int BERKELEY_HASH = 0x061561;
  private static final int BERKELEY_BTREE = 0x053162;

  private final Path file;
  private final FileChannel channel;
  private final long size;
  private final ByteOrder order;
  private final GdbmLayout layout;
  private final int blockSize;
  private final long directory;
  private final int directoryBits;
  private final int bucketSize;
  private final int elements;

  /** Is given each record of a file. */
  @FunctionalInterface
  interface Visitor {
    /**
     * One record.
     *
     * @return whether to go on
     */
    boolean visit(byte[] key, byte[] value) throws IOException;
  }

  /** Says which records are worth reading, from what the buckets hold of them. */
  @FunctionalInterface
  interface Choice {
    /**
     * One record.
     *
     * @param keyStart its first four octets, the first of them in the highest bits
     * @param keyLength in octets
     * @param valueLength in octets
     */
    boolean isWanted(int keyStart, int keyLength, int valueLength);
  }

  /** Every record. */
  static final Choice ALL = (keyStart, keyLength, valueLength) -> true;

  private GdbmReader(Path file, FileChannel channel) throws IOException {
    this.file = file;
    this.channel = channel;
    size = channel.size();
    ByteBuffer header = ByteBuffer.allocate(GdbmLayout.HEADER_OCTETS);
    if (size < GdbmLayout.HEADER_OCTETS) {
      throw new GdbmException(
          file + " is no GDBM file, it has " + size + " octets only: run makeuserdb.");
    }
    readFully(header, 0);
    order = order(header);
    header.order(order);
    layout = layout(header);
    blockSize = header.getInt(4);
    directory = layout.offset(header, GdbmLayout.DIRECTORY_OFFSET_AT);
    int at = layout.directorySizeAt();
    int directorySize = header.getInt(at);
    directoryBits = header.getInt(at + 4);
    bucketSize = header.getInt(at + 8);
    elements = header.getInt(at + 12);
    if (blockSize < BLOCK_MIN_OCTETS || blockSize > size) {
      throw damaged("its block size is " + blockSize);
    }
    if (bucketSize > BUCKET_MAX_OCTETS) {
      throw damaged("its bucket size is " + bucketSize);
    }
    if (directoryBits < DIRECTORY_BITS_MIN
        || directoryBits > DIRECTORY_BITS_MAX
        || directorySize != (long) layout.offsetOctets << directoryBits) {
      throw damaged("its directory has " + directorySize + " octets, " + directoryBits + " bits");
    }
    if (directory < GdbmLayout.HEADER_OCTETS || directory > size - directorySize) {
      throw damaged("its directory lies outside of the file, or the file was cut off");
    }
  }

  /**
   * Opens a file.
   *
   * @throws GdbmException if it is no GDBM file
   * @throws java.nio.file.NoSuchFileException if it is not there
   */
  static GdbmReader open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new GdbmReader(file, channel);
    } catch (IOException | RuntimeException refused) {
      channel.close();
      throw refused;
    }
  }

  private ByteOrder order(ByteBuffer header) throws GdbmException {
    for (ByteOrder candidate : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      header.order(candidate);
      if (!GdbmLayout.of(header.getInt(0)).isEmpty()) {
        return candidate;
      }
      int other = header.getInt(BERKELEY_MAGIC_AT);
      if (other == BERKELEY_HASH || other == BERKELEY_BTREE) {
        throw new GdbmException(
            file
                + " is a Berkeley DB file, as some builds of Courier write it; this server reads"
                + " GDBM files: run Postrider's makeuserdb.");
      }
    }
    throw new GdbmException(
        file
            + " is no GDBM file, it begins with %08x: run makeuserdb."
                .formatted(header.order(ByteOrder.BIG_ENDIAN).getInt(0)));
  }

  /** The one in which the number of elements fits the size of a bucket. */
  private GdbmLayout layout(ByteBuffer header) throws GdbmException {
    for (GdbmLayout candidate : GdbmLayout.of(header.getInt(0))) {
      int buckets = header.getInt(candidate.directorySizeAt() + 8);
      if (buckets >= candidate.tableAt + candidate.elementOctets()
          && candidate.elements(buckets) == header.getInt(candidate.directorySizeAt() + 12)) {
        return candidate;
      }
    }
    throw damaged("its buckets have another layout than any that is known");
  }

  /**
   * The value of a key.
   *
   * @throws GdbmException if the file is damaged where the key would be
   */
  Optional<byte[]> get(byte[] key) throws IOException {
    int signed = GdbmLayout.hash(key, true);
    Optional<byte[]> found = get(key, signed);
    int unsigned = GdbmLayout.hash(key, false);
    return found.isPresent() || signed == unsigned ? found : get(key, unsigned);
  }

  private Optional<byte[]> get(byte[] key, int hash) throws IOException {
    ByteBuffer bucket = bucket(bucketOffset(hash >>> (GdbmLayout.HASH_BITS - directoryBits)));
    int start = GdbmLayout.keyStart(key);
    int slot = hash % elements;
    for (int probes = 0; probes < elements; probes++) {
      int element = layout.tableAt + slot * layout.elementOctets();
      int found = bucket.getInt(element);
      if (found == -1) {
        break;
      }
      if (found == hash
          && keyLength(bucket, element) == key.length
          && keyStart(bucket, element, key.length) == start) {
        ByteBuffer record = record(bucket, element);
        if (record.slice(0, key.length).equals(ByteBuffer.wrap(key))) {
          return Optional.of(octets(record, key.length, record.limit() - key.length));
        }
      }
      slot = slot + 1 == elements ? 0 : slot + 1;
    }
    return Optional.empty();
  }

  /**
   * Hands over records, in the order of hashes. What is handed over is never more than what the
   * file has.
   *
   * @param choice which; of the others nothing but their bucket is read
   */
  void forEach(Choice choice, Visitor visitor) throws IOException {
    long rest = size;
    int entries = 1 << directoryBits;
    for (int entry = 0; entry < entries; ) {
      ByteBuffer bucket = bucket(bucketOffset(entry));
      int span = span(bucket, entry);
      for (int slot = 0; slot < elements; slot++) {
        int element = layout.tableAt + slot * layout.elementOctets();
        if (!isInUse(bucket, element, entry, span)) {
          continue;
        }
        int keyLength = keyLength(bucket, element);
        int start = keyStart(bucket, element, keyLength);
        if (!choice.isWanted(start, keyLength, valueLength(bucket, element))) {
          continue;
        }
        ByteBuffer record = record(bucket, element);
        rest -= record.limit();
        if (rest < 0) {
          throw damaged("its records overlap");
        }
        if (!visitor.visit(
            octets(record, 0, keyLength), octets(record, keyLength, record.limit() - keyLength))) {
          return;
        }
      }
      entry += span;
    }
  }

  /**
   * What tells that two files were written together; empty in a file of libgdbm, which leaves it
   * alone where it is.
   */
  Optional<String> mark() throws IOException {
    if (size < MARK_OCTETS) {
      return Optional.empty();
    }
    ByteBuffer tail = ByteBuffer.allocate(MARK_OCTETS);
    readFully(tail, size - MARK_OCTETS);
    String text = new String(tail.array(), ISO_8859_1);
    return text.startsWith(MARK_START) ? Optional.of(text) : Optional.empty();
  }

  boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private long bucketOffset(int entry) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(layout.offsetOctets).order(order);
    readFully(octets, directory + (long) entry * layout.offsetOctets);
    return layout.offset(octets, 0);
  }

  private ByteBuffer bucket(long offset) throws IOException {
    if (offset < blockSize || offset > size - bucketSize) {
      throw damaged("a bucket lies outside of the file, or the file was cut off");
    }
    ByteBuffer bucket = ByteBuffer.allocate(bucketSize).order(order);
    readFully(bucket, offset);
    return bucket;
  }

  /** How many entries of the directory lead to a bucket, of which this must be the first. */
  private int span(ByteBuffer bucket, int entry) throws GdbmException {
    int bits = bucket.getInt(layout.bitsAt);
    if (bits < 0 || bits > directoryBits) {
      throw damaged("a bucket has " + bits + " bits");
    }
    int span = 1 << (directoryBits - bits);
    if (entry % span != 0) {
      throw damaged("a bucket is met where it does not belong");
    }
    return span;
  }

  private boolean isInUse(ByteBuffer bucket, int element, int entry, int span)
      throws GdbmException {
    int hash = bucket.getInt(element);
    if (hash == -1) {
      return false;
    }
    int belongs = hash >> (GdbmLayout.HASH_BITS - directoryBits);
    if (belongs < entry || belongs >= entry + span) {
      throw damaged("a record is in a bucket where it does not belong");
    }
    return true;
  }

  private int keyLength(ByteBuffer bucket, int element) throws GdbmException {
    return length(
        bucket.getInt(element + 2 * Integer.BYTES + layout.offsetOctets), KEY_MAX_OCTETS, "key");
  }

  private int valueLength(ByteBuffer bucket, int element) throws GdbmException {
    return length(
        bucket.getInt(element + 3 * Integer.BYTES + layout.offsetOctets),
        VALUE_MAX_OCTETS,
        "value");
  }

  private int length(int length, int max, String what) throws GdbmException {
    if (length < 0 || length > max) {
      throw damaged(
          "a " + what + " has " + Integer.toUnsignedString(length) + " octets, more than " + max);
    }
    return length;
  }

  /** As {@link GdbmLayout#keyStart} has it: what lies behind a shorter key is left over. */
  private static int keyStart(ByteBuffer bucket, int element, int keyLength) {
    int start = 0;
    for (int i = 0; i < GdbmLayout.KEY_START_OCTETS; i++) {
      start = start << 8 | (i < keyLength ? bucket.get(element + Integer.BYTES + i) & 0xFF : 0);
    }
    return start;
  }

  /** Key and value, one behind the other. */
  private ByteBuffer record(ByteBuffer bucket, int element) throws IOException {
    long offset = layout.offset(bucket, element + 2 * Integer.BYTES);
    int length = keyLength(bucket, element) + valueLength(bucket, element);
    if (offset < GdbmLayout.HEADER_OCTETS || offset > size - length) {
      throw damaged("a record lies outside of the file, or the file was cut off");
    }
    ByteBuffer record = ByteBuffer.allocate(length);
    readFully(record, offset);
    return record;
  }

  private static byte[] octets(ByteBuffer from, int start, int length) {
    byte[] octets = new byte[length];
    from.get(start, octets);
    return octets;
  }

  private void readFully(ByteBuffer octets, long offset) throws IOException {
    long position = offset;
    while (octets.hasRemaining()) {
      int read = channel.read(octets, position);
      if (read < 0) {
        throw damaged("it became shorter while it was open");
      }
      position += read;
    }
    octets.flip();
  }

  private GdbmException damaged(String what) {
    return new GdbmException(file + " is damaged: " + what + ". Run makeuserdb to write it anew.");
  }
}
