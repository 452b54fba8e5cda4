package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.Flags;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * One folder: its files, and what all sessions of this JVM know of them. There is one object a
 * folder ({@link Folders}).
 *
 * <p><b>Threads.</b> Safe. One lock guards everything; it is held over file calls but never while a
 * client is waited for. Nobody holds the locks of two folders. {@link CourierLock} is taken with it
 * where UIDs are given.
 *
 * <p><b>Write order.</b>
 *
 * <ul>
 *   <li>Messages come in ({@link #publish}): file in {@code tmp}, its octets and times synced;
 *       keywords; under both locks {@code link()} into {@code cur}, which never replaces a file;
 *       fsync of {@code cur}; the UID list with its syncs ({@link UidList}); only then are UIDs
 *       told. After a crash before that a message is there under no UID, and is numbered when
 *       somebody looks; or it is a scratch file.
 *   <li>Messages are found ({@link FolderSync}): rename from {@code new} to {@code cur}, UID list
 *       with its syncs, then told.
 *   <li>Flags ({@link #store}): keyword file, then rename of the message. Not synced.
 *   <li>Removal ({@link #remove}): unlink. Not synced; the UID list is not written, its lines
 *       without a file say nothing.
 * </ul>
 *
 * <p><b>What is read again.</b> {@link DirectoryStamp} tells by the times of {@code cur}, {@code
 * new} and the keyword directory; a look at an unchanged folder is three {@code stat} calls.
 */
public final class Folder {

  private final Disk disk;
  private final Path directory;
  private final Path cur;
  private final FolderMemory memory;
  private final FolderSync sync;
  private final ReentrantLock lock = new ReentrantLock();
  private final Complaints complaints;
  private boolean retired;
  private long searchedAt;
  private volatile int size;
  private volatile int weighed;

  Folder(
      Disk disk,
      UidValidities validities,
      Path root,
      Path directory,
      AtomicReference<FolderHistory> history) {
    this.disk = disk;
    this.directory = directory;
    this.cur = directory.resolve("cur");
    this.complaints = new Complaints(cur);
    this.memory = new FolderMemory(history);
    this.sync = new FolderSync(disk, validities, root, directory, memory);
  }

  /** Whose its files are. */
  Owner owner() {
    return disk.owner();
  }

  /** Where it is. */
  public Path directory() {
    return directory;
  }

  /**
   * Everything a session is told when it selects the folder.
   *
   * @param readOnly the session leaves {@code \Recent} to the next one
   * @throws MaildirException NONEXISTENT
   */
  public FolderState open(boolean readOnly) throws IOException, MaildirException {
    lock.lock();
    try {
      look(true, Reason.NONEXISTENT);
      size = memory.messages().size();
      return memory.state(readOnly, disk.isWritable(cur));
    } finally {
      lock.unlock();
    }
  }

  /** Counts without telling any session of any message. */
  public FolderCounts counts() throws IOException, MaildirException {
    lock.lock();
    try {
      look(false, Reason.NONEXISTENT);
      return memory.counts();
    } finally {
      lock.unlock();
    }
  }

  /**
   * What happened since a state.
   *
   * @param validity UIDVALIDITY that the session knows
   * @param since {@code modSeq} of {@link FolderState} or of earlier changes
   * @throws MaildirException CLOSED
   */
  public FolderChanges changes(long validity, long since, boolean readOnly)
      throws IOException, MaildirException {
    lock.lock();
    try {
      look(true, Reason.CLOSED);
      check(validity);
      return memory.changes(since, readOnly);
    } finally {
      lock.unlock();
    }
  }

  /** The messages that the set names and that are known, ascending. */
  public List<StoredMessage> messages(long validity, UidSet uids)
      throws IOException, MaildirException {
    lock.lock();
    try {
      lookOnce(validity);
      List<StoredMessage> messages = new ArrayList<>();
      for (int i : memory.messages().select(uids)) {
        messages.add(memory.message(i));
      }
      return messages;
    } finally {
      lock.unlock();
    }
  }

  /** All messages that are known, ascending. */
  public List<StoredMessage> messages(long validity) throws IOException, MaildirException {
    return messages(validity, UidSet.ofRange(1, UidSet.MAX_UID));
  }

  /**
   * Opens a message's file, wherever it was renamed to.
   *
   * @return empty where the message is gone, or its file is none or can't be read; the latter is
   *     logged, once
   */
  public Optional<OpenMessage> open(long validity, StoredMessage message) throws MaildirException {
    StoredMessage at = message;
    for (int attempt = 0; at != null && attempt < 3; attempt++) {
      Path file = path(at.base(), at.info());
      try {
        BasicFileAttributes there = disk.stat(file);
        if (there != null) {
          if (!there.isRegularFile()) {
            complaints.say(at.base(), "is no regular file", null);
            forget(validity, at);
            return Optional.empty();
          }
          return Optional.of(
              new OpenMessage(disk.open(file), there.size(), there.lastModifiedTime().toInstant()));
        }
        at = find(validity, at);
      } catch (NoSuchFileException e) {
        at = message;
      } catch (IOException e) {
        complaints.say(at.base(), "can't be read", e);
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * What is no message after all leaves the folder: clients are told as of one that was removed.
   */
  private void forget(long validity, StoredMessage stranger) throws IOException, MaildirException {
    lock.lock();
    try {
      check(validity);
      sync.passOver(stranger.base());
    } finally {
      lock.unlock();
    }
  }

  /** The message as it is now, after its file was not where it had been; null where it is gone. */
  private StoredMessage find(long validity, StoredMessage lost)
      throws IOException, MaildirException {
    lock.lock();
    try {
      check(validity);
      int i = memory.messages().indexOf(lost.uid());
      boolean sameName = i >= 0 && memory.messages().info(i).equals(lost.info());
      if (sameName && System.nanoTime() - searchedAt > 100_000_000L) {
        sync.forceScan();
        searchedAt = System.nanoTime();
        i = memory.messages().indexOf(lost.uid());
      }
      return i < 0 ? null : memory.message(i);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The message's internal date, looked up where nobody has yet; empty where the message is gone.
   */
  public Optional<Instant> date(long validity, StoredMessage message)
      throws MaildirException, IOException {
    if (message.date() >= 0) {
      return Optional.of(Instant.ofEpochSecond(message.date()));
    }
    StoredMessage at = message;
    for (int attempt = 0; at != null && attempt < 3; attempt++) {
      BasicFileAttributes there = disk.stat(path(at.base(), at.info()));
      if (there != null) {
        Instant date = there.lastModifiedTime().toInstant();
        remember(at, at.wireSize(), Math.max(0, date.getEpochSecond()));
        return Optional.of(date);
      }
      at = find(validity, at);
    }
    return Optional.empty();
  }

  /** Keeps what was found out about a message, so that nobody has to again. */
  public void remember(StoredMessage message, long wireSize, long date) {
    lock.lock();
    try {
      MessageTable messages = memory.messages();
      int i = messages.indexOf(message.uid());
      if (i >= 0 && messages.base(i).equals(message.base())) {
        messages.setWireSize(i, wireSize);
        messages.setDate(i, date);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Changes flags.
   *
   * @param change from the flags that a message has to those it shall have; called under the lock
   * @return the messages that the set names and that are there, with their flags now
   */
  public FlagsStored store(long validity, UidSet uids, UnaryOperator<Flags> change)
      throws IOException, MaildirException {
    lock.lock();
    try {
      look(true, Reason.CLOSED);
      check(validity);
      UidSet.Builder lost = new UidSet.Builder();
      FolderSync.Change ours = store(uids, change, lost);
      UidSet again = lost.build();
      if (!again.isEmpty()) {
        sync.forceScan();
        FolderSync.Change second = store(again, change, new UidSet.Builder());
        second.join(ours);
        ours = second;
      }
      return new FlagsStored(ours.changedFlags(), memory.states(uids));
    } finally {
      lock.unlock();
    }
  }

  private FolderSync.Change store(UidSet uids, UnaryOperator<Flags> change, UidSet.Builder lost)
      throws IOException, MaildirException {
    FolderSync.Change ours = sync.begin();
    try {
      for (int i : memory.messages().select(uids)) {
        if (!store(i, change, ours)) {
          lost.add(memory.messages().uid(i));
        }
      }
    } finally {
      ours.end();
    }
    return ours;
  }

  /** False where the file is not where it was. */
  private boolean store(int i, UnaryOperator<Flags> change, FolderSync.Change ours)
      throws IOException, MaildirException {
    MessageTable messages = memory.messages();
    Flags before = messages.flags(i);
    Flags after = memory.words().checked(change.apply(before));
    if (after.equals(before)) {
      return true;
    }
    String base = messages.base(i);
    if (!after.keywords().equals(before.keywords())) {
      ours.keywords();
      Keywords.write(disk, directory, base, after.keywords());
    }
    String info = MessageFileName.info(after, messages.info(i));
    if (!MessageFileName.flags(messages.info(i)).equals(MessageFileName.flags(info))) {
      try {
        disk.rename(path(base, messages.info(i)), path(base, info));
      } catch (NoSuchFileException e) {
        return false;
      }
      messages.setInfo(i, info);
    }
    ours.flags(i, after);
    return true;
  }

  /**
   * Removes messages that have {@code \Deleted}.
   *
   * @param among only these; empty: all
   * @return the UIDs that are gone
   */
  public UidSet expunge(long validity, Optional<UidSet> among)
      throws IOException, MaildirException {
    return remove(
        validity,
        among.orElse(UidSet.ofRange(1, UidSet.MAX_UID)),
        flags -> flags.has(SystemFlag.DELETED));
  }

  /**
   * Removes messages.
   *
   * @param which asked again for a message that was changed meanwhile
   * @return the UIDs that are gone
   */
  UidSet remove(long validity, UidSet uids, Predicate<Flags> which)
      throws IOException, MaildirException {
    lock.lock();
    try {
      look(true, Reason.CLOSED);
      check(validity);
      UidSet.Builder lost = new UidSet.Builder();
      UidSet gone = unlink(uids, which, lost);
      UidSet again = lost.build();
      if (again.isEmpty()) {
        return gone;
      }
      sync.forceScan();
      UidSet later = unlink(again, which, new UidSet.Builder());
      return gone.union(later);
    } finally {
      lock.unlock();
    }
  }

  private UidSet unlink(UidSet uids, Predicate<Flags> which, UidSet.Builder lost)
      throws IOException {
    MessageTable messages = memory.messages();
    BitSet gone = new BitSet();
    FolderSync.Change ours = sync.begin();
    try {
      for (int i : messages.select(uids)) {
        if (!which.test(messages.flags(i))) {
          continue;
        }
        try {
          disk.unlink(path(messages.base(i), messages.info(i)));
          gone.set(i);
        } catch (NoSuchFileException e) {
          lost.add(messages.uid(i));
        }
      }
    } finally {
      ours.removed(gone);
    }
    return ours.removed();
  }

  /** A message that a client will send into this folder. */
  public Incoming receive(Flags flags, Instant date) throws IOException, MaildirException {
    requireThere(Reason.NONEXISTENT);
    try {
      return Incoming.receive(disk, directory, flags, date);
    } catch (NoSuchFileException e) {
      throw MaildirException.gone(Reason.NONEXISTENT); // removed since we looked
    }
  }

  /** A copy of another folder's message, on its way into this one. */
  Incoming copyOf(OpenMessage file, StoredMessage message) throws IOException {
    return Incoming.copy(
        disk, directory, file.file(), message.flags(), file.date(), message.wireSize());
  }

  /** Another folder's message, on its way into this one as the file that it is. */
  Incoming linkTo(Folder from, StoredMessage message) throws IOException {
    return Incoming.move(
        disk,
        directory,
        from.path(message.base(), message.info()),
        message.flags(),
        message.wireSize());
  }

  /** False where the name is no regular file's: such a message stays where it is. */
  boolean isReadable(StoredMessage message) throws IOException {
    BasicFileAttributes there = disk.stat(path(message.base(), message.info()));
    if (there == null) {
      throw new NoSuchFileException(message.base());
    }
    return there.isRegularFile();
  }

  /** Reads the directory again, whatever its times say. */
  void refresh(long validity) throws IOException, MaildirException {
    lock.lock();
    try {
      check(validity);
      sync.forceScan();
    } finally {
      lock.unlock();
    }
  }

  /** Fails where the folder is gone. */
  void requireThere(Reason reason) throws IOException, MaildirException {
    BasicFileAttributes there = disk.stat(cur);
    if (there == null || !there.isDirectory()) {
      throw MaildirException.gone(reason);
    }
  }

  /**
   * Makes messages part of the folder: all of them or none, in their order.
   *
   * @param messages of this folder; sealed here, before any lock is taken
   */
  public Published publish(List<Incoming> messages) throws IOException, MaildirException {
    try {
      for (Incoming message : messages) {
        message.seal();
      }
      return publishSealed(messages);
    } catch (NoSuchFileException e) {
      if (disk.stat(cur) == null || Incoming.isOneLost(messages)) {
        throw MaildirException.gone(Reason.NONEXISTENT);
      }
      throw e;
    }
  }

  private Published publishSealed(List<Incoming> messages) throws IOException, MaildirException {
    lock.lock();
    try (CourierLock held = take()) {
      sync.prepareToNumber(messages.size());
      int linked = 0;
      FolderSync.Change ours = sync.begin();
      try {
        for (Incoming message : messages) {
          if (!message.flags().keywords().isEmpty()) {
            ours.keywords();
            Keywords.write(
                disk,
                directory,
                message.base(),
                memory.words().checked(message.flags()).keywords());
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
    } finally {
      lock.unlock();
    }
  }

  private void link(Incoming message) throws IOException {
    Path file = path(message.base(), MessageFileName.info(message.flags(), ""));
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
        disk.tidy(path(message.base(), MessageFileName.info(message.flags(), "")));
      }
    }
  }

  /**
   * Gives the folder another UIDVALIDITY, before it gets another name; sessions that have it
   * selected are told that it is closed.
   */
  void renew() throws IOException, MaildirException {
    lock.lock();
    try (CourierLock held = take()) {
      sync.prepareToNumber(0);
      sync.renew();
      retired = true;
    } finally {
      lock.unlock();
    }
  }

  /** The UIDVALIDITY is given up: the folder goes. */
  void retire() throws IOException, MaildirException {
    lock.lock();
    try {
      sync.retire();
      retired = true;
    } finally {
      lock.unlock();
    }
  }

  /** About how many messages are held in memory; needs no lock. */
  int size() {
    weighed = size;
    return size;
  }

  /** True where it grew or shrank much since its size was asked. */
  boolean isToBeWeighed() {
    return Math.abs(size - weighed) > 100;
  }

  private CourierLock take() throws IOException, MaildirException {
    if (retired) {
      throw MaildirException.gone(Reason.CLOSED);
    }
    requireThere(Reason.NONEXISTENT);
    return CourierLock.take(disk, directory);
  }

  /** Brings what is known up to date. */
  private void look(boolean takeNew, Reason whenGone) throws IOException, MaildirException {
    if (retired) {
      throw MaildirException.gone(whenGone);
    }
    try {
      if (sync.isDue(takeNew)) {
        sync.scan(takeNew);
      }
    } catch (NoSuchFileException e) {
      if (disk.stat(cur) == null) {
        throw MaildirException.gone(whenGone);
      }
      throw e;
    }
  }

  /** Brings what is known up to date only where nothing is known. */
  private void lookOnce(long validity) throws IOException, MaildirException {
    if (retired || !memory.isLoaded()) {
      look(true, Reason.CLOSED);
    }
    check(validity);
  }

  private void check(long validity) throws MaildirException {
    if (retired || memory.uidValidity() != validity) {
      throw MaildirException.gone(Reason.CLOSED);
    }
  }

  private Path path(String base, String info) {
    return FileNames.in(cur, base + info);
  }
}
