package org.postrider.auth;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A lock of flock(2) on a file, held until {@link #close}. Courier's {@code userdb} and {@code
 * makeuserdb} lock this way; what {@link FileChannel#lock} takes is another kind of lock, which
 * these programs do not see. The lock ends with the process, however that ends; the file stays, as
 * Courier's programs leave it too. For Linux. Any thread may close it; two locks on one file
 * exclude each other within one process as well.
 */
public final class Flock implements AutoCloseable {

  private static final int READ_ONLY = 0;
  private static final int READ_WRITE = 2;
  private static final int CLOSE_ON_EXEC = 02000000;

  private static final int SHARED = 1;
  private static final int EXCLUSIVE = 2;
  private static final int NOT_WAITING = 4;

  private static final int NO_SUCH_FILE = 2;
  private static final int INTERRUPTED = 4;
  private static final int WOULD_BLOCK = 11;
  private static final int PERMISSION_DENIED = 13;

  private static final long PAUSE_FIRST_MILLIS = 2;
  private static final long PAUSE_LAST_MILLIS = 100;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN =
      function("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
  private static final MethodHandle FLOCK =
      function("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private int descriptor;

  private Flock(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Locks a file against everybody else, making it if it is not there.
   *
   * @param file the lock file, never a symbolic link; its content is not touched
   * @param permissions of a file that is made here, such as {@code rw-------}
   * @param patience how long to wait for another program; zero: not at all
   * @return empty if the other program still held it at the end of that time
   * @throws IOException if the file cannot be made or opened
   */
  public static Optional<Flock> exclusive(Path file, String permissions, Duration patience)
      throws IOException {
    Set<PosixFilePermission> mode = PosixFilePermissions.fromString(permissions);
    if (Files.isSymbolicLink(file)) {
      throw new IOException(file + " is a symbolic link, which no lock file may be: remove it.");
    }
    FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(mode))
        .close();
    return lock(file, READ_WRITE, EXCLUSIVE, patience);
  }

  /**
   * Locks a file against those who lock it exclusively, but not against other readers.
   *
   * @param file the lock file, which must be there and readable
   * @param patience how long to wait for another program; zero: not at all
   * @return empty if another program still held it exclusively at the end of that time
   * @throws NoSuchFileException if it is not there
   * @throws IOException if it cannot be opened
   */
  public static Optional<Flock> shared(Path file, Duration patience) throws IOException {
    return lock(file, READ_ONLY, SHARED, patience);
  }

  private static Optional<Flock> lock(Path file, int access, int kind, Duration patience)
      throws IOException {
    long start = System.nanoTime();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      MemorySegment path = arena.allocateFrom(file.toString());
      int descriptor = (int) OPEN.invokeExact(state, path, access | CLOSE_ON_EXEC);
      if (descriptor < 0) {
        throw failure(file, "opened", errno(state));
      }
      Flock lock = new Flock(descriptor);
      boolean held = false;
      try {
        held = lock.await(file, state, kind, start, patience.toNanos());
      } finally {
        if (!held) {
          lock.close();
        }
      }
      return held ? Optional.of(lock) : Optional.empty();
    } catch (Throwable thrown) {
      throw rethrown(thrown);
    }
  }

  /** Asks again and again rather than once and for ever, so that a lost program can be told of. */
  private boolean await(Path file, MemorySegment state, int kind, long start, long patience)
      throws Throwable {
    long pause = PAUSE_FIRST_MILLIS;
    while ((int) FLOCK.invokeExact(state, descriptor, kind | NOT_WAITING) != 0) {
      int errno = errno(state);
      if (errno == INTERRUPTED) {
        continue;
      }
      if (errno != WOULD_BLOCK) {
        throw failure(file, "locked", errno);
      }
      if (System.nanoTime() - start >= patience) {
        return false;
      }
      try {
        Thread.sleep(pause);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted while waiting for the lock " + file + ".");
      }
      pause = Math.min(pause * 2, PAUSE_LAST_MILLIS);
    }
    return true;
  }

  /** Gives the lock up. A second call does nothing. */
  @Override
  public synchronized void close() {
    if (descriptor < 0) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      int unused = (int) CLOSE.invokeExact(arena.allocate(STATE), descriptor);
    } catch (Throwable thrown) {
      throw new IllegalStateException(thrown);
    } finally {
      descriptor = -1;
    }
  }

  private static IOException failure(Path file, String what, int errno) {
    return switch (errno) {
      case NO_SUCH_FILE -> new NoSuchFileException(file.toString());
      case PERMISSION_DENIED ->
          new IOException(file + " cannot be " + what + ": permission denied.");
      default -> new IOException(file + " cannot be " + what + ": error number " + errno + ".");
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

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  private static MethodHandle function(String name, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        descriptor,
        Linker.Option.captureCallState("errno"));
  }
}
