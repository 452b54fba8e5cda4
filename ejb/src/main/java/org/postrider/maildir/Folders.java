package org.postrider.maildir;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * All folders that this JVM knows, one object each. Those last used stay in memory up to a number
 * of messages; one that is in use anywhere stays the same object in any case.
 *
 * <p>Safe for threads.
 */
public final class Folders {

  /** Heap that a message takes, roughly; a quarter of the heap is for them. */
  static final long MESSAGE_OCTETS = 250;

  private static final int FOLDER_MESSAGES = 20;
  private static final int MOST_HISTORIES = 50_000;
  private static final int MOST_ACCESS_ENTRIES = 300_000;
  private static final int MOST_PRIVATE = 200_000;
  private static final Duration PRIVATE_FOR = Duration.ofMinutes(5);

  private final Disk disk;
  private final UidValidities validities;
  private final Cache<Path, Folder> all;
  private final Cache<Path, Folder> kept;
  private final Cache<Path, AtomicReference<FolderHistory>> histories;
  private final Cache<Path, ReentrantLock> accounts;
  private final Cache<Path, Quota> quotas;
  private final QuotaWarning warning;
  private final TrashRules trash;
  private final Cache<Path, AccessFiles.Known> accessLists;
  private final Cache<Path, Boolean> privateMaildirs;
  private final AtomicLong accessChanges = new AtomicLong();

  /**
   * Keeps as much as fits into a quarter of the heap.
   *
   * @param warning of accounts whose quota is nearly used up
   */
  public Folders(QuotaWarning warning) {
    this(warning, TrashRules.NONE, SyncPolicy.FULL);
  }

  /** The same with rules for messages that nobody wants any more, and for what is waited for. */
  public Folders(QuotaWarning warning, TrashRules trash, SyncPolicy sync) {
    this(new Disk(sync), Runtime.getRuntime().maxMemory() / 4 / MESSAGE_OCTETS, warning, trash);
  }

  /**
   * @param mostMessages in memory, of folders that nobody is using
   */
  Folders(Disk disk, long mostMessages, QuotaWarning warning, TrashRules trash) {
    this.disk = disk;
    this.warning = warning;
    this.trash = trash;
    this.validities = new UidValidities();
    this.all = Caffeine.newBuilder().executor(Runnable::run).weakValues().build();
    this.kept =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(mostMessages)
            .weigher((Path path, Folder folder) -> folder.size() + FOLDER_MESSAGES)
            .build();
    this.histories =
        Caffeine.newBuilder().executor(Runnable::run).maximumSize(MOST_HISTORIES).build();
    this.accounts = Caffeine.newBuilder().executor(Runnable::run).weakValues().build();
    this.quotas = Caffeine.newBuilder().executor(Runnable::run).weakValues().build();
    this.accessLists =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .maximumWeight(MOST_ACCESS_ENTRIES)
            .weigher((Path file, AccessFiles.Known known) -> 1 + known.list().size())
            .build();
    this.privateMaildirs =
        Caffeine.newBuilder()
            .executor(Runnable::run)
            .expireAfterWrite(PRIVATE_FOR)
            .maximumSize(MOST_PRIVATE)
            .build();
  }

  Disk disk() {
    return disk;
  }

  /** What becomes of messages that nobody wants any more. */
  TrashRules trash() {
    return trash;
  }

  UidValidities validities() {
    return validities;
  }

  /**
   * The folder in a directory.
   *
   * @param disk for files of the account
   * @param root the account's Maildir
   */
  Folder folder(Disk disk, Path root, Path directory) {
    return folder(
        disk,
        directory,
        () ->
            new Folder(
                validities,
                root,
                new MessageFiles(disk, directory),
                new FolderQuota(disk, quota(disk, root), directory),
                history(directory)));
  }

  /**
   * The folder of a subscription to a shared folder.
   *
   * @param target where its messages are
   */
  Folder shared(Disk disk, Path root, Path directory, Path target) {
    Folder known = all.getIfPresent(directory);
    if (known != null && !known.places().contains(target)) {
      forget(directory); // it is another folder that is shared under this name now
    }
    return folder(
        disk,
        directory,
        () ->
            new Folder(
                validities,
                root,
                new LinkedFiles(disk, directory, target),
                new FolderQuota(disk, quota(disk, root), directory, false),
                history(directory)));
  }

  private AtomicReference<FolderHistory> history(Path directory) {
    return histories.get(directory, path -> new AtomicReference<>());
  }

  private Folder folder(Disk disk, Path directory, Supplier<Folder> made) {
    Folder known = all.getIfPresent(directory);
    if (known != null && known.owner().uid() != disk.owner().uid()) {
      forget(directory); // the account's record has changed; of the two owners one can use it
    }
    Folder folder = all.get(directory, path -> made.get());
    if (kept.getIfPresent(directory) == null || folder.isToBeWeighed()) {
      kept.put(directory, folder);
    }
    return folder;
  }

  /**
   * The quota of an account.
   *
   * @param disk for files of the account
   * @param root the account's Maildir
   */
  Quota quota(Disk disk, Path root) {
    Quota known = quotas.getIfPresent(root);
    if (known != null && known.owner().uid() != disk.owner().uid()) {
      quotas.invalidate(root);
    }
    return quotas.get(root, path -> new Quota(disk, path, warning));
  }

  /** Access lists by their files. */
  Cache<Path, AccessFiles.Known> accessLists() {
    return accessLists;
  }

  /** An access list of that Maildir is being changed. */
  void accessChanges(Path root) {
    accessChanges.incrementAndGet();
    privateMaildirs.invalidate(root);
  }

  /** How many access lists this server has changed. */
  long accessChanges() {
    return accessChanges.get();
  }

  /**
   * Maildirs in which nobody but owner and administrators could see a mailbox, a short time ago.
   */
  Cache<Path, Boolean> privateMaildirs() {
    return privateMaildirs;
  }

  /** The directory is not that folder any more. */
  void forget(Path directory) {
    kept.invalidate(directory);
    all.invalidate(directory);
    histories.invalidate(directory);
  }

  /**
   * Held while mailboxes of an account are made, renamed or removed, and while its subscriptions
   * change.
   */
  ReentrantLock accountLock(Path root) {
    return accounts.get(root, path -> new ReentrantLock());
  }
}
