package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes messages part of a folder: the middle of {@link Folder}'s write order for messages that
 * come in. {@link Folder} holds both locks.
 */
final class FolderIntake {

  private final Disk disk;
  private final Path directory;
  private final Path cur;
  private final FolderMemory memory;
  private final FolderSync sync;

  FolderIntake(Disk disk, Path directory, FolderMemory memory, FolderSync sync) {
    this.disk = disk;
    this.directory = directory;
    this.cur = directory.resolve("cur");
    this.memory = memory;
    this.sync = sync;
  }

  /** All of them or none, in their order. */
  Published publish(List<Incoming> messages) throws IOException, MaildirException {
    sync.prepareToNumber(messages.size());
    int linked = 0;
    FolderSync.Change ours = sync.begin();
    try {
      for (Incoming message : messages) {
        if (!message.flags().keywords().isEmpty()) {
          ours.keywords();
          Keywords.write(
              disk, directory, message.base(), memory.words().checked(message.flags()).keywords());
        }
        link(message);
        linked++;
      }
      disk.forceDirectory(cur);
      return new Published(memory.uidValidity(), ours.added(messages));
    } catch (IOException | MaildirException e) {
      takeBack(messages, linked);
      throw e;
    } finally {
      ours.end();
    }
  }

  private void link(Incoming message) throws IOException {
    Path file = path(message);
    try {
      disk.link(message.file(), file);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      // A file system without hard links. The name is unique, so that the rename replaces nothing.
      if (Disk.isFull(e) || !message.isOurs() || disk.stat(file) != null) {
        throw e;
      }
      disk.rename(message.file(), file);
    }
  }

  private void takeBack(List<Incoming> messages, int linked) {
    for (int i = 0; i < messages.size() && i <= linked; i++) {
      Incoming message = messages.get(i);
      if (!message.flags().keywords().isEmpty()) {
        Keywords.drop(disk, directory, message.base());
      }
      if (i < linked) {
        disk.tidy(path(message));
      }
    }
  }

  private Path path(Incoming message) {
    return FileNames.in(cur, message.base() + MessageFileName.info(message.flags(), ""));
  }
}
