package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.function.UnaryOperator;
import org.postrider.protocol.Flags;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * Changes messages that are in a folder: their flags, and whether they are there at all. A file
 * that another program renamed meanwhile is looked for once. {@link Folder} holds its lock, and has
 * brought what is known up to date.
 */
final class FolderEdits {

  private final Disk disk;
  private final Path directory;
  private final MessageFiles files;
  private final FolderMemory memory;
  private final FolderSync sync;
  private final FolderQuota quota;

  FolderEdits(MessageFiles files, FolderMemory memory, FolderSync sync, FolderQuota quota) {
    this.disk = files.disk;
    this.directory = files.directory;
    this.files = files;
    this.memory = memory;
    this.sync = sync;
    this.quota = quota;
  }

  /**
   * Changes flags.
   *
   * @throws MaildirException OVER_QUOTA; nothing is changed then
   */
  FlagsStored store(UidSet uids, UnaryOperator<Flags> change) throws IOException, MaildirException {
    FolderQuota.Flagging counted = quota.flagging(memory.messages(), uids, change);
    try {
      return store(uids, change, counted);
    } finally {
      counted.end();
    }
  }

  private FlagsStored store(UidSet uids, UnaryOperator<Flags> change, FolderQuota.Flagging counted)
      throws IOException, MaildirException {
    UidSet.Builder lost = new UidSet.Builder();
    FolderSync.Change ours = store(uids, change, counted, lost);
    UidSet again = lost.build();
    if (!again.isEmpty()) {
      sync.forceScan();
      FolderSync.Change second = store(again, change, counted, new UidSet.Builder());
      second.join(ours);
      ours = second;
    }
    return new FlagsStored(ours.changedFlags(), memory.states(uids));
  }

  private FolderSync.Change store(
      UidSet uids, UnaryOperator<Flags> change, FolderQuota.Flagging counted, UidSet.Builder lost)
      throws IOException, MaildirException {
    FolderSync.Change ours = sync.begin();
    try {
      for (int i : memory.messages().select(uids)) {
        if (!store(i, change, counted, ours)) {
          lost.add(memory.messages().uid(i));
        }
      }
    } catch (IOException | MaildirException | RuntimeException e) {
      ours.uncertain();
      throw e;
    } finally {
      ours.end();
    }
    ours.settle();
    return ours;
  }

  /** False where the file is not where it was. */
  private boolean store(
      int i, UnaryOperator<Flags> change, FolderQuota.Flagging counted, FolderSync.Change ours)
      throws IOException, MaildirException {
    MessageTable messages = memory.messages();
    Flags before = messages.flags(i);
    Flags after = memory.words().checked(change.apply(before));
    if (after.equals(before)) {
      return true;
    }
    String base = messages.base(i);
    String info = MessageFileName.info(after, messages.info(i));
    if (base.length() + info.length() > FileNames.LONGEST) {
      return true; // no such name can be: the message stays as it is, and the client is told so
    }
    if (!after.keywords().equals(before.keywords())) {
      ours.keywords();
      Keywords.write(disk, directory, base, after.keywords());
    }
    if (!MessageFileName.flags(messages.info(i)).equals(MessageFileName.flags(info))) {
      try {
        disk.rename(files.name(base, messages.info(i)), files.name(base, info));
      } catch (NoSuchFileException e) {
        return false;
      }
      counted.renamed(base, messages.info(i), info);
      messages.setInfo(i, info);
    }
    ours.flags(i, after);
    return true;
  }

  /** Which messages go, asked of each when it is its turn. */
  @FunctionalInterface
  interface Which {
    boolean test(Flags flags, Path file) throws IOException;
  }

  /** Removes messages; answers the UIDs that are gone. */
  UidSet remove(UidSet uids, Which which, Deletions told) throws IOException, MaildirException {
    FolderQuota.Removing counted = quota.removing();
    try {
      UidSet.Builder lost = new UidSet.Builder();
      UidSet gone = unlink(uids, which, counted, told, lost);
      UidSet again = lost.build();
      if (again.isEmpty()) {
        return gone;
      }
      sync.forceScan();
      UidSet later = unlink(again, which, counted, told, new UidSet.Builder());
      return gone.union(later);
    } finally {
      counted.end();
    }
  }

  private UidSet unlink(
      UidSet uids, Which which, FolderQuota.Removing counted, Deletions told, UidSet.Builder lost)
      throws IOException {
    MessageTable messages = memory.messages();
    BitSet gone = new BitSet();
    FolderSync.Change ours = sync.begin();
    try {
      for (int i : messages.select(uids)) {
        Path file = files.name(messages.base(i), messages.info(i));
        try {
          if (!which.test(messages.flags(i), file)) {
            continue;
          }
          QuotaAmount amount = counted.of(messages.base(i), messages.info(i));
          if (files.remove(messages.base(i), messages.info(i))) {
            counted.gone(amount);
            gone.set(i);
            told.removed(messages.base(i) + messages.info(i));
          } else {
            keep(i, ours);
          }
        } catch (NoSuchFileException e) {
          lost.add(messages.uid(i));
        }
      }
    } catch (IOException | RuntimeException e) {
      ours.uncertain();
      throw e;
    } finally {
      ours.removed(gone);
    }
    ours.settle();
    return ours.removed();
  }

  /** A message that the account may not remove is not marked deleted any more. */
  private void keep(int i, FolderSync.Change ours) throws IOException {
    MessageTable messages = memory.messages();
    Flags flags = messages.flags(i).minus(SystemFlag.DELETED);
    String info = MessageFileName.info(flags, messages.info(i));
    disk.rename(files.name(messages.base(i), messages.info(i)), files.name(messages.base(i), info));
    messages.setInfo(i, info);
    ours.flags(i, flags);
  }
}
