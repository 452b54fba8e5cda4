package org.postrider.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A disk that fails at a chosen call of those that the fault concerns; none while that is 0. */
final class FailingDisk extends Disk {

  /** What a call is. */
  private enum Trait {
    /** It changes something on disk. */
    CHANGES,
    /** It needs room. */
    NEEDS_ROOM,
    /** It changes a name: sent once more, it finds its own work. */
    NAMES,
    /** It needs a name to be there. */
    FINDS
  }

  /** What happens at the call. */
  enum Fault {
    /** The process is killed: neither this call nor any later one happens. */
    KILLED(Trait.CHANGES),
    /** A call that changes something fails with an error of the medium. */
    ERROR(Trait.CHANGES),
    /** Any call does, also one that only looks. */
    UNREADABLE(null),
    /** This call and all later ones that need room fail. */
    FULL(Trait.NEEDS_ROOM),
    /** The call is not permitted. */
    DENIED(Trait.CHANGES),
    /** The call is done, and reports an error all the same. */
    UNSURE(Trait.CHANGES),
    /**
     * The call is done, its answer is lost, and the call sent once more fails because it is done:
     * what clients of NFS see.
     */
    RESENT(Trait.NAMES),
    /** The name is not there for this call; a listing is the one before. */
    STALE(Trait.FINDS);

    private final Trait concerned;

    Fault(Trait concerned) {
      this.concerned = concerned;
    }
  }

  /** Passes everything that catches errors of the disk, as the end of the process does. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @FunctionalInterface
  private interface Call<R> {
    R run() throws IOException;
  }

  private final Fault fault;
  private int failAt;
  private int calls;
  private final Map<Path, List<String>> listings = new HashMap<>();
  private final List<FileChannel> opened = new ArrayList<>();
  final List<String> trace = new ArrayList<>();

  FailingDisk(Fault fault) {
    this.fault = fault;
  }

  /** The next calls are counted from 1, and that one fails. */
  void failAt(int call) {
    failAt = call;
    calls = 0;
    trace.clear();
  }

  /** True where the chosen call came. */
  boolean hasFailed() {
    return failAt > 0 && calls >= failAt;
  }

  /** How many files are open. */
  long open() {
    return opened.stream().filter(FileChannel::isOpen).count();
  }

  private <R> R call(String what, Set<Trait> traits, R whenStale, Call<R> call) throws IOException {
    if (fault.concerned != null && !traits.contains(fault.concerned)) {
      return call.run();
    }
    calls++;
    trace.add(what);
    boolean fromNowOn = fault == Fault.KILLED || fault == Fault.FULL;
    if (failAt == 0 || calls < failAt || (calls > failAt && !fromNowOn)) {
      return call.run();
    }
    switch (fault) {
      case KILLED -> throw new Killed();
      case ERROR, UNREADABLE -> throw new FileSystemException(what, null, "Input/output error");
      case FULL -> throw new FileSystemException(what, null, "No space left on device");
      case DENIED -> throw new AccessDeniedException(what);
      case UNSURE -> {
        call.run();
        throw new FileSystemException(what, null, "Input/output error");
      }
      case RESENT -> {
        call.run();
        boolean made = what.startsWith("link") || what.startsWith("makeDirectory");
        throw made ? new FileAlreadyExistsException(what) : new NoSuchFileException(what);
      }
      case STALE -> {
        if (whenStale != null) {
          return whenStale;
        }
        throw new NoSuchFileException(what);
      }
    }
    throw new IllegalStateException();
  }

  @FunctionalInterface
  private interface Change {
    void run() throws IOException;
  }

  private void change(String what, Change change, Trait... traits) throws IOException {
    EnumSet<Trait> all = EnumSet.of(Trait.CHANGES, traits);
    call(
        what,
        all,
        null,
        () -> {
          change.run();
          return null;
        });
  }

  @Override
  FileChannel create(Path file) throws IOException {
    FileChannel[] made = new FileChannel[1];
    try {
      change(
          "create " + file,
          () -> {
            made[0] = super.create(file);
            opened.add(made[0]);
          },
          Trait.NEEDS_ROOM);
    } catch (IOException e) {
      if (made[0] != null) {
        made[0].close(); // made, but nobody was told
      }
      throw e;
    }
    return made[0];
  }

  @Override
  FileChannel open(Path file) throws IOException {
    return call(
        "open " + file,
        EnumSet.of(Trait.FINDS),
        null,
        () -> {
          FileChannel channel = super.open(file);
          opened.add(channel);
          return channel;
        });
  }

  @Override
  int read(FileChannel file, ByteBuffer octets) throws IOException {
    return call("read", EnumSet.noneOf(Trait.class), null, () -> super.read(file, octets));
  }

  @Override
  void write(FileChannel file, ByteBuffer octets) throws IOException {
    change("write", () -> super.write(file, octets), Trait.NEEDS_ROOM);
  }

  @Override
  void append(Path file, ByteBuffer octets) throws IOException {
    change("append " + file, () -> super.append(file, octets), Trait.NEEDS_ROOM, Trait.FINDS);
  }

  @Override
  void copy(FileChannel from, FileChannel to) throws IOException {
    change("copy", () -> super.copy(from, to), Trait.NEEDS_ROOM);
  }

  @Override
  void force(FileChannel file) throws IOException {
    change("force", () -> {}); // counted, not done: no test loses power
  }

  @Override
  void forceDirectory(Path directory) throws IOException {
    change("forceDirectory " + directory, () -> {});
  }

  @Override
  boolean canSyncFileSystem() {
    return true;
  }

  @Override
  void syncFileSystem(Path onIt) throws IOException {
    change("syncFileSystem " + onIt, () -> {});
  }

  @Override
  void link(Path existing, Path link) throws IOException {
    change(
        "link " + link,
        () -> super.link(existing, link),
        Trait.NEEDS_ROOM,
        Trait.NAMES,
        Trait.FINDS);
  }

  @Override
  void makeLink(Path link, Path target) throws IOException {
    change("makeLink " + link, () -> super.makeLink(link, target), Trait.NEEDS_ROOM);
  }

  @Override
  void rename(Path from, Path to) throws IOException {
    change("rename " + to, () -> super.rename(from, to), Trait.NAMES, Trait.FINDS);
  }

  @Override
  void unlink(Path file) throws IOException {
    change("unlink " + file, () -> super.unlink(file), Trait.NAMES, Trait.FINDS);
  }

  @Override
  void makeDirectory(Path directory) throws IOException {
    change(
        "makeDirectory " + directory,
        () -> super.makeDirectory(directory),
        Trait.NEEDS_ROOM,
        Trait.NAMES);
  }

  @Override
  void removeHeld(SecureDirectoryStream<Path> directory, Path name, boolean isDirectory)
      throws IOException {
    change("remove " + name, () -> super.removeHeld(directory, name, isDirectory), Trait.NAMES);
  }

  @Override
  void setTimes(Path file, FileTime time) throws IOException {
    change("setTimes " + file, () -> super.setTimes(file, time), Trait.FINDS);
  }

  @Override
  void setMode(Path file, String mode) throws IOException {
    change("setMode " + file, () -> super.setMode(file, mode), Trait.FINDS);
  }

  @Override
  boolean isWritable(Path directory) throws IOException {
    return call(
        "isWritable " + directory,
        EnumSet.noneOf(Trait.class),
        null,
        () -> super.isWritable(directory));
  }

  @Override
  BasicFileAttributes stat(Path file) throws IOException {
    return super.stat(file) == null
        ? call("stat " + file, EnumSet.noneOf(Trait.class), null, () -> null)
        : found(file);
  }

  private BasicFileAttributes found(Path file) throws IOException {
    try {
      return call("stat " + file, EnumSet.of(Trait.FINDS), null, () -> super.stat(file));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  Map<String, Object> numbers(Path file) throws IOException {
    return call("numbers " + file, EnumSet.of(Trait.FINDS), null, () -> super.numbers(file));
  }

  @Override
  FileTime changed(Path file) throws IOException {
    return call("changed " + file, EnumSet.of(Trait.FINDS), null, () -> super.changed(file));
  }

  @Override
  List<String> names(Path directory) throws IOException {
    List<String> before = listings.get(directory);
    EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
    if (before != null) {
      traits.add(Trait.FINDS);
    }
    List<String> names = call("names " + directory, traits, before, () -> super.names(directory));
    listings.put(directory, names);
    return names;
  }
}
