package org.postrider.maildir;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * A file or directory that is held open, by calls of the system itself: what it is can't change any
 * more, whatever becomes of its name. {@link #path} is a way to it for Java's own calls. Only for
 * Linux: where files are made for another user than the server's ({@link OwnedDisk}), and where a
 * file system is synced whole.
 */
final class Descriptor implements AutoCloseable {

  private static final int READ_WRITE = 02;
  private static final int CREATE = 0100;
  private static final int EXCLUSIVE = 0200;
  private static final int NOT_WAITING = 04000;
  private static final int CLOSE_ON_EXEC = 02000000;
  private static final int PLACE_ONLY = 010000000; // O_PATH

  /** These two have other numbers on the processors that had them first. */
  private static final boolean OLD_NUMBERS =
      Set.of("aarch64", "arm", "ppc64", "ppc64le").contains(System.getProperty("os.arch"));

  private static final int DIRECTORY = OLD_NUMBERS ? 040000 : 0200000;
  private static final int NO_LINK = OLD_NUMBERS ? 0100000 : 0400000;

  private static final int FILE_MODE = 0644;
  private static final int HERE = 0x1000; // AT_EMPTY_PATH

  /** Longest value of an extended attribute that is asked for, in octets. */
  private static final int MOST_VALUE_OCTETS = 8 * 1024;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN =
      function(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle FCHOWN =
      function("fchown", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle FCHOWNAT =
      function(
          "fchownat",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle GETXATTR =
      function("getxattr", FunctionDescriptor.of(JAVA_LONG, ADDRESS, ADDRESS, ADDRESS, JAVA_LONG));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private static final MethodHandle SYNCFS = syncfs();

  private final int number;
  private final Path path;

  private Descriptor(int number) {
    this.number = number;
    this.path = Path.of("/proc/self/fd", Integer.toString(number));
  }

  /** The place that a path leads to, for names below it; links on the way are followed. */
  static Descriptor place(Path directory) throws IOException {
    return open(directory, PLACE_ONLY | DIRECTORY | CLOSE_ON_EXEC);
  }

  /** A new file of mode 644 (less the umask), for reading and writing. */
  static Descriptor create(Path file) throws IOException {
    return open(file, READ_WRITE | CREATE | EXCLUSIVE | NO_LINK | CLOSE_ON_EXEC);
  }

  /** A file or directory that is there, for reading; fails where the last name is a link. */
  static Descriptor existing(Path file) throws IOException {
    return open(file, NO_LINK | NOT_WAITING | CLOSE_ON_EXEC);
  }

  /** Whatever has the name, a link included; it is looked at, not opened. */
  static Descriptor look(Path file) throws IOException {
    return open(file, PLACE_ONLY | NO_LINK | CLOSE_ON_EXEC);
  }

  private static Descriptor open(Path file, int flags) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment name =
          text(arena, FileNames.allOctets(file).getBytes(StandardCharsets.ISO_8859_1));
      int number = (int) OPEN.invokeExact(state, name, flags, FILE_MODE);
      if (number < 0) {
        throw failure(file, (int) ERRNO.get(state, 0L));
      }
      return new Descriptor(number);
    } catch (Throwable thrown) {
      throw rethrown(thrown);
    }
  }

  private static MemorySegment text(Arena arena, byte[] octets) {
    MemorySegment text = arena.allocate(octets.length + 1L); // zeros, so that it ends in one
    MemorySegment.copy(octets, 0, text, JAVA_BYTE, 0, octets.length);
    return text;
  }

  /** Its way: a link that the system made and nobody can change. */
  Path path() {
    return path;
  }

  /** Numbers of {@code struct stat}. */
  Map<String, Object> numbers() throws IOException {
    return Files.readAttributes(path, "unix:uid,gid,mode");
  }

  /** Owner and group are those from now on. */
  void giveTo(Owner owner) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) FCHOWN.invokeExact(state, number, (int) owner.uid(), (int) owner.gid());
      if (result != 0) {
        throw failure(path, (int) ERRNO.get(state, 0L));
      }
    } catch (Throwable thrown) {
      throw rethrown(thrown);
    }
  }

  /** As {@link #giveTo}, of what is only looked at, a link included. */
  void giveLookedAtTo(Owner owner) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result =
          (int)
              FCHOWNAT.invokeExact(
                  state,
                  number,
                  text(arena, new byte[0]),
                  (int) owner.uid(),
                  (int) owner.gid(),
                  HERE);
      if (result != 0) {
        throw failure(path, (int) ERRNO.get(state, 0L));
      }
    } catch (Throwable thrown) {
      throw rethrown(thrown);
    }
  }

  /** True where the system has a call for {@link #syncFileSystem}. */
  static boolean canSyncFileSystem() {
    return SYNCFS != null;
  }

  /** Waits until all that was written to its file system is on the medium. */
  void syncFileSystem() throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int result = (int) SYNCFS.invokeExact(state, number);
      if (result != 0) {
        throw failure(path, (int) ERRNO.get(state, 0L));
      }
    } catch (Throwable thrown) {
      throw rethrown(thrown);
    }
  }

  /** An extended attribute; null where it has none of that name, or the file system has none. */
  byte[] attribute(String name) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment value = arena.allocate(MOST_VALUE_OCTETS);
      long octets =
          (long)
              GETXATTR.invokeExact(
                  arena.allocate(STATE),
                  text(arena, path.toString().getBytes(StandardCharsets.US_ASCII)),
                  text(arena, name.getBytes(StandardCharsets.US_ASCII)),
                  value,
                  (long) MOST_VALUE_OCTETS);
      return octets < 0 ? null : value.asSlice(0, octets).toArray(JAVA_BYTE);
    } catch (Throwable thrown) {
      throw rethrown(thrown);
    }
  }

  /** Null where there is none. */
  private static MethodHandle syncfs() {
    return Linker.nativeLinker().defaultLookup().find("syncfs").isPresent()
        ? function("syncfs", FunctionDescriptor.of(JAVA_INT, JAVA_INT))
        : null;
  }

  /** Called once. */
  @Override
  public void close() {
    try (Arena arena = Arena.ofConfined()) {
      int unused = (int) CLOSE.invokeExact(arena.allocate(STATE), number);
    } catch (Throwable thrown) {
      throw new IllegalStateException(thrown);
    }
  }

  private static FileSystemException failure(Path file, int errno) {
    String name = file.toString();
    return switch (errno) {
      case 1 -> new FileSystemException(name, null, "Operation not permitted");
      case 2 -> new NoSuchFileException(name);
      case 5 -> new FileSystemException(name, null, "Input/output error");
      case 13 -> new AccessDeniedException(name);
      case 17 -> new FileAlreadyExistsException(name);
      case 20 -> new NotDirectoryException(name);
      case 24 -> new FileSystemException(name, null, "Too many open files");
      case 28 -> new FileSystemException(name, null, "No space left on device");
      case 30 -> new FileSystemException(name, null, "Read-only file system");
      case 40 -> new FileSystemException(name, null, "It is a symbolic link");
      case 122 -> new FileSystemException(name, null, "Disk quota exceeded");
      default -> new FileSystemException(name, null, "Error number " + errno);
    };
  }

  private static IOException rethrown(Throwable thrown) {
    return switch (thrown) {
      case IOException failed -> failed;
      case RuntimeException failed -> throw failed;
      case Error failed -> throw failed;
      default -> new IOException(thrown);
    };
  }

  private static MethodHandle function(
      String name, FunctionDescriptor descriptor, Linker.Option... options) {
    Linker.Option[] all = java.util.Arrays.copyOf(options, options.length + 1);
    all[options.length] = Linker.Option.captureCallState("errno");
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), descriptor, all);
  }
}
