package org.postrider.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * Writes a new GDBM file in one go, such as libgdbm reads: 64-bit offsets, blocks and buckets of
 * 4096 octets.
 *
 * <pre>
 * 4096 octets  header
 * records      key and value, in the order given
 * buckets      in the order of hashes, each less than {@value #FILLED} elements if hashes are well spread
 * directory    2^9 offsets or more
 * 64 octets    "postrider pair ", what {@link #mark} says, filled up with spaces; nobody else's concern
 * </pre>
 *
 * <p>Memory does not grow with the records, but for one octet a bucket: keys and values go straight
 * to the file, and what the buckets need to know of them, 24 octets each, is sorted by the first
 * bits of its hash into {@value #PARTITIONS} parts, which overflow into a second, nameless file and
 * are read back one by one. A file of a million records needs 2 MB.
 *
 * <p>For one thread. The file appears under its name at once and is of use to nobody before {@link
 * #finish}: whoever writes takes a draft's name and renames.
 */
final class GdbmWriter implements Closeable {

  private static final int BLOCK_OCTETS = 4096;
  private static final int PARTITION_BITS = 8;
  private static final int PARTITIONS = 1 << PARTITION_BITS;
  private static final int CHUNK_ELEMENTS = 170;

  /** A bucket holds 166; with a fifth of it free, searching for what is not there ends soon. */
  private static final int FILLED = 140;

  private static final int DIRECTORY_BITS_MIN = 9;
  private static final int DIRECTORY_BITS_MAX = 24;
  private static final int BUFFER_OCTETS = 256 * 1024;

  private static final GdbmLayout LAYOUT = GdbmLayout.OFFSETS_64;
  private static final int ELEMENT_OCTETS = LAYOUT.elementOctets();
  private static final int ELEMENTS = LAYOUT.elements(BLOCK_OCTETS);
  private static final int CHUNK_OCTETS = CHUNK_ELEMENTS * ELEMENT_OCTETS;

  /** How many pairs of size and offset are left in the header's block for free space. */
  private static final int FREE_SPACE_ENTRIES = (BLOCK_OCTETS - 72) / 16 + 1;

  private final Path file;
  private final ByteOrder order;
  private final boolean signed;
  private final FileChannel channel;
  private final ByteBuffer out;
  private long flushed = BLOCK_OCTETS;
  private FileChannel spool;
  private int spooledChunks;
  private final Partition[] partitions = new Partition[PARTITIONS];
  private long records;
  private String mark = "";

  private byte[] bucketBits = new byte[64];
  private int buckets;
  private long duplicateAt = Long.MAX_VALUE;
  private int duplicateLength;

  /** What is known of the records whose hash begins with the same bits, in the order given. */
  private static final class Partition {
    final ByteBuffer last;
    int[] chunks = new int[4];
    int fullChunks;

    Partition(ByteOrder order) {
      last = ByteBuffer.allocate(CHUNK_OCTETS).order(order);
    }

    long count() {
      return (long) fullChunks * CHUNK_ELEMENTS + last.position() / ELEMENT_OCTETS;
    }
  }

  /**
   * Makes a file.
   *
   * @param file must not be there
   * @param permissions such as {@code rw-r--r--}
   * @param order the byte order of the machine that is to read it
   */
  GdbmWriter(Path file, String permissions, ByteOrder order) throws IOException {
    this.file = file;
    this.order = order;
    signed = isCharSigned();
    out = ByteBuffer.allocate(BUFFER_OCTETS).order(order);
    Arrays.setAll(partitions, unused -> new Partition(order));
    channel = create(file, permissions);
    // The process's umask may have taken some away.
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    channel.position(BLOCK_OCTETS);
  }

  private static FileChannel create(Path file, String permissions) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
  }

  /** libgdbm takes octets as C's {@code char}; Linux has it signed on x86 and few others. */
  private static boolean isCharSigned() {
    return switch (System.getProperty("os.arch")) {
      case "amd64", "x86_64", "x86", "i386", "i686", "loongarch64", "mips64el", "sparcv9" -> true;
      default -> false;
    };
  }

  /**
   * Adds a record. A key that came already is noticed at the end.
   *
   * @param key up to {@link GdbmReader#KEY_MAX_OCTETS}
   * @param value up to {@link GdbmReader#VALUE_MAX_OCTETS}
   */
  void put(byte[] key, byte[] value) throws IOException {
    if (key.length > GdbmReader.KEY_MAX_OCTETS || value.length > GdbmReader.VALUE_MAX_OCTETS) {
      throw new IllegalArgumentException("A key or value is too long.");
    }
    int hash = GdbmLayout.hash(key, signed);
    Partition partition = partitions[hash >>> (GdbmLayout.HASH_BITS - PARTITION_BITS)];
    if (!partition.last.hasRemaining()) {
      spool(partition);
    }
    partition
        .last
        .putInt(hash)
        .order(ByteOrder.BIG_ENDIAN)
        .putInt(GdbmLayout.keyStart(key))
        .order(order)
        .putLong(flushed + out.position())
        .putInt(key.length)
        .putInt(value.length);
    write(key);
    write(value);
    records++;
  }

  /** How many records were added. */
  long records() {
    return records;
  }

  /** Says what {@link GdbmReader#mark} is to find, at most 48 characters of ASCII. */
  void mark(String text) {
    mark = text;
  }

  /**
   * Writes what makes records a database, and syncs the file.
   *
   * @throws GdbmDuplicateException if a key was added twice; the file is of no use then
   */
  void finish() throws IOException {
    pad();
    long bucketsAt = flushed + out.position();
    split(0, 0);
    if (duplicateAt != Long.MAX_VALUE) {
      throw new GdbmDuplicateException(read(duplicateAt, duplicateLength));
    }
    long directoryAt = flushed + out.position();
    int directoryBits = writeDirectory(bucketsAt);
    write(
        (GdbmReader.MARK_START + mark + " ".repeat(GdbmReader.MARK_OCTETS))
            .substring(0, GdbmReader.MARK_OCTETS)
            .getBytes(US_ASCII));
    flush();
    writeHeader(directoryAt, directoryBits);
    channel.force(true);
  }

  @Override
  public void close() throws IOException {
    try (FileChannel first = channel;
        FileChannel second = spool) {
      partitions[0].chunks = new int[0];
    }
  }

  /** Writes a full chunk of a partition into the second file, which has a name only when made. */
  private void spool(Partition partition) throws IOException {
    if (spool == null) {
      Path name = file.resolveSibling(file.getFileName() + ".index");
      Files.deleteIfExists(name);
      spool = create(name, "rw-------");
      Files.delete(name);
    }
    if (partition.fullChunks == partition.chunks.length) {
      partition.chunks = Arrays.copyOf(partition.chunks, partition.fullChunks * 2);
    }
    partition.chunks[partition.fullChunks++] = spooledChunks;
    partition.last.flip();
    long position = (long) spooledChunks++ * CHUNK_OCTETS;
    while (partition.last.hasRemaining()) {
      position += spool.write(partition.last, position);
    }
    partition.last.clear();
  }

  /** Makes buckets for all hashes that begin with the same bits, down to one partition. */
  private void split(int prefix, int bits) throws IOException {
    int width = PARTITION_BITS - bits;
    int from = prefix << width;
    int to = (prefix + 1) << width;
    long count = 0;
    for (int i = from; i < to; i++) {
      count += partitions[i].count();
    }
    if (count > FILLED && bits < PARTITION_BITS) {
      split(prefix << 1, bits + 1);
      split(prefix << 1 | 1, bits + 1);
      return;
    }
    ByteBuffer elements = elements(from, to, count);
    long[] sorted = sort(elements);
    findDuplicates(elements, sorted);
    split(elements, sorted, 0, sorted.length, bits);
  }

  private ByteBuffer elements(int from, int to, long count) throws IOException {
    if (count > Integer.MAX_VALUE / ELEMENT_OCTETS) {
      throw tooMany();
    }
    ByteBuffer elements = ByteBuffer.allocate((int) count * ELEMENT_OCTETS).order(order);
    for (int i = from; i < to; i++) {
      Partition partition = partitions[i];
      for (int chunk = 0; chunk < partition.fullChunks; chunk++) {
        readFully(
            spool,
            elements.slice(elements.position(), CHUNK_OCTETS),
            (long) partition.chunks[chunk] * CHUNK_OCTETS);
        elements.position(elements.position() + CHUNK_OCTETS);
      }
      elements.put(partition.last.flip());
    }
    return elements.flip();
  }

  /** Hash and number of each element, by hash and then in the order given. */
  private static long[] sort(ByteBuffer elements) {
    long[] sorted = new long[elements.limit() / ELEMENT_OCTETS];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = (long) elements.getInt(i * ELEMENT_OCTETS) << Integer.SIZE | i;
    }
    Arrays.sort(sorted);
    return sorted;
  }

  /**
   * Equal keys have equal hashes. Of more than a bucket holds of one hash, so many are compared.
   */
  private void findDuplicates(ByteBuffer elements, long[] sorted) throws IOException {
    int start = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i == sorted.length || sorted[i] >> Integer.SIZE != sorted[start] >> Integer.SIZE) {
        int end = Math.min(i, start + ELEMENTS + 1);
        for (int later = start + 1; later < end; later++) {
          for (int earlier = start; earlier < later; earlier++) {
            compare(elements, (int) sorted[earlier], (int) sorted[later]);
          }
        }
        start = i;
      }
    }
  }

  private void compare(ByteBuffer elements, int earlier, int later) throws IOException {
    int one = earlier * ELEMENT_OCTETS;
    int two = later * ELEMENT_OCTETS;
    int length = elements.getInt(one + 16);
    if (elements.getInt(one + 4) == elements.getInt(two + 4)
        && length == elements.getInt(two + 16)
        && elements.getLong(two + 8) < duplicateAt
        && Arrays.equals(
            read(elements.getLong(one + 8), length), read(elements.getLong(two + 8), length))) {
      duplicateAt = elements.getLong(two + 8);
      duplicateLength = length;
    }
  }

  private void split(ByteBuffer elements, long[] sorted, int from, int to, int bits)
      throws IOException {
    boolean wanted = to - from > FILLED && bits < enoughBits();
    if (!wanted && to - from <= ELEMENTS) {
      writeBucket(elements, sorted, from, to, bits);
      return;
    }
    if (bits == DIRECTORY_BITS_MAX) {
      if (duplicateAt != Long.MAX_VALUE) {
        return; // which is why there are so many, and what will be told
      }
      throw tooMany();
    }
    long middleBit = 1L << (GdbmLayout.HASH_BITS - 1 - bits + Integer.SIZE);
    int middle = from;
    while (middle < to && (sorted[middle] & middleBit) == 0) {
      middle++;
    }
    split(elements, sorted, from, middle, bits + 1);
    split(elements, sorted, middle, to, bits + 1);
  }

  /** With so many, well spread hashes fill no bucket; beyond them only a full one is split. */
  private int enoughBits() {
    return Long.SIZE - Long.numberOfLeadingZeros(records / FILLED) + 2;
  }

  private void writeBucket(ByteBuffer elements, long[] sorted, int from, int to, int bits)
      throws IOException {
    ByteBuffer bucket = ByteBuffer.allocate(BLOCK_OCTETS).order(order);
    bucket.putInt(LAYOUT.bitsAt, bits).putInt(LAYOUT.countAt(), to - from);
    for (int slot = 0; slot < ELEMENTS; slot++) {
      bucket.putInt(LAYOUT.tableAt + slot * ELEMENT_OCTETS, -1);
    }
    for (int i = from; i < to; i++) {
      int slot = (int) (sorted[i] >> Integer.SIZE) % ELEMENTS;
      while (bucket.getInt(LAYOUT.tableAt + slot * ELEMENT_OCTETS) != -1) {
        slot = slot + 1 == ELEMENTS ? 0 : slot + 1;
      }
      bucket.put(
          LAYOUT.tableAt + slot * ELEMENT_OCTETS,
          elements,
          (int) sorted[i] * ELEMENT_OCTETS,
          ELEMENT_OCTETS);
    }
    write(bucket.array());
    if (buckets == bucketBits.length) {
      bucketBits = Arrays.copyOf(bucketBits, buckets * 2);
    }
    bucketBits[buckets++] = (byte) bits;
  }

  private int writeDirectory(long bucketsAt) throws IOException {
    int directoryBits = DIRECTORY_BITS_MIN;
    for (int i = 0; i < buckets; i++) {
      directoryBits = Math.max(directoryBits, bucketBits[i]);
    }
    for (int i = 0; i < buckets; i++) {
      int entries = 1 << (directoryBits - bucketBits[i]);
      for (int entry = 0; entry < entries; entry++) {
        if (out.remaining() < Long.BYTES) {
          flush();
        }
        out.putLong(bucketsAt + (long) i * BLOCK_OCTETS);
      }
    }
    return directoryBits;
  }

  private void writeHeader(long directoryAt, int directoryBits) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(BLOCK_OCTETS).order(order);
    header
        .putInt(GdbmLayout.MAGIC_64)
        .putInt(BLOCK_OCTETS)
        .putLong(directoryAt)
        .putInt(Long.BYTES << directoryBits)
        .putInt(directoryBits)
        .putInt(BLOCK_OCTETS)
        .putInt(ELEMENTS)
        .putLong(flushed)
        .putInt(FREE_SPACE_ENTRIES)
        .clear();
    long position = 0;
    while (header.hasRemaining()) {
      position += channel.write(header, position);
    }
  }

  private void write(byte[] octets) throws IOException {
    int start = 0;
    while (start < octets.length) {
      if (!out.hasRemaining()) {
        flush();
      }
      int length = Math.min(out.remaining(), octets.length - start);
      out.put(octets, start, length);
      start += length;
    }
  }

  /** Fills the last block, so that each bucket is read from one. */
  private void pad() throws IOException {
    int over = (int) ((flushed + out.position()) % BLOCK_OCTETS);
    write(new byte[over == 0 ? 0 : BLOCK_OCTETS - over]);
    flush();
  }

  private void flush() throws IOException {
    out.flip();
    flushed += out.remaining();
    while (out.hasRemaining()) {
      channel.write(out);
    }
    out.clear();
  }

  private byte[] read(long offset, int length) throws IOException {
    byte[] octets = new byte[length];
    readFully(channel, ByteBuffer.wrap(octets), offset);
    return octets;
  }

  private void readFully(FileChannel from, ByteBuffer octets, long offset) throws IOException {
    long position = offset;
    while (octets.hasRemaining()) {
      int read = from.read(octets, position);
      if (read < 0) {
        throw new IOException(file + " was cut off by somebody else while it was written.");
      }
      position += read;
    }
  }

  private IOException tooMany() {
    return new IOException(
        file
            + ": too many keys of nearly the same hash, which does not happen by chance: somebody"
            + " made up names to this end.");
  }
}
