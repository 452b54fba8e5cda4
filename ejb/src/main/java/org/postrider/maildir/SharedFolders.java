package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.Right;
import org.postrider.protocol.Rights;

/**
 * The folders of other people's sharable Maildirs ({@code maildirmake -S}), for one account: {@code
 * shared.MAILDIR.FOLDER}. Who may do what there the system's file permissions say, not access
 * lists. What {@link SharedMaildirs} names can be listed; to be used a folder is subscribed to,
 * which is a directory of the account:
 *
 * <pre>
 * MAILDIR/shared-folders/NAME/FOLDER/     directories 0700; FOLDER has no leading dot
 *   tmp/ cur/ new/
 *   shared -> PATH/.FOLDER
 *   ...                                   {@link LinkedFiles}
 * </pre>
 *
 * That directory is the subscription, as with Courier: there is no other list, and removing it is
 * how one unsubscribes. Its {@code shared} says where the folder is, also when the Maildir has
 * moved since; where {@code shared} is missing, by a crash, it is made again.
 *
 * <p>Safe for threads: the account's lock ({@link Folders#accountLock}) is held over changes.
 */
public final class SharedFolders {

  /** Where subscriptions are, in the account's Maildir. */
  static final String DIRECTORY = "shared-folders";

  private static final System.Logger LOG = System.getLogger(SharedFolders.class.getName());
  private static final List<String> PARTS = List.of("tmp", "cur", "new");
  private static final String LINK = "shared";

  /** Most names that are looked at in one directory. */
  private static final int MOST = 20_000;

  /**
   * As Courier's: where nothing can be added, and where it can. Flags are the account's own, and to
   * delete is to unsubscribe.
   */
  private static final Rights TO_READ =
      Rights.of(Right.LOOKUP, Right.READ, Right.SEEN, Right.WRITE, Right.DELETE_MAILBOX);

  private static final Rights TO_WRITE =
      TO_READ.plus(Rights.of(Right.INSERT, Right.DELETE_MESSAGES, Right.EXPUNGE));

  private final Folders folders;
  private final Disk disk;
  private final Disk visiting;
  private final Path root;
  private final Path subscriptions;
  private final Path everybodys;

  /**
   * @param disk of the account's files
   * @param everybodys the file {@code maildirshared} of the whole system
   */
  SharedFolders(Folders folders, Disk disk, Path root, Path everybodys) {
    this.folders = folders;
    this.disk = disk;
    this.visiting = disk.visiting();
    this.root = root;
    this.subscriptions = root.resolve(DIRECTORY);
    this.everybodys = everybodys;
  }

  /** All that the account can see, subscribed or not. */
  public SortedSet<MailboxName> mailboxes() throws IOException {
    SortedSet<MailboxName> names = new TreeSet<>();
    for (Map.Entry<String, Path> maildir :
        SharedMaildirs.read(disk, root, everybodys).all().entrySet()) {
      for (String octets : names(visiting, maildir.getValue())) {
        if (octets.startsWith(".")) {
          Optional<MailboxName> name = name(maildir.getKey(), octets.substring(1));
          if (name.isPresent() && isFolder(FileNames.in(maildir.getValue(), octets))) {
            names.add(name.get());
          }
        }
      }
    }
    return names;
  }

  /** What is subscribed to, whether it is there or not. */
  public SortedSet<MailboxName> subscriptions() throws IOException {
    SortedSet<MailboxName> names = new TreeSet<>();
    for (String maildir : names(disk, subscriptions)) {
      Optional<String> level = FileNames.text(maildir).filter(SharedName::isLevel);
      if (level.isPresent()) {
        for (String folder : names(disk, FileNames.in(subscriptions, maildir))) {
          Optional<MailboxName> name = name(level.get(), folder);
          if (name.isPresent()) {
            names.add(name.get());
          }
        }
      }
    }
    return names;
  }

  /** The names in a directory, in octets; none where it can't be read. */
  private static List<String> names(Disk disk, Path directory) throws IOException {
    try {
      List<String> names = disk.names(directory);
      return names.size() > MOST ? names.subList(0, MOST) : names;
    } catch (NoSuchFileException | AccessDeniedException e) {
      return List.of();
    } catch (FileSystemException e) {
      LOG.log(System.Logger.Level.DEBUG, "Not listed: " + directory, e);
      return List.of();
    }
  }

  private static Optional<MailboxName> name(String maildir, String folder) {
    Optional<String> text = FileNames.text(folder);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      MailboxName name = MailboxName.parse(SharedName.PREFIX + maildir + "." + text.get());
      return SharedName.of(name).isPresent() ? Optional.of(name) : Optional.empty();
    } catch (MailboxNameException e) {
      return Optional.empty();
    }
  }

  /** True where a folder is there for the account. */
  private boolean isFolder(Path folder) throws IOException {
    try {
      // The dot asks whether the account may go into it.
      BasicFileAttributes cur = visiting.stat(folder.resolve("cur").resolve("."));
      return cur != null && cur.isDirectory();
    } catch (FileSystemException e) {
      return false;
    }
  }

  /** True where it can be used, subscribed to or not. */
  public boolean has(MailboxName name) throws IOException {
    Optional<SharedName> shared = SharedName.of(name);
    Optional<Path> target = shared.isEmpty() ? Optional.empty() : target(shared.get());
    return target.isPresent() && isFolder(target.get());
  }

  /** Where a folder is: as its subscription says, else as the list of Maildirs does. */
  private Optional<Path> target(SharedName name) throws IOException {
    Path link = disk.readLink(directory(name).resolve(LINK));
    if (link != null && link.isAbsolute() && link.getFileName() != null) {
      return Optional.of(link);
    }
    return SharedMaildirs.read(disk, root, everybodys)
        .path(name)
        .map(maildir -> FileNames.in(maildir, "." + FileNames.utf8(name.folder())));
  }

  private Path directory(SharedName name) {
    return FileNames.in(
        FileNames.in(subscriptions, FileNames.utf8(name.maildir())), FileNames.utf8(name.folder()));
  }

  /**
   * What the account may do with a folder, as Courier says it.
   *
   * @throws MaildirException NONEXISTENT
   */
  public Rights rights(MailboxName name) throws IOException, MaildirException {
    return visiting.isWritable(existing(name).resolve("cur")) ? TO_WRITE : TO_READ;
  }

  private Path existing(MailboxName name) throws IOException, MaildirException {
    SharedName shared = SharedName.of(name).orElseThrow(SharedFolders::nonexistent);
    Path target = target(shared).orElseThrow(SharedFolders::nonexistent);
    if (!isFolder(target)) {
      throw nonexistent();
    }
    return target;
  }

  private static MaildirException nonexistent() {
    return new MaildirException(Reason.NONEXISTENT, Maildir.NO_SUCH_MAILBOX);
  }

  /**
   * A folder, to be used; from now on it is subscribed to.
   *
   * @throws MaildirException NONEXISTENT
   */
  public Folder folder(MailboxName name) throws IOException, MaildirException {
    Path target = existing(name);
    SharedName shared = SharedName.of(name).orElseThrow(SharedFolders::nonexistent);
    Path directory = directory(shared);
    if (!isComplete(directory)) {
      subscribe(shared, target);
    }
    return folders.shared(disk, root, directory, target);
  }

  private boolean isComplete(Path directory) throws IOException {
    for (String part : PARTS) {
      BasicFileAttributes there = disk.stat(directory.resolve(part));
      if (there == null || !there.isDirectory()) {
        return false;
      }
    }
    return disk.readLink(directory.resolve(LINK)) != null;
  }

  /**
   * Subscribes to a folder, which need not be there.
   *
   * @throws MaildirException CANNOT where no sharable Maildir has that name
   */
  public void subscribe(MailboxName name) throws IOException, MaildirException {
    SharedName shared =
        SharedName.of(name)
            .orElseThrow(
                () ->
                    new MaildirException(
                        Reason.CANNOT,
                        "Only folders can be subscribed to here: shared.MAILDIR.FOLDER."));
    Path target =
        target(shared)
            .orElseThrow(
                () ->
                    new MaildirException(
                        Reason.CANNOT,
                        "There is no sharable Maildir with the name " + shared.maildir() + "."));
    subscribe(shared, target);
  }

  private void subscribe(SharedName name, Path target) throws IOException {
    ReentrantLock lock = folders.accountLock(root);
    lock.lock();
    try {
      Path directory = directory(name);
      makeDirectory(subscriptions);
      makeDirectory(directory.getParent());
      makeDirectory(directory);
      for (String part : PARTS) {
        makeDirectory(directory.resolve(part));
      }
      Path link = directory.resolve(LINK);
      if (disk.readLink(link) == null) {
        disk.makeLink(link, target);
      }
    } finally {
      lock.unlock();
    }
  }

  private void makeDirectory(Path directory) throws IOException {
    try {
      if (disk.stat(directory) == null) {
        disk.makeDirectory(directory);
      }
    } catch (FileAlreadyExistsException e) {
      LOG.log(System.Logger.Level.DEBUG, "Made by somebody else meanwhile: {0}", directory);
    }
  }

  /**
   * Removes the subscription, with the account's flags; the folder stays as it is for everybody
   * else.
   *
   * @return the directory that is gone; empty where there was none
   */
  public Optional<Path> unsubscribe(MailboxName name) throws IOException, MaildirException {
    Optional<SharedName> shared = SharedName.of(name);
    if (shared.isEmpty()) {
      return Optional.empty();
    }
    Path directory = directory(shared.get());
    ReentrantLock lock = folders.accountLock(root);
    lock.lock();
    try {
      if (disk.stat(directory) == null) {
        return Optional.empty();
      }
      folders
          .shared(disk, root, directory, target(shared.get()).orElse(directory.resolve(LINK)))
          .retire();
      // First out of sight, at once; then octet by octet.
      Path aside = root.resolve("tmp").resolve(UniqueNames.scratch("deleted"));
      disk.rename(directory, aside);
      folders.forget(directory);
      try {
        disk.removeTree(aside);
      } catch (IOException e) {
        LOG.log(System.Logger.Level.WARNING, "Not removed: " + aside, e);
      }
      return Optional.of(directory);
    } finally {
      lock.unlock();
    }
  }
}
