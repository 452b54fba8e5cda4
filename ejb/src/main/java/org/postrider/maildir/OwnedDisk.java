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
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The file calls for a Maildir of another user than the server's: what they make is that user's
 * before it has its final name, and the server's rights do nothing that the user's would not.
 *
 * <p>The user owns the directories and may put links and other files anywhere at any moment, and
 * root follows them where the user could not. So each call first holds the directory it works in,
 * by a descriptor, and goes on only where <em>that directory</em> is the account's, wherever the
 * path led; then it works on a name in the held directory. Files are given away, and given times
 * and modes, by a descriptor as well, of a file that was just made or that is the account's. What
 * is read is the account's or could be read by it.
 */
class OwnedDisk extends Disk {

  private static final int MODE_OWNER_WRITES = 0200;
  private static final int MODE_GROUP_READS = 040;
  private static final int MODE_OTHERS_READ = 04;
  private static final int MODE_KIND = 0170000;
  private static final int KIND_FILE = 0100000;
  private static final String DIRECTORY_MODE = "rwx------";

  private final Owner owner;

  OwnedDisk(Owner owner) {
    this(owner, new Disk());
  }

  OwnedDisk(Owner owner, Disk of) {
    super(of);
    this.owner = owner;
  }

  @Override
  Owner owner() {
    return owner;
  }

  @Override
  Disk ownedBy(Owner files) {
    return files.equals(owner) ? this : new Disk(this).ownedBy(files);
  }

  @Override
  Disk visiting() {
    return ServerUser.current().givesAway() ? new VisitorDisk(owner) : this;
  }

  /** Called for everything that is made; a test may look on. */
  void give(Descriptor made, Path name) throws IOException {
    made.giveTo(owner);
  }

  /** A call on the same name, in the directory that is held. */
  @FunctionalInterface
  private interface Call<R> {
    R on(Path name) throws IOException;
  }

  private <R> R in(Path file, Call<R> call) throws IOException {
    try (Descriptor place = hold(file.getParent())) {
      return call.on(place.path().resolve(file.getFileName()));
    } catch (FileSystemException e) {
      throw named(e, file, null);
    }
  }

  /** Holds a directory of the account. */
  private Descriptor hold(Path directory) throws IOException {
    Descriptor place = Descriptor.place(directory);
    try {
      long uid = uid(place.numbers());
      if (uid != owner.uid()) {
        throw new FileSystemException(
            directory.toString(),
            null,
            "this directory belongs to uid "
                + uid
                + ", and the account's files to uid "
                + owner.uid());
      }
      return place;
    } catch (IOException | RuntimeException e) {
      place.close();
      throw e;
    }
  }

  @Override
  FileChannel create(Path file) throws IOException {
    requireDirectory(file.getParent());
    return in(
        file,
        name -> {
          try (Descriptor made = Descriptor.create(name)) {
            boolean given = false;
            try {
              give(made, file);
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
        name -> {
          try (Descriptor there = Descriptor.existing(name)) {
            requireReadable(there, file);
            return FileChannel.open(there.path(), StandardOpenOption.READ);
          }
        });
  }

  @Override
  void append(Path file, ByteBuffer octets) throws IOException {
    in(
        file,
        name -> {
          try (Descriptor there = Descriptor.existing(name)) {
            Map<String, Object> numbers = there.numbers();
            boolean plain = ((Integer) numbers.get("mode") & MODE_KIND) == KIND_FILE;
            if (uid(numbers) != owner.uid() || !plain) {
              throw new AccessDeniedException(
                  file.toString(), null, "it is no file of uid " + owner.uid());
            }
            try (FileChannel channel = FileChannel.open(there.path(), StandardOpenOption.APPEND)) {
              channel.write(octets);
            }
            return name;
          }
        });
  }

  private void requireReadable(Descriptor file, Path name) throws IOException {
    Map<String, Object> numbers = file.numbers();
    int mode = (Integer) numbers.get("mode");
    boolean readable =
        uid(numbers) == owner.uid()
            || (mode & MODE_OTHERS_READ) != 0
            || (gid(numbers) == owner.gid() && (mode & MODE_GROUP_READS) != 0);
    if (!readable || (mode & MODE_KIND) != KIND_FILE) {
      throw new AccessDeniedException(
          name.toString(), null, "it is no file that uid " + owner.uid() + " may read");
    }
  }

  @Override
  void forceDirectory(Path directory) throws IOException {
    try (Descriptor place = hold(directory)) {
      super.forceDirectory(place.path());
    }
  }

  @Override
  void link(Path existing, Path link) throws IOException {
    inBoth(existing, link, super::link);
  }

  @Override
  void rename(Path from, Path to) throws IOException {
    inBoth(from, to, super::rename);
  }

  @Override
  void makeLink(Path link, Path target) throws IOException {
    in(
        link,
        name -> {
          Files.createSymbolicLink(name, target);
          try (Descriptor made = Descriptor.look(name)) {
            if (uid(made.numbers()) == ServerUser.current().owner().uid()) {
              made.giveLookedAtTo(owner);
            }
          }
          return name;
        });
  }

  @Override
  Path readLink(Path link) throws IOException {
    try {
      return in(link, super::readLink);
    } catch (NoSuchFileException e) {
      return null; // its directory is not there
    }
  }

  @FunctionalInterface
  private interface CallOnTwo {
    void on(Path from, Path to) throws IOException;
  }

  private void inBoth(Path from, Path to, CallOnTwo call) throws IOException {
    try (Descriptor source = hold(from.getParent());
        Descriptor target = hold(to.getParent())) {
      call.on(source.path().resolve(from.getFileName()), target.path().resolve(to.getFileName()));
    } catch (FileSystemException e) {
      throw named(e, from, to);
    }
  }

  @Override
  void unlink(Path file) throws IOException {
    in(
        file,
        name -> {
          super.unlink(name);
          return name;
        });
  }

  @Override
  void makeDirectory(Path directory) throws IOException {
    try (Descriptor place = hold(directory.getParent())) {
      make(place, directory);
    } catch (FileSystemException e) {
      throw named(e, directory, null);
    }
  }

  /** Makes it under another name, so that it is the account's when it appears. */
  private void make(Descriptor place, Path directory) throws IOException {
    Path name = place.path().resolve(directory.getFileName());
    if (stat(name) != null) {
      throw new FileAlreadyExistsException(directory.toString());
    }
    Path scratch = place.path().resolve(UniqueNames.scratch("mkdir"));
    Files.createDirectory(
        scratch,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(DIRECTORY_MODE)));
    try (Descriptor made = Descriptor.existing(scratch)) {
      if (uid(made.numbers()) != ServerUser.current().owner().uid()) {
        throw new FileSystemException(directory.toString(), null, "somebody put another there");
      }
      Files.setPosixFilePermissions(made.path(), PosixFilePermissions.fromString(DIRECTORY_MODE));
      give(made, directory);
      Files.move(scratch, name, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(scratch);
      if (stat(name) != null) {
        throw new FileAlreadyExistsException(directory.toString());
      }
      throw e;
    }
  }

  @Override
  void setTimes(Path file, FileTime time) throws IOException {
    onOwn(
        file,
        path ->
            Files.getFileAttributeView(path, BasicFileAttributeView.class)
                .setTimes(time, time, null));
  }

  @Override
  void setMode(Path file, String mode) throws IOException {
    onOwn(file, path -> Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode)));
  }

  @FunctionalInterface
  private interface Change {
    void of(Path path) throws IOException;
  }

  private void onOwn(Path file, Change change) throws IOException {
    in(
        file,
        name -> {
          try (Descriptor there = Descriptor.existing(name)) {
            if (uid(there.numbers()) != owner.uid()) {
              throw new AccessDeniedException(file.toString(), null, "it is another user's");
            }
            change.of(there.path());
            return name;
          }
        });
  }

  @Override
  List<String> names(Path directory) throws IOException {
    try (Descriptor place = hold(directory)) {
      return super.names(place.path());
    } catch (FileSystemException e) {
      throw named(e, directory, null);
    }
  }

  @Override
  List<String> names(Path directory, int most) throws IOException {
    try (Descriptor place = hold(directory)) {
      return super.names(place.path(), most);
    }
  }

  @Override
  void removeTree(Path directory) throws IOException {
    in(
        directory,
        name -> {
          super.removeTree(name);
          return name;
        });
  }

  @Override
  boolean isWritable(Path directory) throws IOException {
    Map<String, Object> numbers =
        Files.readAttributes(directory, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    return uid(numbers) == owner.uid() && ((Integer) numbers.get("mode") & MODE_OWNER_WRITES) != 0;
  }

  private static long uid(Map<String, Object> numbers) {
    return Integer.toUnsignedLong((Integer) numbers.get("uid"));
  }

  private static long gid(Map<String, Object> numbers) {
    return Integer.toUnsignedLong((Integer) numbers.get("gid"));
  }

  /** The same failure, with the names that people know. */
  private static FileSystemException named(FileSystemException e, Path file, Path other) {
    String name = file.toString();
    if (name.equals(e.getFile())) {
      return e;
    }
    String second = other == null ? null : other.toString();
    FileSystemException named =
        switch (e) {
          case NoSuchFileException gone -> new NoSuchFileException(name, second, gone.getReason());
          case FileAlreadyExistsException taken ->
              new FileAlreadyExistsException(name, second, taken.getReason());
          case AccessDeniedException denied ->
              new AccessDeniedException(name, second, denied.getReason());
          default ->
              new FileSystemException(name, second, Objects.requireNonNullElse(e.getReason(), ""));
        };
    named.initCause(e);
    return named;
  }
}
