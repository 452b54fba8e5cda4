package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts an account's mail as Maildir++ does: all of {@code new} and {@code cur} of INBOX and of
 * every folder but {@code .Trash}, without messages that are marked deleted (T in their flags). The
 * size of a message is what its name tells ({@code ,S=}), else that of its file. Names with a
 * leading dot are none, folders that are symbolic links are passed over.
 *
 * @param amount what is there
 * @param newest the latest change of any of the directories when they were read, and of the
 *     Maildir's own, in milliseconds: another one now means that the count may be wrong
 */
record QuotaCount(QuotaAmount amount, long newest) {

  /** The one folder that does not count. */
  static final String TRASH = ".Trash";

  private static final List<String> PARTS = List.of("new", "cur");

  /** Counts an account. */
  static QuotaCount of(Disk disk, Path root) throws IOException {
    long newest = changed(disk, root);
    QuotaAmount amount = QuotaAmount.NONE;
    for (Path folder : folders(disk, root)) {
      for (String part : PARTS) {
        Path directory = folder.resolve(part);
        newest = Math.max(newest, changed(disk, directory));
        amount = amount.plus(inDirectory(disk, directory));
      }
    }
    return new QuotaCount(amount, newest);
  }

  /** Counts one folder, whatever its name. */
  static QuotaAmount ofFolder(Disk disk, Path folder) throws IOException {
    return inDirectory(disk, folder.resolve("new")).plus(inDirectory(disk, folder.resolve("cur")));
  }

  /** The latest change by now. */
  static long newest(Disk disk, Path root) throws IOException {
    long newest = changed(disk, root);
    for (Path folder : folders(disk, root)) {
      for (String part : PARTS) {
        newest = Math.max(newest, changed(disk, folder.resolve(part)));
      }
    }
    return newest;
  }

  private static List<Path> folders(Disk disk, Path root) throws IOException {
    List<Path> folders = new ArrayList<>();
    folders.add(root);
    for (String name : disk.names(root)) {
      if (name.startsWith(".") && !name.equals(TRASH)) {
        Path folder = FileNames.in(root, name);
        BasicFileAttributes there = look(disk, folder);
        if (there != null && there.isDirectory()) {
          folders.add(folder);
        }
      }
    }
    return folders;
  }

  /** Looks twice where there is nothing: NFS may hide a name for a moment. */
  private static BasicFileAttributes look(Disk disk, Path directory) throws IOException {
    BasicFileAttributes there = disk.stat(directory);
    return there == null ? disk.stat(directory) : there;
  }

  private static long changed(Disk disk, Path directory) throws IOException {
    BasicFileAttributes there = look(disk, directory);
    return there == null ? 0 : there.lastModifiedTime().toMillis();
  }

  private static QuotaAmount inDirectory(Disk disk, Path directory) throws IOException {
    BasicFileAttributes there = look(disk, directory);
    if (there == null || !there.isDirectory()) {
      return QuotaAmount.NONE;
    }
    QuotaAmount amount = QuotaAmount.NONE;
    for (String name : names(disk, directory)) {
      if (!name.startsWith(".")) {
        MessageFileName message = MessageFileName.parse(name);
        if (counts(message.info())) {
          long octets = octets(disk, directory, message);
          amount = octets < 0 ? amount : amount.plusMessage(octets);
        }
      }
    }
    return amount;
  }

  private static List<String> names(Disk disk, Path directory) throws IOException {
    try {
      return disk.names(directory);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of(); // removed meanwhile
    }
  }

  /** False for a message that is marked deleted. */
  static boolean counts(String info) {
    return !info.startsWith(":2,") || info.indexOf('T') < 0;
  }

  /** Octets of a message; -1 where it is gone. */
  static long octets(Disk disk, Path directory, MessageFileName message) throws IOException {
    long told = MessageFileName.diskSize(message.base());
    if (told >= 0) {
      return told;
    }
    BasicFileAttributes there = disk.stat(FileNames.in(directory, message.toString()));
    return there == null ? -1 : there.size();
  }
}
