package org.postrider.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The file calls of an account in directories of other people, made by a server that is root: each
 * does what the system would let the account do, and nothing else. What is made is the account's.
 *
 * <p>A path is walked from the root directory, name by name. Each directory is held by a
 * descriptor, and the account has to have the right to search it before the next name is looked up
 * in it; a symbolic link on the way is read and walked in the same manner. So it does not matter
 * who may rename or link what meanwhile: wherever the walk leads, the account could have gone. A
 * file is opened only after it was looked at (never a device, a pipe or a link), by the descriptor
 * it was looked at.
 */
final class VisitorDisk extends Disk {

  /** Links on one way, as the system has it. */
  private static final int MOST_LINKS = 40;

  private static final int MODE_KIND = 0170000;
  private static final int KIND_FILE = 0100000;
  private static final int KIND_DIRECTORY = 0040000;
  private static final int KIND_LINK = 0120000;

  private final Owner account;
  private final FileRights rights;

  VisitorDisk(Owner account) {
    this.account = account;
    this.rights = new FileRights(account, Set.of());
  }

  @Override
  Owner owner() {
    return account;
  }

  @Override
  Disk ownedBy(Owner files) {
    return new Disk().ownedBy(files);
  }

  /** A call on the same name, in the directory that is held. */
  @FunctionalInterface
  private interface Call<R> {
    R on(Descriptor place, Path name) throws IOException;
  }

  private <R> R in(Path file, int wanted, Call<R> call) throws IOException {
    try (Descriptor place = hold(file.getParent(), wanted)) {
      return call.on(place, place.path().resolve(file.getFileName()));
    } catch (FileSystemException e) {
      throw named(e, file);
    }
  }

  /** Holds a directory that the account may use so. */
  private Descriptor hold(Path directory, int wanted) throws IOException {
    Deque<Path> way = new ArrayDeque<>();
    directory.forEach(way::addLast);
    Descriptor at = Descriptor.place(directory.getRoot());
    try {
      for (int links = 0; !way.isEmpty(); ) {
        require(at, FileRights.SEARCH, directory);
        Path name = at.path().resolve(way.removeFirst());
        Descriptor next = Descriptor.look(name);
        switch (kind(next)) {
          case KIND_DIRECTORY -> {
            at.close();
            at = next;
          }
          case KIND_LINK -> {
            next.close();
            if (++links > MOST_LINKS) {
              throw new FileSystemException(directory.toString(), null, "too many symbolic links");
            }
            Path target = Files.readSymbolicLink(name);
            for (int i = target.getNameCount() - 1; i >= 0; i--) {
              way.addFirst(target.getName(i));
            }
            if (target.isAbsolute()) {
              Descriptor root = Descriptor.place(target.getRoot());
              at.close();
              at = root;
            }
          }
          default -> {
            next.close();
            throw new java.nio.file.NotDirectoryException(directory.toString());
          }
        }
      }
      require(at, wanted | FileRights.SEARCH, directory);
      return at;
    } catch (IOException | RuntimeException e) {
      at.close();
      throw e;
    }
  }

  private static int kind(Descriptor there) throws IOException {
    try {
      return (Integer) there.numbers().get("mode") & MODE_KIND;
    } catch (IOException e) {
      there.close();
      throw e;
    }
  }

  private void require(Descriptor place, int wanted, Path directory) throws IOException {
    if (!rights.allow(place, wanted)) {
      throw new AccessDeniedException(
          directory.toString(), null, "uid " + account.uid() + " may not do this there");
    }
  }

  @Override
  FileChannel create(Path file) throws IOException {
    return in(
        file,
        FileRights.WRITE,
        (place, name) -> {
          try (Descriptor made = Descriptor.create(name)) {
            boolean given = false;
            try {
              made.giveTo(account);
              FileChannel channel =
                  FileChannel.open(made.path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
              given = true;
              return channel;
            } finally {
              if (!given) {
                Files.deleteIfExists(name);
              }
            }
          }
        });
  }

  @Override
  FileChannel open(Path file) throws IOException {
    return in(
        file,
        0,
        (place, name) -> {
          try (Descriptor there = Descriptor.look(name)) {
            boolean plain = ((Integer) there.numbers().get("mode") & MODE_KIND) == KIND_FILE;
            if (!plain || !rights.allow(there, FileRights.READ)) {
              throw new AccessDeniedException(
                  file.toString(), null, "it is no file that uid " + account.uid() + " may read");
            }
            return FileChannel.open(there.path(), StandardOpenOption.READ);
          }
        });
  }

  @Override
  void append(Path file, ByteBuffer octets) throws IOException {
    throw new AccessDeniedException(file.toString(), null, "it is another user's");
  }

  @Override
  void forceDirectory(Path directory) throws IOException {
    try (Descriptor place = hold(directory, 0)) {
      super.forceDirectory(place.path());
    }
  }

  /** A second name for a file of the account. */
  @Override
  void link(Path existing, Path link) throws IOException {
    in(
        existing,
        0,
        (from, name) ->
            in(
                link,
                FileRights.WRITE,
                (to, second) -> {
                  try (Descriptor there = Descriptor.look(name)) {
                    requireOwn(there, existing);
                  }
                  super.link(name, second);
                  return second;
                }));
  }

  /** Gives a file a name that is not taken. */
  @Override
  void rename(Path from, Path to) throws IOException {
    in(
        from,
        FileRights.WRITE,
        (source, name) ->
            in(
                to,
                FileRights.WRITE,
                (target, other) -> {
                  requireRemovable(source, name, from);
                  if (super.stat(other) != null) {
                    throw new FileAlreadyExistsException(to.toString());
                  }
                  super.rename(name, other);
                  return other;
                }));
  }

  @Override
  void unlink(Path file) throws IOException {
    in(
        file,
        FileRights.WRITE,
        (place, name) -> {
          requireRemovable(place, name, file);
          super.unlink(name);
          return name;
        });
  }

  private void requireRemovable(Descriptor place, Path name, Path file) throws IOException {
    if (!isRemovable(place, name)) {
      throw new AccessDeniedException(
          file.toString(), null, "in a sticky directory names are removed by their owners");
    }
  }

  private boolean isRemovable(Descriptor place, Path name) throws IOException {
    Map<String, Object> directory = place.numbers();
    if (account.uid() == 0
        || !FileRights.isSticky(directory)
        || FileRights.isOf(account, directory)) {
      return true;
    }
    try (Descriptor there = Descriptor.look(name)) {
      return FileRights.isOf(account, there.numbers());
    }
  }

  @Override
  boolean isRemovable(Path file) throws IOException {
    try {
      return in(file, FileRights.WRITE, this::isRemovable);
    } catch (AccessDeniedException e) {
      return false;
    }
  }

  private void requireOwn(Descriptor there, Path file) throws IOException {
    Map<String, Object> numbers = there.numbers();
    boolean plain = ((Integer) numbers.get("mode") & MODE_KIND) == KIND_FILE;
    if (!plain || !FileRights.isOf(account, numbers)) {
      throw new AccessDeniedException(file.toString(), null, "it is another user's");
    }
  }

  @Override
  void makeLink(Path link, Path target) throws IOException {
    throw new AccessDeniedException(link.toString(), null, "nothing links from here");
  }

  @Override
  void makeDirectory(Path directory) throws IOException {
    throw new AccessDeniedException(directory.toString(), null, "it is another user's");
  }

  @Override
  void removeTree(Path directory) throws IOException {
    throw new AccessDeniedException(directory.toString(), null, "it is another user's");
  }

  @Override
  boolean isWritable(Path directory) throws IOException {
    try (Descriptor place = hold(directory, FileRights.WRITE)) {
      return true;
    } catch (AccessDeniedException | NoSuchFileException e) {
      return false;
    }
  }

  @Override
  void setTimes(Path file, FileTime time) throws IOException {
    in(
        file,
        0,
        (place, name) -> {
          try (Descriptor there = Descriptor.look(name)) {
            requireOwn(there, file);
            Files.getFileAttributeView(there.path(), BasicFileAttributeView.class)
                .setTimes(time, time, null);
            return name;
          }
        });
  }

  @Override
  void setMode(Path file, String mode) throws IOException {
    throw new AccessDeniedException(file.toString(), null, "it is another user's");
  }

  @Override
  BasicFileAttributes stat(Path file) throws IOException {
    try {
      return in(file, 0, (place, name) -> super.stat(name));
    } catch (NoSuchFileException e) {
      return null; // a directory on the way
    }
  }

  @Override
  Map<String, Object> numbers(Path file) throws IOException {
    return in(file, 0, (place, name) -> super.numbers(name));
  }

  @Override
  FileTime changed(Path file) throws IOException {
    return in(
        file,
        0,
        (place, name) ->
            (FileTime) Files.getAttribute(name, "unix:ctime", LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  List<String> names(Path directory) throws IOException {
    try (Descriptor place = hold(directory, FileRights.READ)) {
      return super.names(place.path());
    }
  }

  /** The same failure, with the name that people know. */
  private static FileSystemException named(FileSystemException e, Path file) {
    String name = file.toString();
    if (name.equals(e.getFile())) {
      return e;
    }
    FileSystemException named =
        switch (e) {
          case NoSuchFileException gone -> new NoSuchFileException(name, null, gone.getReason());
          case FileAlreadyExistsException taken ->
              new FileAlreadyExistsException(name, null, taken.getReason());
          case AccessDeniedException denied ->
              new AccessDeniedException(name, null, denied.getReason());
          default -> new FileSystemException(name, null, String.valueOf(e.getReason()));
        };
    named.initCause(e);
    return named;
  }
}
