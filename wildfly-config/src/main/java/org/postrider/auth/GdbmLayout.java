package org.postrider.auth;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Where the fields of a GDBM file lie; libgdbm writes C structures as the machine has them, so this
 * depends on the machine that wrote the file. All numbers are in the byte order of that machine.
 *
 * <pre>
 * header, at 0
 *   int     magic: 13579acf, 13579ad1 (64-bit offsets), 13579acd, 13579ad0 (32-bit), 13579ace (either);
 *           ad0 and ad1 have one more structure behind the header, of no concern to readers
 *   int     block size
 *   offset  of the directory
 *   int     size of the directory in octets
 *   int     directory bits d: the directory has 2^d offsets of buckets, one for each value of a hash's
 *           first d bits; those of a bucket with fewer bits repeat
 *   int     bucket size
 *   int     elements of a bucket
 *   offset  where the next block would be put: at the end of the file or behind it
 *   ...     free space
 *
 * bucket
 *   ...     free space: a count and 6 pairs of size and offset
 *   int     bits that all its hashes share
 *   int     elements in use
 *   table   at slot hash % elements, or the next free one, with wrap-around:
 *     int       hash, 31 bits; -1: not in use
 *     octet[4]  how the key begins
 *     offset    of the key, which the value follows directly
 *     int       length of the key
 *     int       length of the value
 * </pre>
 *
 * <p>Seen with files of GDBM 1.23 built for x86-64, and for i386 with and without large files.
 */
enum GdbmLayout {
  /** Offsets of 64 bits, aligned to 8 octets: every 64-bit machine. */
  OFFSETS_64(8, 104, 112),

  /** Offsets of 64 bits, aligned to 4 octets: i386 with large files. */
  OFFSETS_64_PACKED(8, 76, 84),

  /** Offsets of 32 bits. */
  OFFSETS_32(4, 52, 60);

  static final int MAGIC_ANY = 0x13579ace;
  static final int MAGIC_32 = 0x13579acd;
  static final int MAGIC_64 = 0x13579acf;
  static final int MAGIC_NUMSYNC_32 = 0x13579ad0;
  static final int MAGIC_NUMSYNC_64 = 0x13579ad1;

  static final int HASH_BITS = 31;
  static final int HASH_MASK = 0x7FFF_FFFF;
  static final int KEY_START_OCTETS = 4;
  static final int DIRECTORY_OFFSET_AT = 8;

  /** How many octets of the file {@link GdbmReader} has to see to know the header. */
  static final int HEADER_OCTETS = 40;

  final int offsetOctets;
  final int bitsAt;
  final int tableAt;

  GdbmLayout(int offsetOctets, int bitsAt, int tableAt) {
    this.offsetOctets = offsetOctets;
    this.bitsAt = bitsAt;
    this.tableAt = tableAt;
  }

  /** The layouts that files of a magic number may have; none if it is not one of GDBM. */
  static List<GdbmLayout> of(int magic) {
    return switch (magic) {
      case MAGIC_64, MAGIC_NUMSYNC_64 -> List.of(OFFSETS_64, OFFSETS_64_PACKED);
      case MAGIC_32, MAGIC_NUMSYNC_32 -> List.of(OFFSETS_32);
      case MAGIC_ANY -> List.of(values());
      default -> List.of();
    };
  }

  int countAt() {
    return bitsAt + Integer.BYTES;
  }

  int elementOctets() {
    return 2 * Integer.BYTES + offsetOctets + 2 * Integer.BYTES;
  }

  /** How many elements libgdbm puts into a bucket. */
  int elements(int bucketSize) {
    return (bucketSize - tableAt) / elementOctets();
  }

  /** The position in the header of the first {@code int} behind the directory's offset. */
  int directorySizeAt() {
    return DIRECTORY_OFFSET_AT + offsetOctets;
  }

  long offset(ByteBuffer octets, int at) {
    return offsetOctets == Long.BYTES ? octets.getLong(at) : octets.getInt(at);
  }

  /**
   * GDBM's hash of a key.
   *
   * @param signed whether a C {@code char} of the machine that wrote the file has a sign, which
   *     matters to keys that are not ASCII: it has on x86, and has none on most others
   */
  static int hash(byte[] key, boolean signed) {
    int value = 0x238F13AF * key.length;
    for (int i = 0; i < key.length; i++) {
      int octet = signed ? key[i] : key[i] & 0xFF;
      value = (value + (octet << (i * 5 % 24))) & HASH_MASK;
    }
    return (1103515243 * value + 12345) & HASH_MASK;
  }

  /** How the first four octets of a key stand in its element, shorter keys filled up with zero. */
  static int keyStart(byte[] key) {
    int start = 0;
    for (int i = 0; i < KEY_START_OCTETS; i++) {
      start = start << 8 | (i < key.length ? key[i] & 0xFF : 0);
    }
    return start;
  }
}
