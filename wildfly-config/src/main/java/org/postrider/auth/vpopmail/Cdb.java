package org.postrider.auth.vpopmail;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;

/**
 * A look-up in a constant database of D. J. Bernstein's format, which is never changed but replaced
 * by renaming. All numbers have 32 bits, the lowest octet first.
 *
 * <pre>
 * 0     256 times: position of a table, number of its slots
 * 2048  records: length of the key, length of the data, key, data
 *       tables of slots: hash, position of the record (0: none)
 *
 * hash = 5381, then for each octet of the key: hash = (hash * 33) ^ octet
 * table = hash mod 256; first slot = (hash / 256) mod number of slots; then the next one, from the last the first
 * </pre>
 *
 * <p>A damaged file gives an error, whatever is in it: at most {@value #SLOTS_MAX} slots are looked
 * at, and data of more than {@value #DATA_MAX_OCTETS} octets is none. Other programs that read and
 * write these files: vpopmail, qmail's {@code qmail-newu}.
 */
final class Cdb {

  static final int DATA_MAX_OCTETS = 16 * 1024;

  private static final int SLOTS_MAX = 4096;
  private static final int PAIR_OCTETS = 8;
  private static final int TABLES = 256;
  private static final int HASH_START = 5381;

  private final FileChannel file;
  private final long size;

  private Cdb(FileChannel file) throws IOException {
    this.file = file;
    this.size = file.size();
  }

  /**
   * The data of the first record with a key.
   *
   * @throws java.nio.file.NoSuchFileException if there is no such file
   * @throws IOException if it cannot be read or is damaged; the message goes after "FILE cannot be
   *     used: "
   */
  static Optional<byte[]> find(Path path, byte[] key) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      return new Cdb(file).find(key);
    } catch (EOFException damaged) {
      throw new IOException("it is damaged or no constant database", damaged);
    }
  }

  private Optional<byte[]> find(byte[] key) throws IOException {
    int hash = HASH_START;
    for (byte octet : key) {
      hash = (hash * 33) ^ (octet & 0xFF);
    }
    ByteBuffer pair = read((hash & (TABLES - 1)) * (long) PAIR_OCTETS, PAIR_OCTETS);
    long table = number(pair);
    long slots = number(pair);
    if (slots == 0) {
      return Optional.empty();
    }
    long first = (hash >>> 8) % slots;
    for (long i = 0; i < Math.min(slots, SLOTS_MAX); i++) {
      ByteBuffer slot = read(table + (first + i) % slots * PAIR_OCTETS, PAIR_OCTETS);
      int slotHash = slot.getInt();
      long record = number(slot);
      if (record == 0) {
        return Optional.empty();
      }
      if (slotHash == hash) {
        Optional<byte[]> data = data(record, key);
        if (data.isPresent()) {
          return data;
        }
      }
    }
    if (slots > SLOTS_MAX) {
      throw new EOFException(); // half of the slots are empty in any real one
    }
    return Optional.empty();
  }

  private Optional<byte[]> data(long record, byte[] key) throws IOException {
    ByteBuffer lengths = read(record, PAIR_OCTETS);
    if (number(lengths) != key.length) {
      return Optional.empty();
    }
    long length = number(lengths);
    byte[] found = read(record + PAIR_OCTETS, key.length).array();
    if (!Arrays.equals(found, key)) {
      return Optional.empty();
    }
    if (length > DATA_MAX_OCTETS) {
      throw new EOFException();
    }
    return Optional.of(read(record + PAIR_OCTETS + key.length, (int) length).array());
  }

  private ByteBuffer read(long position, int octets) throws IOException {
    if (position + octets > size) {
      throw new EOFException();
    }
    ByteBuffer buffer = ByteBuffer.allocate(octets).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException();
      }
    }
    return buffer.flip();
  }

  private static long number(ByteBuffer buffer) {
    return Integer.toUnsignedLong(buffer.getInt());
  }
}
