package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes messages part of a folder: the middle of {@link Folder}'s write order for messages that
 * come in. {@link Folder} holds both locks.
 */
final class FolderIntake {

  private final Disk disk;
  private final Path directory;
  private final MessageFiles files;
  private final FolderMemory memory;
  private final FolderSync sync;

  FolderIntake(MessageFiles files, FolderMemory memory, FolderSync sync) {
    this.disk = files.disk;
    this.directory = files.directory;
    this.files = files;
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
        files.add(message);
        linked++;
      }
      files.force();
      return new Published(memory.uidValidity(), ours.added(messages));
    } catch (IOException | MaildirException e) {
      takeBack(messages, linked);
      throw e;
    } finally {
      ours.end();
    }
  }

  private void takeBack(List<Incoming> messages, int linked) {
    for (int i = 0; i < messages.size() && i <= linked; i++) {
      Incoming message = messages.get(i);
      if (!message.flags().keywords().isEmpty()) {
        Keywords.drop(disk, directory, message.base());
      }
      if (i < linked) {
        files.takeBack(message);
      }
    }
  }
}
