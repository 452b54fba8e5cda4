package org.postrider.auth;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * {@code crypt_rn} of the system's libcrypt (libxcrypt 4), for the kinds of hash that no Java
 * library makes: yescrypt, which is what new accounts of Debian and Fedora have. The library is
 * loaded when the first such hash is met. Any thread may call, any number at a time: each call has
 * memory of its own.
 */
final class Libcrypt {

  /** The names that Linux systems give it. */
  private static final String[] NAMES = {"libcrypt.so.1", "libcrypt.so.2"};

  /** {@code CRYPT_DATA_SIZE} of {@code crypt.h}: {@code sizeof (struct crypt_data)}. */
  private static final int DATA_OCTETS = 32_768;

  /** {@code CRYPT_OUTPUT_SIZE}: the longest hash, with its NUL. */
  private static final int OUTPUT_MAX_OCTETS = 384;

  /** Loads the library when it is first asked for; empty where it is missing or too old. */
  private static final class Library {
    static final Optional<MethodHandle> CRYPT_RN = load();

    private static Optional<MethodHandle> load() {
      for (String name : NAMES) {
        try {
          return SymbolLookup.libraryLookup(name, Arena.global())
              .find("crypt_rn")
              .map(
                  symbol ->
                      Linker.nativeLinker()
                          .downcallHandle(
                              symbol,
                              FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT)));
        } catch (IllegalArgumentException | UnsupportedOperationException missing) {
          continue; // the next name
        }
      }
      return Optional.empty();
    }
  }

  private Libcrypt() {}

  /** Whether there is such a library here. */
  static boolean isThere() {
    return Library.CRYPT_RN.isPresent();
  }

  /**
   * Computes a hash.
   *
   * @param password 1 to 512 octets without NUL; not changed
   * @param setting a hash of the same kind, or its beginning: US-ASCII
   * @return empty where there is no library, or it does not know the kind
   */
  static Optional<byte[]> crypt(byte[] password, String setting) {
    if (!isThere()) {
      return Optional.empty();
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment phrase = arena.allocate(password.length + 1L);
      MemorySegment data = arena.allocate(DATA_OCTETS, 16);
      try {
        MemorySegment.copy(password, 0, phrase, JAVA_BYTE, 0, password.length);
        MemorySegment hash =
            (MemorySegment)
                Library.CRYPT_RN
                    .get()
                    .invokeExact(phrase, arena.allocateFrom(setting, US_ASCII), data, DATA_OCTETS);
        return hash.equals(MemorySegment.NULL)
            ? Optional.empty()
            : Optional.of(
                hash.reinterpret(OUTPUT_MAX_OCTETS).getString(0, US_ASCII).getBytes(US_ASCII));
      } finally {
        phrase.fill((byte) 0);
        data.fill((byte) 0);
      }
    } catch (RuntimeException | Error failed) {
      throw failed;
    } catch (Throwable impossible) {
      throw new IllegalStateException(impossible); // a C function throws nothing
    }
  }
}
