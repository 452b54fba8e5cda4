package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.postrider.maildir.Finding.Kind;

/**
 * One folder while it is inspected: where it is, whose it has to be, and what can be done about
 * single files of it.
 *
 * @param root the account's Maildir
 * @param directory the folder's, the same for INBOX
 */
record CheckedFolder(Disk disk, Path root, Path directory, Aside aside, Findings findings) {

  private static final int MODE_KIND = 0170000;
  private static final int KIND_FILE = 0100000;
  private static final int KIND_DIRECTORY = 0040000;
  private static final int OWNER_ALL = 0700;
  private static final int OWNER_READS_AND_WRITES = 0600;

  boolean isInbox() {
    return directory.equals(root);
  }

  /** What {@code struct stat} tells of a file. */
  record Stat(long uid, int mode, long size, long dev, long ino, long modifiedMillis) {

    boolean isFile() {
      return (mode & MODE_KIND) == KIND_FILE;
    }

    boolean isDirectory() {
      return (mode & MODE_KIND) == KIND_DIRECTORY;
    }

    boolean isSameFileAs(Stat other) {
      return dev == other.dev && ino == other.ino;
    }
  }

  /** Null where there is nothing. */
  Stat stat(Path file) throws IOException {
    try {
      Map<String, Object> numbers =
          Files.readAttributes(
              file, "unix:uid,mode,size,dev,ino,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
      return new Stat(
          Integer.toUnsignedLong((Integer) numbers.get("uid")),
          (Integer) numbers.get("mode"),
          (Long) numbers.get("size"),
          (Long) numbers.get("dev"),
          (Long) numbers.get("ino"),
          ((java.nio.file.attribute.FileTime) numbers.get("lastModifiedTime")).toMillis());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /**
   * Whose it is, and whether its owner can use it.
   *
   * @return false where the account can't use it, and it was not repaired
   */
  boolean checkRights(Path file, Stat stat) {
    long owner = disk.owner().uid();
    if (stat.uid() != owner) {
      findings.tell(
          Kind.WRONG_OWNER,
          file,
          "it belongs to uid "
              + stat.uid()
              + " and the Maildir to "
              + disk.owner()
              + "; chown -h "
              + disk.owner()
              + " makes it the account's");
      return false;
    }
    int needed = stat.isDirectory() ? OWNER_ALL : OWNER_READS_AND_WRITES;
    if ((stat.mode() & needed) != needed) {
      findings.mend(
          Kind.WRONG_MODE,
          file,
          "its mode %04o is too little for its owner".formatted(stat.mode() & 07777),
          () -> {
            int mode = (stat.mode() | needed) & 0777;
            disk.setMode(file, letters(mode));
            return "changed to %04o".formatted(mode);
          });
    }
    return true;
  }

  private static String letters(int mode) {
    StringBuilder letters = new StringBuilder();
    for (int bit = 8; bit >= 0; bit--) {
      letters.append((mode >> bit & 1) == 0 ? '-' : "xwr".charAt(bit % 3));
    }
    return letters.toString();
  }

  /** What is in the way of something else goes aside. */
  void setAside(Kind kind, Path file, String detail) {
    findings.mend(kind, file, detail, () -> aside.move(file));
  }

  /** A base name that no message has, for a file that is there. */
  static String freshBase(Stat stat) {
    return UniqueNames.message().base(stat.dev(), stat.ino(), stat.size());
  }
}
