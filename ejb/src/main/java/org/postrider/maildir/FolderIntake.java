package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
  private final BatchFile batch;

  FolderIntake(MessageFiles files, FolderMemory memory, FolderSync sync, BatchFile batch) {
    this.disk = files.disk;
    this.directory = files.directory;
    this.files = files;
    this.memory = memory;
    this.sync = sync;
    this.batch = batch;
  }

  /**
   * Brings in what came at the same time: one sync of the directory and one UID list for all. Each
   * arrival comes whole or not at all, and one that fails keeps no other back.
   */
  void publish(List<Arrival> arrivals) {
    List<Arrival> linked = new ArrayList<>();
    try {
      int count = 0;
      for (Arrival arrival : arrivals) {
        count += arrival.messages().size();
      }
      sync.prepareToNumber(count);
      FolderSync.Change ours = sync.begin();
      try {
        List<Arrival> prepared = writeKeywords(arrivals, ours);
        boolean batched = writeBatch(prepared);
        linkAll(prepared, linked, ours);
        number(linked, ours);
        if (batched) {
          batch.remove();
        }
      } catch (IOException | RuntimeException e) {
        ours.uncertain();
        throw e;
      } finally {
        ours.end();
      }
    } catch (IOException e) {
      for (Arrival arrival : arrivals) {
        if (!arrival.isDecided()) {
          arrival.failed(e, takeBack(arrival, linked.contains(arrival) ? Integer.MAX_VALUE : 0));
        }
      }
      batch.remove();
    }
  }

  /** Before anything is linked; answers those that go on. */
  private List<Arrival> writeKeywords(List<Arrival> arrivals, FolderSync.Change ours) {
    List<Arrival> written = new ArrayList<>();
    for (Arrival arrival : arrivals) {
      try {
        for (Incoming message : arrival.messages()) {
          writeKeywords(message, ours);
        }
        written.add(arrival);
      } catch (IOException | MaildirException e) {
        ours.uncertain();
        arrival.failed(e, takeBack(arrival, 0));
      }
    }
    return written;
  }

  private boolean writeBatch(List<Arrival> arrivals) throws IOException {
    List<List<BatchFile.Entry>> batches = new ArrayList<>();
    for (Arrival arrival : arrivals) {
      if (arrival.messages().size() > 1 && files.areItsOwn()) {
        List<BatchFile.Entry> entries = new ArrayList<>();
        for (Incoming message : arrival.messages()) {
          entries.add(batch.entry(name(message), message.file()));
        }
        batches.add(entries);
      }
    }
    if (!batches.isEmpty()) {
      batch.write(batches);
    }
    return !batches.isEmpty();
  }

  private void linkAll(List<Arrival> arrivals, List<Arrival> linked, FolderSync.Change ours) {
    for (Arrival arrival : arrivals) {
      int done = 0;
      try {
        for (Incoming message : arrival.messages()) {
          files.add(message);
          done++;
        }
        linked.add(arrival);
      } catch (IOException e) {
        ours.uncertain();
        arrival.failed(e, takeBack(arrival, done));
      }
    }
  }

  private void writeKeywords(Incoming message, FolderSync.Change ours)
      throws IOException, MaildirException {
    if (!message.flags().keywords().isEmpty()) {
      ours.keywords();
      Keywords.write(
          disk, directory, message.base(), memory.words().checked(message.flags()).keywords());
    }
  }

  /** Syncs and numbers what is linked; only now is it there for certain. */
  private void number(List<Arrival> linked, FolderSync.Change ours) throws IOException {
    if (linked.isEmpty()) {
      return;
    }
    List<Incoming> messages = new ArrayList<>();
    for (Arrival arrival : linked) {
      messages.addAll(arrival.messages());
    }
    files.force();
    long[] uids = ours.added(messages);
    int at = 0;
    for (Arrival arrival : linked) {
      int end = at + arrival.messages().size();
      arrival.published(memory.uidValidity(), Arrays.copyOfRange(uids, at, end));
      at = end;
    }
  }

  /**
   * Takes back what was done for an arrival.
   *
   * @param linked how many of its messages are linked
   * @return false where some of it may be there all the same
   */
  private boolean takeBack(Arrival arrival, int linked) {
    boolean gone = true;
    List<Incoming> messages = arrival.messages();
    for (int i = 0; i < messages.size(); i++) {
      Incoming message = messages.get(i);
      if (!message.flags().keywords().isEmpty()) {
        Keywords.drop(disk, directory, message.base());
      }
      if (i < linked) {
        gone &= files.takeBack(message);
      }
    }
    return gone;
  }

  // ---- moving

  /**
   * Takes over the files of another folder's messages, all of them or none: each is at any moment
   * in one of the two folders.
   *
   * @throws NoSuchFileException where one of them is not where it was
   */
  Published takeOver(List<Incoming> messages, Path from) throws IOException, MaildirException {
    sync.prepareToNumber(messages.size());
    FolderSync.Change ours = sync.begin();
    int moved = 0;
    try {
      for (Incoming message : messages) {
        writeKeywords(message, ours);
        disk.renameSurely(message.file(), files.path(message));
        moved++;
      }
      files.force();
      disk.forceDirectory(from);
      return new Published(memory.uidValidity(), ours.added(messages));
    } catch (IOException | MaildirException e) {
      ours.uncertain();
      giveBack(messages, moved);
      throw e;
    } finally {
      ours.end();
    }
  }

  private void giveBack(List<Incoming> messages, int moved) {
    for (int i = 0; i < messages.size() && i <= moved; i++) {
      Incoming message = messages.get(i);
      if (!message.flags().keywords().isEmpty()) {
        Keywords.drop(disk, directory, message.base());
      }
      if (i < moved) {
        try {
          disk.renameSurely(files.path(message), message.file());
        } catch (IOException e) {
          sync.complain("A message that was to be moved has stayed in its new mailbox", e);
        }
      }
    }
  }

  private static String name(Incoming message) {
    return message.base() + MessageFileName.info(message.flags(), "");
  }
}
