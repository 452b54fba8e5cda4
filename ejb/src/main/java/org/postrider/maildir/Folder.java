package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
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
 * client is waited for. Who moves messages ({@link FolderMove}) holds those of two folders, in the
 * order of their paths. {@link CourierLock}, of one folder at a time, is taken with it where UIDs
 * are given.
 *
 * <p><b>Write order.</b>
 *
 * <ul>
 *   <li>Messages come in ({@link #publish}): file in {@code tmp}, its octets and times synced; the
 *       quota's line; keywords; under both locks {@code link()} into {@code cur}, which never
 *       replaces a file; fsync of {@code cur}; the UID list with its syncs ({@link UidList}); only
 *       then are UIDs told. After a crash before that a message is there under no UID, and is
 *       numbered when somebody looks; or it is a scratch file. Of several that come together all
 *       are there or none ({@link BatchFile}). Copies are made the same way ({@link Transfer}).
 *   <li>Messages are moved ({@link FolderMove}): keywords; {@code rename()} from {@code cur} to
 *       {@code cur}; fsync of both; the UID list. A crash leaves each in the one or in the other.
 *   <li>Messages are found ({@link FolderSync}): rename from {@code new} to {@code cur}, UID list
 *       with its syncs, then told.
 *   <li>Flags ({@link #store}): keyword file, then rename of the message. Not synced.
 *   <li>Removal ({@link #remove}): unlink. Not synced; the UID list is not written, its lines
 *       without a file say nothing.
 * </ul>
 */
public final class Folder {

  private final Disk disk;
  private final Path root;
  private final Path directory;
  private final MessageFiles files;
  private final FolderMemory memory;
  private final FolderSync sync;
  private final FolderQuota quota;
  private final FolderEdits edits;
  private final FolderCommits commits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Complaints complaints;
  private boolean retired;
  private long searchedAt;
  private volatile int size;
  private volatile int weighed;

  Folder(
      UidValidities validities,
      Path root,
      MessageFiles files,
      FolderQuota quota,
      AtomicReference<FolderHistory> history) {
    this.disk = files.disk;
    this.root = root;
    this.directory = files.directory;
    this.files = files;
    this.complaints = new Complaints(files.cur);
    this.memory = new FolderMemory(history);
    BatchFile batch = new BatchFile(disk, root, directory);
    this.sync = new FolderSync(files, validities, root, memory, batch);
    this.quota = quota;
    this.commits = new FolderCommits(this, new FolderIntake(files, memory, sync, batch), lock);
    this.edits = new FolderEdits(files, memory, sync, quota);
  }

  /** Whose its files are. */
  Owner owner() {
    return disk.owner();
  }

  /** What its messages are to the account's quota. */
  FolderQuota quota() {
    return quota;
  }

  /** Where its messages lie. */
  MessageFiles files() {
    return files;
  }

  /** The directories, above {@code new} and {@code cur}, in which others may change something. */
  public List<Path> places() {
    return files.places();
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
      return memory.state(readOnly, files.isWritable());
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
   * True where there is a message that nobody has seen. Where nobody uses the folder its names are
   * read and forgotten.
   */
  public boolean hasUnseen() throws IOException {
    lock.lock();
    try {
      if (!retired && !sync.isDue(false)) {
        return memory.counts().unseen() > 0;
      }
    } finally {
      lock.unlock();
    }
    return FolderScan.hasUnseen(disk, directory);
  }

  /** Octets on disk of the messages that are marked deleted. */
  public long deletedOctets() throws IOException, MaildirException {
    lock.lock();
    try {
      look(false, Reason.NONEXISTENT);
      return quota.deletedOctets(memory.messages());
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
      try {
        BasicFileAttributes there = files.stat(at.base(), at.info());
        if (there != null) {
          if (!there.isRegularFile()) {
            complaints.say(at.base(), "is no regular file", null);
            forget(validity, at);
            return Optional.empty();
          }
          return Optional.of(
              new OpenMessage(
                  files.open(at.base(), at.info()),
                  there.size(),
                  there.lastModifiedTime().toInstant()));
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

  /** True for a folder of the same Maildir. */
  boolean isBeside(Folder other) {
    return root.equals(other.root)
        && owner().equals(other.owner())
        && files.areItsOwn()
        && other.files.areItsOwn();
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
      BasicFileAttributes there = files.stat(at.base(), at.info());
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
   * @throws MaildirException OVER_QUOTA where messages are no longer to be marked deleted
   */
  public FlagsStored store(long validity, UidSet uids, UnaryOperator<Flags> change)
      throws IOException, MaildirException {
    lock.lock();
    try {
      look(true, Reason.CLOSED);
      check(validity);
      return edits.store(uids, change);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes messages that have {@code \Deleted}.
   *
   * @param among only these; empty: all
   * @return the UIDs that are gone
   */
  public UidSet expunge(long validity, Optional<UidSet> among)
      throws IOException, MaildirException {
    return expunge(validity, among.orElse(UidSet.ofRange(1, UidSet.MAX_UID)), Deletions.UNSEEN);
  }

  /** The same, file by file told. */
  public UidSet expunge(long validity, UidSet among, Deletions told)
      throws IOException, MaildirException {
    return remove(validity, among, (flags, file) -> flags.has(SystemFlag.DELETED), told);
  }

  /**
   * Removes messages whose files have not changed, not even in their name, for long. Holds the
   * folder for as long as all of them take to be looked at.
   *
   * @return the UIDs that are gone
   */
  UidSet removeUnchangedSince(long validity, UidSet uids, Instant limit, Deletions told)
      throws IOException, MaildirException {
    return remove(
        validity, uids, (flags, file) -> disk.changed(file).toInstant().isBefore(limit), told);
  }

  /** When each file in {@code cur} was last changed in any way, in no order; needs no lock. */
  List<Instant> changeTimes() throws IOException {
    return FolderScan.changeTimes(disk, files.cur);
  }

  /** The messages that have {@code \Deleted} now, ascending. */
  List<StoredMessage> deleted(long validity, UidSet among) throws IOException, MaildirException {
    lock.lock();
    try {
      look(true, Reason.CLOSED);
      check(validity);
      List<StoredMessage> messages = new ArrayList<>();
      for (int i : memory.messages().select(among)) {
        if (memory.messages().flags(i).has(SystemFlag.DELETED)) {
          messages.add(memory.message(i));
        }
      }
      return messages;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Removes messages.
   *
   * @param which asked again for a message that was changed meanwhile
   * @return the UIDs that are gone
   */
  UidSet remove(long validity, UidSet uids, Predicate<Flags> which)
      throws IOException, MaildirException {
    return remove(validity, uids, (flags, file) -> which.test(flags), Deletions.UNSEEN);
  }

  private UidSet remove(long validity, UidSet uids, FolderEdits.Which which, Deletions told)
      throws IOException, MaildirException {
    lock.lock();
    try {
      look(true, Reason.CLOSED);
      check(validity);
      return edits.remove(uids, which, told);
    } finally {
      lock.unlock();
    }
  }

  /**
   * A message that a client will send into this folder.
   *
   * @param size octets that it announces, for which there is room until the message is closed
   * @throws MaildirException NONEXISTENT, OVER_QUOTA
   */
  public Incoming receive(Flags flags, Instant date, long size)
      throws IOException, MaildirException {
    requireThere(Reason.NONEXISTENT);
    Quota.Reservation room = quota.reserve(flags, size);
    try {
      Incoming message = files.receive(flags, date);
      message.keeping(room);
      return message;
    } catch (NoSuchFileException e) {
      room.close();
      throw MaildirException.gone(Reason.NONEXISTENT); // removed since we looked
    } catch (IOException e) {
      room.close();
      throw e;
    }
  }

  /** A copy of another folder's message, octet for octet, on its way into this one. */
  Incoming copyOf(OpenMessage file, StoredMessage message) throws IOException {
    return files.copyOf(file, message);
  }

  /** Another folder's message, on its way into this one as the file that it is. */
  Incoming sameAs(Folder from, StoredMessage message) throws IOException {
    return Incoming.existing(
        disk,
        directory,
        from.files.name(message.base(), message.info()),
        message.flags(),
        message.wireSize());
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
    if (!files.isThere()) {
      throw MaildirException.gone(reason);
    }
  }

  /**
   * Makes messages part of the folder: all of them or none, in their order.
   *
   * @param messages of this folder; sealed here, before any lock is taken
   * @throws MaildirException OVER_QUOTA
   */
  public Published publish(List<Incoming> messages) throws IOException, MaildirException {
    return publish(messages, false, Prelude.NOTHING);
  }

  /**
   * The same, and something else first, when the messages are whole and have room.
   *
   * @param prelude called under no lock; where it fails, nothing is published
   */
  public Published publish(List<Incoming> messages, Prelude prelude)
      throws IOException, MaildirException {
    return publish(messages, false, prelude);
  }

  /**
   * @param counted true where the messages come from a folder of the account in which they count
   */
  Published publish(List<Incoming> messages, boolean counted, Prelude prelude)
      throws IOException, MaildirException {
    try {
      Incoming.seal(messages);
      return commits.publish(messages, quota.claim(messages, counted), prelude);
    } catch (NoSuchFileException e) {
      if (!files.isThere() || Incoming.isOneLost(messages)) {
        throw MaildirException.gone(Reason.NONEXISTENT);
      }
      throw e;
    }
  }

  /** For {@link FolderMove}, as what follows. */
  ReentrantLock lock() {
    return lock;
  }

  FolderMemory memory() {
    return memory;
  }

  FolderSync sync() {
    return sync;
  }

  FolderIntake intake() {
    return commits.intake();
  }

  /** Brings what is known up to date, for a session that has selected the folder. */
  void lookAsSelected(long validity) throws IOException, MaildirException {
    look(true, Reason.CLOSED);
    check(validity);
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

  CourierLock take() throws IOException, MaildirException {
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
    } catch (NoSuchFileException | AccessDeniedException e) {
      if (!files.isThere()) {
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
}
