package org.postrider.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.List;
import org.postrider.protocol.Flags;

/**
 * Where the messages of a folder lie: here in its own {@code cur}; in {@link LinkedFiles} somewhere
 * else. What is asked without {@link Folder}'s lock is said.
 */
class MessageFiles {

  final Disk disk;
  final Path directory;
  final Path cur;

  /**
   * @param disk for files of the folder
   */
  MessageFiles(Disk disk, Path directory) {
    this.disk = disk;
    this.directory = directory;
    this.cur = directory.resolve("cur");
  }

  /** True where {@link #bringIn} has something to do. */
  boolean isDue() throws IOException {
    return false;
  }

  /** {@link #bringIn} has something to do. */
  void invalidate() {}

  /**
   * Brings the folder's directories in step with where its messages lie, before they are read.
   * Courier's lock is held.
   *
   * @return true where something changed in them
   */
  boolean bringIn() throws IOException {
    return false;
  }

  /** True where the folder is there. Needs no lock. */
  boolean isThere() throws IOException {
    BasicFileAttributes there = disk.stat(cur);
    return there != null && there.isDirectory();
  }

  /** True where its flags can be changed. */
  boolean isWritable() throws IOException {
    return disk.isWritable(cur);
  }

  /** The name of a message in {@code cur}. */
  final Path name(String base, String info) {
    return FileNames.in(cur, base + info);
  }

  /** A message's file; null where it is gone. Needs no lock. */
  BasicFileAttributes stat(String base, String info) throws IOException {
    return disk.stat(name(base, info));
  }

  /** A message's file for reading, whose kind was seen. Needs no lock. */
  FileChannel open(String base, String info) throws IOException {
    return disk.open(name(base, info));
  }

  /** A message that comes from a client. Needs no lock. */
  Incoming receive(Flags flags, Instant date) throws IOException {
    return Incoming.receive(disk, directory, flags, date);
  }

  /** A copy of another folder's message. Needs no lock. */
  Incoming copyOf(OpenMessage file, StoredMessage message) throws IOException {
    return Incoming.copy(
        disk, directory, file.file(), message.flags(), file.date(), message.wireSize());
  }

  /** False where messages go into this folder and out of it only as copies. */
  boolean areItsOwn() {
    return true;
  }

  /** The file of a message that comes in gets its name. */
  void add(Incoming message) throws IOException {
    link(disk, message, path(message));
  }

  /** Where a file system has no hard links, the name is unique, and the rename replaces nothing. */
  static void link(Disk disk, Incoming message, Path file) throws IOException {
    try {
      disk.linkSurely(message.file(), file);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      if (Disk.isFull(e) || !message.isOurs() || disk.stat(file) != null) {
        throw e;
      }
      disk.renameSurely(message.file(), file);
    }
  }

  /**
   * A message that was added is none after all.
   *
   * @return false where it may be there all the same
   */
  boolean takeBack(Incoming message) {
    return unlinked(disk, path(message));
  }

  static boolean unlinked(Disk disk, Path file) {
    try {
      disk.unlink(file);
      return true;
    } catch (NoSuchFileException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The names of what was added are on the medium when this returns. */
  void force() throws IOException {
    disk.forceDirectory(cur);
  }

  final Path path(Incoming message) {
    return name(message.base(), MessageFileName.info(message.flags(), ""));
  }

  /** True where a message could be removed. */
  boolean isRemovable(String base) throws IOException {
    return true;
  }

  /**
   * Fails where one of these messages could not be removed.
   *
   * @throws MaildirException NOT_YOURS
   */
  final void requireRemovable(List<StoredMessage> messages) throws IOException, MaildirException {
    for (StoredMessage message : messages) {
      if (!isRemovable(message.base())) {
        throw new MaildirException(
            MaildirException.Reason.NOT_YOURS,
            "Some of these messages are other people's, and only they may remove them from this"
                + " shared folder; nothing was moved. They can be copied.");
      }
    }
  }

  /**
   * Removes a message.
   *
   * @return false where the account may not; then it stays
   * @throws NoSuchFileException where it has another name by now, or none
   */
  boolean remove(String base, String info) throws IOException {
    disk.unlink(name(base, info));
    return true;
  }

  /** The directories, above {@code new} and {@code cur}, in which others may change something. */
  List<Path> places() {
    return List.of(directory);
  }
}
