package org.postrider.auth;

/**
 * The compression functions of MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4): one block of 16
 * words into a state. {@link java.security.MessageDigest} does not let a state in or out, which
 * {@link CramContext} needs.
 */
final class Compression {

  private static final int[] MD5_SHIFTS = {
    7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21
  };
  private static final int[] MD5_SINES = new int[64];
  private static final int[] SHA256_CUBES = new int[64];

  static {
    for (int i = 0; i < 64; i++) {
      MD5_SINES[i] = (int) (long) (Math.abs(Math.sin(i + 1)) * 4294967296.0);
    }
    int prime = 2;
    for (int i = 0; i < 64; i++) {
      double root = Math.cbrt(prime);
      SHA256_CUBES[i] = (int) (long) ((root - Math.floor(root)) * 4294967296.0);
      prime = nextPrime(prime);
    }
  }

  private Compression() {}

  private static int nextPrime(int prime) {
    int next = prime + 1;
    for (int divisor = 2; divisor * divisor <= next; divisor++) {
      if (next % divisor == 0) {
        next++;
        divisor = 1;
      }
    }
    return next;
  }

  /** The state before the first block. */
  static int[] initial(CramHash hash) {
    return switch (hash) {
      case MD5 -> new int[] {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
      case SHA1 -> new int[] {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
      case SHA256 ->
          new int[] {
            0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
            0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
          };
    };
  }

  /**
   * Takes a block into a state.
   *
   * @param block 16 words in the byte order of the function
   */
  static void compress(CramHash hash, int[] state, int[] block) {
    switch (hash) {
      case MD5 -> md5(state, block);
      case SHA1 -> sha1(state, block);
      case SHA256 -> sha256(state, block);
    }
  }

  private static void md5(int[] state, int[] block) {
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    for (int i = 0; i < 64; i++) {
      int round = i / 16;
      int mixed =
          switch (round) {
            case 0 -> (b & c) | (~b & d);
            case 1 -> (d & b) | (~d & c);
            case 2 -> b ^ c ^ d;
            default -> c ^ (b | ~d);
          };
      int word =
          switch (round) {
            case 0 -> i;
            case 1 -> 5 * i + 1;
            case 2 -> 3 * i + 5;
            default -> 7 * i;
          };
      int sum = a + mixed + MD5_SINES[i] + block[word & 15];
      a = d;
      d = c;
      c = b;
      b += Integer.rotateLeft(sum, MD5_SHIFTS[4 * round + (i & 3)]);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
  }

  private static void sha1(int[] state, int[] block) {
    int[] words = new int[80];
    System.arraycopy(block, 0, words, 0, 16);
    for (int i = 16; i < 80; i++) {
      words[i] = Integer.rotateLeft(words[i - 3] ^ words[i - 8] ^ words[i - 14] ^ words[i - 16], 1);
    }
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    int e = state[4];
    for (int i = 0; i < 80; i++) {
      int mixed =
          switch (i / 20) {
            case 0 -> ((b & c) | (~b & d)) + 0x5A827999;
            case 1 -> (b ^ c ^ d) + 0x6ED9EBA1;
            case 2 -> ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC;
            default -> (b ^ c ^ d) + 0xCA62C1D6;
          };
      int sum = Integer.rotateLeft(a, 5) + mixed + e + words[i];
      e = d;
      d = c;
      c = Integer.rotateLeft(b, 30);
      b = a;
      a = sum;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
  }

  private static void sha256(int[] state, int[] block) {
    int[] words = new int[64];
    System.arraycopy(block, 0, words, 0, 16);
    for (int i = 16; i < 64; i++) {
      int before = words[i - 15];
      int last = words[i - 2];
      words[i] =
          words[i - 16]
              + (Integer.rotateRight(before, 7) ^ Integer.rotateRight(before, 18) ^ (before >>> 3))
              + words[i - 7]
              + (Integer.rotateRight(last, 17) ^ Integer.rotateRight(last, 19) ^ (last >>> 10));
    }
    int[] s = state.clone();
    for (int i = 0; i < 64; i++) {
      int e = s[4];
      int a = s[0];
      int first =
          s[7]
              + (Integer.rotateRight(e, 6)
                  ^ Integer.rotateRight(e, 11)
                  ^ Integer.rotateRight(e, 25))
              + ((e & s[5]) ^ (~e & s[6]))
              + SHA256_CUBES[i]
              + words[i];
      int second =
          (Integer.rotateRight(a, 2) ^ Integer.rotateRight(a, 13) ^ Integer.rotateRight(a, 22))
              + ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));
      System.arraycopy(s, 0, s, 1, 7);
      s[4] += first;
      s[0] = first + second;
    }
    for (int i = 0; i < 8; i++) {
      state[i] += s[i];
    }
  }
}
