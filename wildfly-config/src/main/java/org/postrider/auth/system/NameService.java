package org.postrider.auth.system;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.time.Duration;
import java.util.Optional;
import org.postrider.auth.TemporaryFailureException;

/**
 * The C library's {@code getpwnam_r} and {@code getspnam_r}: users that are in no file, but in what
 * {@code /etc/nsswitch.conf} names (LDAP, SSSD, winbind). The structures are those of Linux on 64
 * bits, the same for glibc and musl. Any thread may call; {@value #CALLS_MAX} at a time.
 */
final class NameService {

  private static final int CALLS_MAX = 16;
  private static final BlockingCalls CALLS =
      new BlockingCalls(
          "the name service", CALLS_MAX, Duration.ofSeconds(10), Duration.ofSeconds(30));

  private static final int BUFFER_OCTETS = 4 * 1024;
  private static final int BUFFER_MAX_OCTETS = 1 << 20;
  private static final int STRING_MAX_OCTETS = BUFFER_MAX_OCTETS;

  private static final int NOT_PERMITTED = 1;
  private static final int NO_SUCH_FILE = 2;
  private static final int NO_SUCH_PROCESS = 3;
  private static final int BAD_DESCRIPTOR = 9;
  private static final int PERMISSION_DENIED = 13;
  private static final int BUFFER_TOO_SMALL = 34;

  private static final StructLayout PASSWD =
      MemoryLayout.structLayout(
          ADDRESS.withName("pw_name"),
          ADDRESS.withName("pw_passwd"),
          JAVA_INT.withName("pw_uid"),
          JAVA_INT.withName("pw_gid"),
          ADDRESS.withName("pw_gecos"),
          ADDRESS.withName("pw_dir"),
          ADDRESS.withName("pw_shell"));

  private static final StructLayout SHADOW =
      MemoryLayout.structLayout(
          ADDRESS.withName("sp_namp"),
          ADDRESS.withName("sp_pwdp"),
          JAVA_LONG.withName("sp_lstchg"),
          JAVA_LONG.withName("sp_min"),
          JAVA_LONG.withName("sp_max"),
          JAVA_LONG.withName("sp_warn"),
          JAVA_LONG.withName("sp_inact"),
          JAVA_LONG.withName("sp_expire"),
          JAVA_LONG.withName("sp_flag"));

  /** The functions, loaded when a user is first looked for that is in no file. */
  private static final class Functions {
    static final Optional<MethodHandle> GETPWNAM_R = function("getpwnam_r");
    static final Optional<MethodHandle> GETSPNAM_R = function("getspnam_r");

    private static Optional<MethodHandle> function(String name) {
      Linker linker = Linker.nativeLinker();
      return linker
          .defaultLookup()
          .find(name)
          .filter(symbol -> System.getProperty("os.name").equals("Linux"))
          .map(
              symbol ->
                  linker.downcallHandle(
                      symbol,
                      FunctionDescriptor.of(
                          JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, ADDRESS)));
    }
  }

  /** Makes a value of a structure that was filled. */
  private interface Reading<R> {
    R of(MemorySegment structure);
  }

  private NameService() {}

  /**
   * A user.
   *
   * @throws TemporaryFailureException if the name service fails or does not answer
   */
  static Optional<SystemUser> user(String name) throws TemporaryFailureException {
    return ask(Functions.GETPWNAM_R, PASSWD, name, NameService::user);
  }

  /**
   * A user's password and until when it holds.
   *
   * @throws TemporaryFailureException if the name service fails, does not answer or does not trust
   *     this process
   */
  static Optional<ShadowRecord> shadow(String name) throws TemporaryFailureException {
    return ask(Functions.GETSPNAM_R, SHADOW, name, NameService::shadow);
  }

  private static <R> Optional<R> ask(
      Optional<MethodHandle> function, StructLayout layout, String name, Reading<R> reading)
      throws TemporaryFailureException {
    if (function.isEmpty()) {
      return Optional.empty();
    }
    return CALLS.call(() -> asked(function.get(), layout, name, reading));
  }

  private static <R> Optional<R> asked(
      MethodHandle function, StructLayout layout, String name, Reading<R> reading)
      throws TemporaryFailureException {
    for (int octets = BUFFER_OCTETS; octets <= BUFFER_MAX_OCTETS; octets *= 4) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment structure = arena.allocate(layout);
        MemorySegment buffer = arena.allocate(octets);
        MemorySegment result = arena.allocate(ADDRESS);
        int error =
            (int)
                function.invokeExact(
                    arena.allocateFrom(name), structure, buffer, (long) octets, result);
        if (error == 0 && !result.get(ADDRESS, 0).equals(MemorySegment.NULL)) {
          R found = reading.of(structure);
          buffer.fill((byte) 0); // a hash was there
          return Optional.of(found);
        }
        switch (error) {
          case 0, NOT_PERMITTED, NO_SUCH_FILE, NO_SUCH_PROCESS, BAD_DESCRIPTOR -> {
            return Optional.empty(); // as getpwnam(3) says, each of them may mean just that
          }
          case BUFFER_TOO_SMALL -> {} // with a larger one
          case PERMISSION_DENIED ->
              throw new TemporaryFailureException(
                  "The name service does not tell this process passwords: run the server as root,"
                      + " or use authpam instead of authshadow.");
          default ->
              throw new TemporaryFailureException(
                  "The name service failed with error number "
                      + error
                      + ". See /etc/nsswitch.conf and what it names, and ask by getent passwd"
                      + " NAME.");
        }
      } catch (TemporaryFailureException | RuntimeException | Error failed) {
        throw failed;
      } catch (Throwable impossible) {
        throw new IllegalStateException(impossible); // a C function throws nothing
      }
    }
    throw new TemporaryFailureException(
        "The name service has an entry of more than " + BUFFER_MAX_OCTETS + " octets.");
  }

  private static SystemUser user(MemorySegment passwd) {
    return new SystemUser(
        text(passwd, PASSWD, "pw_name"),
        text(passwd, PASSWD, "pw_passwd"),
        Integer.toUnsignedLong(passwd.get(JAVA_INT, offset(PASSWD, "pw_uid"))),
        Integer.toUnsignedLong(passwd.get(JAVA_INT, offset(PASSWD, "pw_gid"))),
        text(passwd, PASSWD, "pw_gecos"),
        text(passwd, PASSWD, "pw_dir"));
  }

  private static ShadowRecord shadow(MemorySegment shadow) {
    return new ShadowRecord(
        text(shadow, SHADOW, "sp_namp"),
        text(shadow, SHADOW, "sp_pwdp"),
        shadow.get(JAVA_LONG, offset(SHADOW, "sp_lstchg")),
        shadow.get(JAVA_LONG, offset(SHADOW, "sp_max")),
        shadow.get(JAVA_LONG, offset(SHADOW, "sp_expire")));
  }

  private static String text(MemorySegment structure, StructLayout layout, String field) {
    MemorySegment pointer = structure.get(ADDRESS, offset(layout, field));
    return pointer.equals(MemorySegment.NULL)
        ? ""
        : pointer.reinterpret(STRING_MAX_OCTETS).getString(0);
  }

  private static long offset(StructLayout layout, String field) {
    return layout.byteOffset(PathElement.groupElement(field));
  }
}
