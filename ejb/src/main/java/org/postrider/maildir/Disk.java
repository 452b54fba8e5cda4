package org.postrider.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The file calls that the store makes, each one system call or nearly so. No symbolic link is ever
 * followed at the last name of a path. What waits for the medium does so as {@link SyncPolicy} has
 * it. Not final: tests derive one that fails at a chosen call.
 *
 * <p>On NFS a call may have worked and report that it did not, because its answer was lost and it
 * was sent once more. {@link #linkSurely}, {@link #renameSurely} and {@link #replace} look then.
 */
class Disk {

  private static final FileAttribute<?> FILE_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--"));
  private static final FileAttribute<?> DIRECTORY_MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /**
   * Most files of one directory, so that a folder of them takes a quarter of the heap: 1,000,000
   * with 1 GB.
   */
  static final int MOST_NAMES =
      Math.clamp(
          Runtime.getRuntime().maxMemory() / 4 / Folders.MESSAGE_OCTETS, 100_000, 50_000_000);

  /** A directory of this size holds two million names at the most, and 250,000 usual ones. */
  private static final long QUICK_OCTETS = 32_000_000;

  /** Directories in directories that are removed; the store itself makes two. */
  private static final int DEEPEST = 20;

  /** More files than this are synced together, by their file system. */
  private static final int FEW = 4;

  private final SyncPolicy policy;
  private final SharedSync syncs;

  Disk() {
    this(SyncPolicy.FULL);
  }

  Disk(SyncPolicy policy) {
    this(policy, new SharedSync());
  }

  private Disk(SyncPolicy policy, SharedSync syncs) {
    this.policy = policy;
    this.syncs = syncs;
  }

  /** Syncs as another, and shares syncs with it. */
  Disk(Disk other) {
    this(other.policy, other.syncs);
  }

  /** Whose everything is that is made here. */
  Owner owner() {
    return ServerUser.current().owner();
  }

  /** The same calls for files of another owner; itself where they are the server's user's. */
  Disk ownedBy(Owner files) {
    return ServerUser.current().hasToGive(files) ? new OwnedDisk(files, this) : this;
  }

  /**
   * The calls of the same user on files that may be other people's: what the system would not let
   * that user do fails.
   */
  Disk visiting() {
    return this;
  }

  /**
   * Makes a new file, for writing and reading; fails where the name exists, and where its directory
   * is a symbolic link: scratch files alone are made, in {@code tmp}, which is none.
   */
  FileChannel create(Path file) throws IOException {
    requireDirectory(file.getParent());
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, StandardOpenOption.READ),
        FILE_MODE);
  }

  /**
   * Opens a file for reading. Callers have seen that it is a regular one: opening a pipe would wait
   * for a writer.
   */
  FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /** Reads some of it; -1 at its end. */
  int read(FileChannel file, ByteBuffer octets) throws IOException {
    return file.read(octets);
  }

  /** Writes all of it. */
  void write(FileChannel file, ByteBuffer octets) throws IOException {
    while (octets.hasRemaining()) {
      file.write(octets);
    }
  }

  /**
   * Adds octets at the end of a file that is there, in one call, so that those of programs that do
   * the same at the same time do not mix. Callers have seen that it is a regular one.
   */
  void append(Path file, ByteBuffer octets) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS)) {
      channel.write(octets);
    }
  }

  /** Copies what is left of one file to the end of another. */
  void copy(FileChannel from, FileChannel to) throws IOException {
    long size = from.size();
    long at = 0;
    while (at < size) {
      long moved = from.transferTo(at, size - at, to);
      if (moved <= 0) {
        throw new IOException("The message file became shorter while it was copied.");
      }
      at += moved;
    }
  }

  /** Waits until the file's octets and times are on the medium. */
  void force(FileChannel file) throws IOException {
    if (policy != SyncPolicy.COURIER) {
      forceMedium(file);
    }
  }

  /** The call itself. */
  void forceMedium(FileChannel file) throws IOException {
    file.force(true);
  }

  /** As {@link #force}; many who wait at the same time share one sync. */
  final void forceShared(FileChannel file, Path name) throws IOException {
    if (policy != SyncPolicy.COURIER) {
      syncs.force(() -> force(file), name, this);
    }
  }

  /** Waits until the octets of these files are on the medium; all are on one file system. */
  final void forceAll(List<Path> files) throws IOException {
    if (policy == SyncPolicy.COURIER || files.isEmpty()) {
      return;
    }
    if (files.size() > FEW && canSyncFileSystem() && !syncs.isAvoided()) {
      long started = System.nanoTime();
      syncFileSystem(files.get(0));
      syncs.noteCost(System.nanoTime() - started);
      return;
    }
    for (Path file : files) {
      try (FileChannel channel = open(file)) {
        force(channel);
      }
    }
  }

  /** True where a whole file system can be synced. */
  boolean canSyncFileSystem() {
    return Descriptor.canSyncFileSystem();
  }

  /** Waits until all that was written to the file system before is on the medium. */
  void syncFileSystem(Path onIt) throws IOException {
    if (policy != SyncPolicy.COURIER) {
      syncMedium(onIt);
    }
  }

  /** The call itself. */
  void syncMedium(Path onIt) throws IOException {
    try (Descriptor place = Descriptor.existing(onIt)) {
      place.syncFileSystem();
    }
  }

  /** Waits until the directory's names are on the medium. */
  void forceDirectory(Path directory) throws IOException {
    if (policy != SyncPolicy.COURIER) {
      forceMedium(directory);
    }
  }

  /** The call itself, for a directory. */
  void forceMedium(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Waits for names whose change is commonly not waited for, where everything is. */
  final void settle(Path directory) throws IOException {
    if (policy == SyncPolicy.EVERYTHING) {
      forceDirectory(directory);
    }
  }

  /** A second name for a file; fails where that name exists. */
  void link(Path existing, Path link) throws IOException {
    Files.createLink(link, existing);
  }

  /** A new symbolic link; fails where its name exists. */
  void makeLink(Path link, Path target) throws IOException {
    Files.createSymbolicLink(link, target);
  }

  /** Where a symbolic link leads, as it says; null where the name is not one's. */
  Path readLink(Path link) throws IOException {
    try {
      return Files.readSymbolicLink(link);
    } catch (NotLinkException | NoSuchFileException e) {
      return null;
    }
  }

  /** Makes a second name that nobody else makes: that it is there means that this made it. */
  final void linkSurely(Path existing, Path link) throws IOException {
    try {
      link(existing, link);
    } catch (IOException e) {
      BasicFileAttributes one = quietly(existing);
      BasicFileAttributes other = quietly(link);
      if (one == null
          || other == null
          || one.fileKey() == null
          || !one.fileKey().equals(other.fileKey())) {
        throw e;
      }
    }
  }

  /** Gives a file a name that nobody else makes. */
  final void renameSurely(Path from, Path to) throws IOException {
    try {
      rename(from, to);
    } catch (IOException e) {
      if (quietly(to) == null || quietly(from) != null) {
        throw e;
      }
    }
  }

  private BasicFileAttributes quietly(Path file) {
    try {
      return stat(file);
    } catch (IOException e) {
      return null;
    }
  }

  /** Gives a file another name, at once; a file that had that name is gone. */
  void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  void unlink(Path file) throws IOException {
    Files.delete(file);
  }

  /** Unlinks where it exists and can be; for what is only tidied up. */
  void tidy(Path file) {
    try {
      unlink(file);
    } catch (IOException e) {
      // gone already, or it stays until the next clean-up
    }
  }

  /**
   * Makes a directory that its owner alone may enter, whatever the umask; fails where it exists.
   */
  void makeDirectory(Path directory) throws IOException {
    Files.createDirectory(directory, DIRECTORY_MODE);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
  }

  /** True where names in a directory can be made and removed. */
  boolean isWritable(Path directory) throws IOException {
    return Files.isWritable(directory);
  }

  /** True where this user could unlink a file: as the directory and its sticky bit have it. */
  boolean isRemovable(Path file) throws IOException {
    ServerUser user = ServerUser.current();
    if (!Files.isWritable(file.getParent())) {
      return false;
    }
    String wanted = "unix:uid,mode";
    Map<String, Object> directory = Files.readAttributes(file.getParent(), wanted);
    return user.givesAway()
        || !FileRights.isSticky(directory)
        || FileRights.isOf(user.owner(), directory)
        || FileRights.isOf(
            user.owner(), Files.readAttributes(file, wanted, LinkOption.NOFOLLOW_LINKS));
  }

  /** Sets access and modification time. */
  void setTimes(Path file, FileTime time) throws IOException {
    Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setTimes(time, time, null);
  }

  void setMode(Path file, String mode) throws IOException {
    Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setPermissions(PosixFilePermissions.fromString(mode));
  }

  /** What the name stands for, a symbolic link for itself; null where there is nothing. */
  BasicFileAttributes stat(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Fails where the name is no directory's, or a link's to one. */
  void requireDirectory(Path directory) throws IOException {
    BasicFileAttributes there = stat(directory);
    if (there == null) {
      throw new NoSuchFileException(directory.toString());
    }
    if (!there.isDirectory()) {
      throw new NotDirectoryException(directory.toString());
    }
  }

  /**
   * The numbers of {@code struct stat}: {@code dev}, {@code ino}, {@code nlink}, {@code size},
   * {@code uid}, {@code ctime}, {@code mode}.
   */
  Map<String, Object> numbers(Path file) throws IOException {
    return Files.readAttributes(
        file, "unix:dev,ino,nlink,size,uid,ctime,mode", LinkOption.NOFOLLOW_LINKS);
  }

  FileTime changed(Path file) throws IOException {
    return (FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * The names in a directory, in octets, in no order; {@code .} and {@code ..} are not among them.
   * Fails where there are more than {@link #MOST_NAMES}.
   */
  List<String> names(Path directory) throws IOException {
    // The old call is twice as quick, but decodes names by the locale, can't say what went wrong,
    // and has no bound.
    BasicFileAttributes there = Files.readAttributes(directory, BasicFileAttributes.class);
    String[] quick = there.size() > QUICK_OCTETS ? null : directory.toFile().list();
    boolean usable = quick != null && quick.length <= MOST_NAMES && FileNames.areAscii(quick);
    List<String> names = usable ? Arrays.asList(quick) : names(directory, MOST_NAMES + 1);
    if (names.size() > MOST_NAMES) {
      throw new FileSystemException(
          directory.toString(),
          null,
          "there are more than "
              + MOST_NAMES
              + " files in this directory, which is the most for a heap of this size");
    }
    return names;
  }

  /** So many names of a directory, or all where there are no more. */
  List<String> names(Path directory, int most) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (names.size() == most) {
          break;
        }
        names.add(FileNames.octets(entry));
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  /**
   * Removes a directory and all in it; symbolic links themselves, never what they point to, even
   * where a directory becomes a link meanwhile.
   */
  void removeTree(Path directory) throws IOException {
    try (DirectoryStream<Path> above = Files.newDirectoryStream(directory.getParent())) {
      if (!(above instanceof SecureDirectoryStream<Path> held)) {
        throw new FileSystemException(
            directory.toString(), null, "this system has no safe way to remove directories");
      }
      removeTree(held, directory.getFileName(), 1);
    }
  }

  private void removeTree(SecureDirectoryStream<Path> above, Path name, int depth)
      throws IOException {
    if (depth > DEEPEST) {
      throw new FileSystemException(name.toString(), null, "too many directories in each other");
    }
    try (SecureDirectoryStream<Path> directory =
        above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : directory) {
        Path file = entry.getFileName();
        boolean isDirectory =
            directory
                .getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .isDirectory();
        if (isDirectory) {
          removeTree(directory, file, depth + 1);
        } else {
          removeHeld(directory, file, false);
        }
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    removeHeld(above, name, true);
  }

  /** Removes a name from a directory that is held open. */
  void removeHeld(SecureDirectoryStream<Path> directory, Path name, boolean isDirectory)
      throws IOException {
    if (isDirectory) {
      directory.deleteDirectory(name);
    } else {
      directory.deleteFile(name);
    }
  }

  /**
   * The octets of a small file of the store.
   *
   * @return null where there is none, or something else has its name, or it is larger than the
   *     bound
   */
  byte[] readAll(Path file, long mostOctets) throws IOException {
    BasicFileAttributes attributes = stat(file);
    return attributes == null || attributes.size() > mostOctets
        ? null
        : readBeginning(file, mostOctets);
  }

  /**
   * The first octets of a small file of the store, all of them where there are no more.
   *
   * @return null where there is none, or something else has its name
   */
  byte[] readBeginning(Path file, long mostOctets) throws IOException {
    BasicFileAttributes attributes = stat(file);
    if (attributes == null || !attributes.isRegularFile()) {
      return null;
    }
    try (FileChannel channel = open(file)) {
      ByteBuffer buffer =
          ByteBuffer.allocate(Math.toIntExact(Math.min(mostOctets, channel.size())));
      while (buffer.hasRemaining() && read(channel, buffer) >= 0) {
        continue;
      }
      return buffer.hasRemaining()
          ? Arrays.copyOf(buffer.array(), buffer.position())
          : buffer.array();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Puts a file in place, whole or not at all: scratch file, octets, rename.
   *
   * @param scratch a name that is nobody else's, on the same file system
   * @param durable true where the octets and the name are to be on the medium before this returns
   */
  final void replace(Path scratch, Path file, byte[] octets, boolean durable) throws IOException {
    boolean waits = durable || policy == SyncPolicy.EVERYTHING;
    try {
      try (FileChannel channel = create(scratch)) {
        write(channel, ByteBuffer.wrap(octets));
        if (waits) {
          force(channel);
        }
      }
      renameSurely(scratch, file);
    } catch (IOException e) {
      tidy(scratch);
      throw e;
    }
    if (waits) {
      forceDirectory(file.getParent());
    }
  }

  /** True where a call failed because the user may not do that, or nobody may. */
  static boolean isRefused(IOException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return e instanceof AccessDeniedException
        || text.contains("not permitted")
        || text.contains("read-only file system");
  }

  /**
   * True where a write failed because there is no room: the medium's, or the quota that the system
   * sets.
   */
  static boolean isFull(IOException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return text.contains("no space left") || text.contains("quota exceeded");
  }
}
