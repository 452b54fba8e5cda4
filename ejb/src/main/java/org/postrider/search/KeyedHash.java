package org.postrider.search;

import java.security.SecureRandom;

/**
 * SipHash-2-4 with a key that this JVM made up when it started: 64 bits stand for a message's
 * identifier, and nobody outside can write two that are taken for one.
 */
final class KeyedHash {

  private static final long KEY0;
  private static final long KEY1;

  static {
    SecureRandom random = new SecureRandom();
    KEY0 = random.nextLong();
    KEY1 = random.nextLong();
  }

  private long v0;
  private long v1;
  private long v2;
  private long v3;

  private KeyedHash(long key0, long key1) {
    v0 = key0 ^ 0x736f6d6570736575L;
    v1 = key1 ^ 0x646f72616e646f6dL;
    v2 = key0 ^ 0x6c7967656e657261L;
    v3 = key1 ^ 0x7465646279746573L;
  }

  /** Never 0. */
  static long of(byte[] octets) {
    long hash = of(octets, KEY0, KEY1);
    return hash == 0 ? 1 : hash;
  }

  static long of(byte[] octets, long key0, long key1) {
    return new KeyedHash(key0, key1).hash(octets);
  }

  private long hash(byte[] octets) {
    int whole = octets.length & ~7;
    for (int i = 0; i < whole; i += Long.BYTES) {
      word(littleEndian(octets, i, Long.BYTES));
    }
    word(littleEndian(octets, whole, octets.length - whole) | ((long) octets.length << 56));
    v2 ^= 0xff;
    for (int i = 0; i < 4; i++) {
      round();
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private static long littleEndian(byte[] octets, int from, int count) {
    long word = 0;
    for (int i = 0; i < count; i++) {
      word |= (octets[from + i] & 0xffL) << (8 * i);
    }
    return word;
  }

  private void word(long word) {
    v3 ^= word;
    round();
    round();
    v0 ^= word;
  }

  private void round() {
    v0 += v1;
    v1 = Long.rotateLeft(v1, 13) ^ v0;
    v0 = Long.rotateLeft(v0, 32);
    v2 += v3;
    v3 = Long.rotateLeft(v3, 16) ^ v2;
    v0 += v3;
    v3 = Long.rotateLeft(v3, 21) ^ v0;
    v2 += v1;
    v1 = Long.rotateLeft(v1, 17) ^ v2;
    v2 = Long.rotateLeft(v2, 32);
  }
}
