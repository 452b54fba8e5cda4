package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * The {@link UidList} of one folder on disk, and whether it is still the one that was read or
 * written last. Not safe for threads: {@link Folder} holds its lock.
 */
final class UidListFile {

  private final Disk disk;
  private final Path folder;
  private final Path file;
  private BasicFileAttributes seen;
  private boolean there;

  UidListFile(Disk disk, Path folder) {
    this.disk = disk;
    this.folder = folder;
    this.file = folder.resolve(UidList.FILE);
  }

  /** True where the disk has a list that can be used. */
  boolean isThere() {
    return there;
  }

  /** True where the list is the one that was read or written last. */
  boolean isAsSeen() throws IOException {
    BasicFileAttributes now = disk.stat(file);
    return now != null
        && seen != null
        && now.size() == seen.size()
        && now.lastModifiedTime().equals(seen.lastModifiedTime())
        && Objects.equals(now.fileKey(), seen.fileKey());
  }

  /** The list; null where there is none that can be used. */
  UidList read() throws IOException {
    BasicFileAttributes before = disk.stat(file);
    UidList list = UidList.read(disk, folder);
    there = list != null;
    seen = there ? before : null;
    return list;
  }

  /** Writes a list, durably; where that fails it is not known which one is on disk. */
  void write(byte[] octets) throws IOException {
    seen = null;
    seen = UidList.write(disk, folder, octets);
    there = true;
  }

  /** There shall be no list. */
  void remove() {
    seen = null;
    there = false;
    disk.tidy(file);
  }
}
