package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the home directory of an account, empty or as a copy of a skeleton: under another name, for
 * the server's user alone, then given to the account whole, then renamed. So it appears complete or
 * not at all, and nobody can interfere; a crash leaves a directory {@code ..._mkhome..} beside it.
 *
 * <p>Of the skeleton directories, files and symbolic links (as links) are copied, with their modes;
 * anything else is passed over.
 */
public final class HomeDirectory {

  private static final int DEEPEST = 20;
  private static final int MOST_ENTRIES = 10_000;
  private static final int MODE_OTHERS_WRITE = 022;
  private static final String PRIVATE = "rwx------";

  private final Disk disk;
  private final Owner given;
  private int entries;

  private HomeDirectory(Owner given) {
    this.disk = new Disk();
    this.given = given;
  }

  /**
   * Makes one. The directory above is there.
   *
   * @param skeleton empty for an empty home
   * @throws FileAlreadyExistsException where there is something with that name
   */
  public static void make(Path home, Optional<Path> skeleton, Owner owner) throws IOException {
    boolean give = ServerUser.current().hasToGive(owner);
    if (give) {
      requireSafe(home.getParent());
    }
    new HomeDirectory(give ? owner : null).make(home, skeleton);
  }

  /** Where others may rename things, nothing is given away by its name. */
  private static void requireSafe(Path above) throws IOException {
    Map<String, Object> numbers = Files.readAttributes(above, "unix:uid,mode");
    long uid = Integer.toUnsignedLong((Integer) numbers.get("uid"));
    if (uid != ServerUser.current().owner().uid()
        || ((Integer) numbers.get("mode") & MODE_OTHERS_WRITE) != 0) {
      throw new FileSystemException(
          above.toString(),
          null,
          "homes are made only in a directory that belongs to the server's user and that nobody"
              + " else may write");
    }
  }

  private void make(Path home, Optional<Path> skeleton) throws IOException {
    if (disk.stat(home) != null) {
      throw new FileAlreadyExistsException(home.toString());
    }
    Path scratch = home.resolveSibling(UniqueNames.scratch("mkhome"));
    Files.createDirectory(
        scratch, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
    try {
      if (skeleton.isPresent()) {
        copyContent(skeleton.get(), scratch, 1);
      }
      give(scratch);
      disk.rename(scratch, home);
    } catch (IOException e) {
      disk.removeTree(scratch);
      throw e;
    }
    disk.forceDirectory(home.getParent());
  }

  private void copyContent(Path from, Path to, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new FileSystemException(from.toString(), null, "too many directories in each other");
    }
    try (DirectoryStream<Path> content = Files.newDirectoryStream(from)) {
      for (Path entry : content) {
        if (++entries > MOST_ENTRIES) {
          throw new FileSystemException(
              from.toString(), null, "a skeleton has " + MOST_ENTRIES + " files at the most");
        }
        copy(entry, to.resolve(entry.getFileName()), depth);
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  private void copy(Path from, Path to, int depth) throws IOException {
    BasicFileAttributes kind = disk.stat(from);
    if (kind == null || kind.isOther()) {
      return;
    }
    if (kind.isDirectory()) {
      Files.createDirectory(to);
      copyContent(from, to, depth + 1);
    } else {
      Files.copy(from, to, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
    }
    if (!kind.isSymbolicLink()) {
      Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
    }
    give(to);
  }

  private void give(Path made) throws IOException {
    if (given != null) {
      Files.setAttribute(made, "unix:gid", (int) given.gid(), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(made, "unix:uid", (int) given.uid(), LinkOption.NOFOLLOW_LINKS);
    }
  }
}
