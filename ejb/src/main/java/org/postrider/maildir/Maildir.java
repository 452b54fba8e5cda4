package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;
import org.postrider.protocol.UidSet;

/**
 * An account's mail: a Maildir++ tree as Courier makes it.
 *
 * <pre>
 * MAILDIR/                  INBOX; directories 0700
 *   tmp/ new/ cur/
 *   .Sent/                  INBOX.Sent; .Sent.2024/ is INBOX.Sent.2024, also beside it, and needs no .Sent
 *     tmp/ new/ cur/
 *     maildirfolder         empty, 0600: tells delivery agents that the account is one level up
 *     courierimapuiddb      {@link UidList}
 *     courierimapkeywords/  {@link Keywords}
 *     courierimapacl        {@link AccessFiles}
 *   courierimapsubscribed   {@link Subscriptions}
 *   maildirsize             {@link Quota}
 *   courierimapacl  courierimaphieracl/
 * </pre>
 *
 * Names of directories are UTF-8. What a mailbox name becomes is checked here, whoever made the
 * name: one file name, beginning with a dot, without {@code /}, NUL, control characters and empty
 * levels, at most 255 octets. Directories that are symbolic links are no mailboxes, and neither are
 * those without {@code cur}. Other files are left alone.
 *
 * <p><b>A crash</b> in {@link #create} leaves a directory without {@code cur}, which is no mailbox
 * and which the next create completes; in {@link #delete} a directory in {@code tmp}, cleared away
 * after 36 hours; in {@link #rename} some mailboxes under the old name and some under the new.
 *
 * <p>Safe for threads: the account's lock ({@link Folders#accountLock}) is held over changes.
 */
public final class Maildir {

  /** What is read where there is none, and by whoever may not know of one. */
  public static final String NO_SUCH_MAILBOX = "There is no such mailbox.";

  private static final System.Logger LOG = System.getLogger(Maildir.class.getName());
  private static final String INBOX_PREFIX = "INBOX.";
  private static final List<String> PARTS = List.of("tmp", "new", "cur");

  /** Most mailboxes of one account. */
  private static final int MOST_MAILBOXES = 20_000;

  /** Messages that RENAME of INBOX moves in one go. */
  private static final int MOVE_BATCH = 1_000;

  private final Folders folders;
  private final Disk disk;
  private final Path root;
  private final AccessFiles access;

  /**
   * A Maildir of the user that the server runs as.
   *
   * @param root absolute; an administrator's word, so that it may lead through symbolic links
   */
  public Maildir(Folders folders, Path root) {
    this(folders, root, ServerUser.current().owner());
  }

  /**
   * A Maildir of anybody.
   *
   * @param owner of all files, those to be made included ({@link ServerUser#canServe})
   */
  public Maildir(Folders folders, Path root, Owner owner) {
    this.folders = folders;
    this.disk = folders.disk().ownedBy(owner);
    this.root = root.normalize();
    this.access = new AccessFiles(this, folders, disk, this.root);
  }

  /**
   * True where a call failed because there is no room: the medium's, or what the system's quota
   * leaves.
   */
  public static boolean isDiskFull(IOException e) {
    return Disk.isFull(e);
  }

  /** Makes the directories of INBOX where they are missing; the directory above has to be there. */
  public void prepare() throws IOException {
    if (!Files.isDirectory(root)) {
      makeDirectory(root);
    }
    boolean made = false;
    for (String part : PARTS) {
      if (disk.stat(root.resolve(part)) == null) {
        makeDirectory(root.resolve(part));
        made = true;
      }
    }
    if (made) {
      disk.forceDirectory(root);
    }
  }

  /**
   * Makes what is missing, directories above the Maildir included.
   *
   * @param home above which nothing is made; it is there
   */
  public void prepare(Path home) throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path above = root.getParent();
        above.startsWith(home) && !Files.isDirectory(above);
        above = above.getParent()) {
      missing.add(above);
    }
    for (Path directory : missing.reversed()) {
      makeDirectory(directory);
    }
    prepare();
  }

  /**
   * The first of the directories of INBOX that is not the owner's.
   *
   * @return empty where all are
   */
  public Optional<Path> foreignDirectory() throws IOException {
    if (uid(root) != disk.owner().uid()) {
      return Optional.of(root);
    }
    for (String part : PARTS) {
      Path directory = root.resolve(part);
      if (uid(directory, LinkOption.NOFOLLOW_LINKS) != disk.owner().uid()) {
        return Optional.of(directory);
      }
    }
    return Optional.empty();
  }

  private static long uid(Path directory, LinkOption... options) throws IOException {
    return Integer.toUnsignedLong((Integer) Files.getAttribute(directory, "unix:uid", options));
  }

  private void makeDirectory(Path directory) throws IOException {
    try {
      disk.makeDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      BasicFileAttributes there = disk.stat(directory);
      if (there == null || !there.isDirectory()) {
        throw e;
      }
    }
  }

  /** True where both are of the same directory. */
  public boolean isSame(Maildir other) {
    return root.equals(other.root);
  }

  /** Who may do what with its mailboxes. */
  public AccessFiles access() {
    return access;
  }

  /**
   * The folders of other people's sharable Maildirs that its account sees.
   *
   * @param everybodys the file that lists those for the whole system, {@code maildirshared}
   */
  public SharedFolders shared(Path everybodys) {
    return new SharedFolders(folders, disk, root, everybodys);
  }

  /** All mailboxes, INBOX among them. */
  public SortedSet<MailboxName> mailboxes() throws IOException {
    SortedSet<MailboxName> names = new TreeSet<>();
    names.add(MailboxName.INBOX);
    for (String octets : disk.names(root)) {
      if (octets.startsWith(".")) {
        Optional<MailboxName> name = name(octets);
        if (name.isPresent() && isMailbox(FileNames.in(root, octets))) {
          names.add(name.get());
        }
      }
    }
    return names;
  }

  /** The mailbox that a directory is; empty where its name is none that could be said. */
  static Optional<MailboxName> name(String octets) {
    Optional<String> text = FileNames.text(octets);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(MailboxName.parse("INBOX" + text.get()));
    } catch (MailboxNameException e) {
      return Optional.empty();
    }
  }

  private boolean isMailbox(Path directory) throws IOException {
    BasicFileAttributes there = disk.stat(directory);
    if (there == null) {
      there = disk.stat(directory); // a name that is there may be hidden for a moment, on NFS
    }
    if (there == null || !(there.isDirectory() || directory.equals(root))) {
      return false;
    }
    BasicFileAttributes cur = disk.stat(directory.resolve("cur"));
    if (cur == null) {
      cur = disk.stat(directory.resolve("cur"));
    }
    return cur != null && cur.isDirectory();
  }

  /**
   * The directory of a name, whether it exists or not.
   *
   * @throws MaildirException CANNOT where no mailbox can have the name
   */
  Path directory(MailboxName name) throws MaildirException {
    if (name.isInbox()) {
      return root;
    }
    if (!name.value().startsWith(INBOX_PREFIX)) {
      throw new MaildirException(
          Reason.CANNOT, "Mailboxes of this account are INBOX and those below it, INBOX.NAME.");
    }
    String value = name.value();
    char before = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean emptyLevel = c == '.' && (before == '.' || i == value.length() - 1);
      if (c < ' ' || c == 0x7F || c == '/' || emptyLevel) {
        throw new MaildirException(Reason.CANNOT, "No mailbox can have this name.");
      }
      before = c;
    }
    byte[] octets = value.substring("INBOX".length()).getBytes(StandardCharsets.UTF_8);
    if (octets.length > FileNames.LONGEST) {
      throw new MaildirException(
          Reason.CANNOT,
          "This name is too long: with all levels above it "
              + FileNames.LONGEST
              + " octets are the most.");
    }
    return FileNames.in(root, new String(octets, StandardCharsets.ISO_8859_1));
  }

  /** True where the mailbox exists. */
  public boolean has(MailboxName name) throws IOException, MaildirException {
    return isMailbox(directory(name));
  }

  /**
   * The folder of a mailbox.
   *
   * @throws MaildirException NONEXISTENT
   */
  public Folder folder(MailboxName name) throws IOException, MaildirException {
    Path directory;
    try {
      directory = directory(name);
    } catch (MaildirException e) {
      throw new MaildirException(Reason.NONEXISTENT, "There is no such mailbox. " + e.getMessage());
    }
    if (!isMailbox(directory)) {
      throw new MaildirException(Reason.NONEXISTENT, NO_SUCH_MAILBOX);
    }
    return folders.folder(disk, root, directory);
  }

  /**
   * Makes a mailbox.
   *
   * @throws MaildirException ALREADY_EXISTS, CANNOT, LIMIT
   */
  public void create(MailboxName name) throws IOException, MaildirException {
    ReentrantLock lock = folders.accountLock(root);
    lock.lock();
    try {
      Path directory = directory(name);
      if (isMailbox(directory)) {
        throw new MaildirException(
            Reason.ALREADY_EXISTS, "There is a mailbox with this name already.");
      }
      if (disk.names(root).size() > MOST_MAILBOXES) {
        throw new MaildirException(
            Reason.LIMIT,
            "There are " + MOST_MAILBOXES + " mailboxes, which is the most; delete some first.");
      }
      BasicFileAttributes there = disk.stat(directory);
      if (there != null && !there.isDirectory()) {
        throw new MaildirException(
            Reason.CANNOT, "A file that is no mailbox has this name already.");
      }
      make(name, directory, there != null);
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param begun true where the directory exists, left by somebody who could not finish
   */
  private void make(MailboxName name, Path directory, boolean begun)
      throws IOException, MaildirException {
    folders.forget(directory);
    try {
      makeDirectory(directory);
      makeDirectory(directory.resolve("tmp"));
      makeDirectory(directory.resolve("new"));
      Path marker = directory.resolve("maildirfolder");
      if (disk.stat(marker) == null) {
        Path scratch = directory.resolve("tmp").resolve(UniqueNames.scratch("maildirfolder"));
        disk.create(scratch).close();
        disk.setMode(scratch, "rw-------");
        disk.rename(scratch, marker);
      }
      Keywords.makeDirectory(disk, directory);
      long validity = folders.validities().next(disk, root, 0);
      UidList.write(disk, directory, UidList.format(validity, 1, new MessageTable()));
      access.inherit(name, directory);
      makeDirectory(directory.resolve("cur"));
      disk.forceDirectory(directory);
      disk.forceDirectory(root);
      access.made(name);
    } catch (IOException | MaildirException e) {
      if (!begun) {
        removeQuietly(directory);
      }
      throw e;
    }
  }

  private void removeQuietly(Path directory) {
    try {
      if (disk.stat(directory) != null) {
        disk.removeTree(directory);
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "Not removed: " + directory, e);
    }
  }

  /**
   * Removes a mailbox and its messages; those below it stay.
   *
   * @throws MaildirException NONEXISTENT, CANNOT
   */
  public void delete(MailboxName name) throws IOException, MaildirException {
    if (name.isInbox() || name.equals(trash().trash())) {
      throw new MaildirException(
          Reason.CANNOT, "INBOX and " + trash().trash() + " can't be deleted.");
    }
    ReentrantLock lock = folders.accountLock(root);
    lock.lock();
    try {
      Folder folder = folder(name);
      FolderQuota.Removing counted = folder.quota().removing();
      access.keep(name);
      folder.retire();
      // First out of sight, at once; then octet by octet.
      Path aside = root.resolve("tmp").resolve(UniqueNames.scratch("deleted"));
      try {
        disk.renameSurely(folder.directory(), aside);
      } finally {
        folders.forget(folder.directory()); // retired, whether it is gone or not
      }
      counted.goneWith(aside);
      removeQuietly(aside);
      counted.end();
      access.gone(name);
      disk.forceDirectory(root);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Renames a mailbox and all below it. INBOX gives its messages to a new mailbox, and stays.
   *
   * <p>Each renamed mailbox gets a new UIDVALIDITY, as with Courier, because its new name may have
   * had another mailbox; UIDs stay.
   *
   * @throws MaildirException NONEXISTENT, ALREADY_EXISTS, CANNOT
   * @rfc 3501 6.3.5
   */
  public void rename(MailboxName from, MailboxName to) throws IOException, MaildirException {
    ReentrantLock lock = folders.accountLock(root);
    lock.lock();
    try {
      if (from.isInbox()) {
        moveInbox(to);
      } else {
        renameTree(from, to);
      }
    } finally {
      lock.unlock();
    }
  }

  private void moveInbox(MailboxName to) throws IOException, MaildirException {
    create(to);
    Folder target = folder(to);
    Folder inbox = folder(MailboxName.INBOX);
    FolderState state = inbox.open(true);
    for (int at = 0; at < state.uids().length; at += MOVE_BATCH) {
      UidSet.Builder batch = new UidSet.Builder();
      for (int i = at; i < Math.min(state.uids().length, at + MOVE_BATCH); i++) {
        batch.add(state.uids()[i]);
      }
      Transfer.move(inbox, state.uidValidity(), batch.build(), target);
    }
  }

  private record Renaming(MailboxName name, Path from, Path to) {}

  private void renameTree(MailboxName from, MailboxName to) throws IOException, MaildirException {
    List<Renaming> renamings = plan(from, to);
    for (Renaming renaming : renamings) {
      access.of(renaming.name()); // what it has only from above goes with it
      Folder folder = folders.folder(disk, root, renaming.from());
      try {
        folder.renew();
      } finally {
        folders.forget(renaming.from());
      }
    }
    int done = 0;
    try {
      for (Renaming renaming : renamings) {
        disk.rename(renaming.from(), renaming.to());
        folders.forget(renaming.from());
        folders.forget(renaming.to());
        done++;
      }
    } catch (IOException e) {
      takeBack(renamings.subList(0, done));
      throw e;
    }
    for (Renaming renaming : renamings) {
      if (!folders.quota(disk, root).counts(renaming.to())) {
        folders.quota(disk, root).recount(); // a mailbox became Trash
      }
    }
    disk.forceDirectory(root);
    try {
      access.renamed(from, to);
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "Access lists were not renamed: " + root, e);
    }
  }

  private List<Renaming> plan(MailboxName from, MailboxName to)
      throws IOException, MaildirException {
    if (to.isInbox()) {
      throw new MaildirException(
          Reason.ALREADY_EXISTS, "There is a mailbox with this name already.");
    }
    if (from.equals(trash().trash())) {
      throw new MaildirException(Reason.CANNOT, from + " can't be renamed.");
    }
    if (to.equals(from) || to.isBelow(from)) {
      throw new MaildirException(
          Reason.CANNOT, "A mailbox can't be renamed to a name below itself.");
    }
    directory(from);
    directory(to);
    List<Renaming> renamings = new ArrayList<>();
    for (MailboxName name : mailboxes()) {
      if (name.equals(from) || name.isBelow(from)) {
        MailboxName target =
            new MailboxName(to.value() + name.value().substring(from.value().length()));
        Path directory = directory(target);
        if (disk.stat(directory) != null) {
          throw new MaildirException(
              Reason.ALREADY_EXISTS,
              "There is a mailbox with the name " + target + " already; nothing was renamed.");
        }
        renamings.add(new Renaming(name, directory(name), directory));
      }
    }
    if (renamings.isEmpty()) {
      throw new MaildirException(Reason.NONEXISTENT, "There is no such mailbox.");
    }
    return renamings;
  }

  private void takeBack(List<Renaming> done) {
    for (Renaming renaming : done.reversed()) {
      try {
        disk.rename(renaming.to(), renaming.from());
      } catch (IOException e) {
        LOG.log(
            System.Logger.Level.ERROR,
            "A renamed mailbox could not be renamed back: " + renaming.to(),
            e);
      }
      folders.forget(renaming.from());
      folders.forget(renaming.to());
    }
  }

  /** What becomes of messages that nobody wants any more. */
  public TrashRules trash() {
    return folders.trash();
  }

  /** Where it is. */
  Path root() {
    return root;
  }

  /** The account's limits, and what it uses of them. */
  public QuotaState quota() throws IOException {
    return folders.quota(disk, root).state();
  }

  /**
   * Sets the account's limits, and counts its mail.
   *
   * @param limits {@link QuotaLimits#NONE} takes them away
   */
  public void limit(QuotaLimits limits) throws IOException {
    folders.quota(disk, root).limit(limits);
  }

  /**
   * Sets the limits that the account's record has, where they are not those in force.
   *
   * @param limits {@link QuotaLimits#NONE} where the record says nothing, which changes nothing
   */
  public void obey(QuotaLimits limits) throws IOException {
    folders.quota(disk, root).obey(limits);
  }

  /** True once after something that was stored here brought the account to the warning level. */
  public boolean takeQuotaLevelReached() {
    return folders.quota(disk, root).takeLevelReached();
  }

  /** Subscribed names, whether they exist or not; those of other accounts' mailboxes too. */
  public SortedSet<MailboxName> subscriptions() throws IOException {
    return new Subscriptions(disk, root).names();
  }

  /**
   * @throws MaildirException CANNOT, LIMIT
   */
  public void subscribe(MailboxName name) throws IOException, MaildirException {
    directory(name);
    subscribeElsewhere(name);
  }

  /**
   * Subscribes to a mailbox of another account.
   *
   * @param name begins with {@code #shared}
   * @throws MaildirException LIMIT
   */
  public void subscribeElsewhere(MailboxName name) throws IOException, MaildirException {
    ReentrantLock lock = folders.accountLock(root);
    lock.lock();
    try {
      new Subscriptions(disk, root).add(name);
    } finally {
      lock.unlock();
    }
  }

  public void unsubscribe(MailboxName name) throws IOException {
    ReentrantLock lock = folders.accountLock(root);
    lock.lock();
    try {
      new Subscriptions(disk, root).remove(name);
    } finally {
      lock.unlock();
    }
  }
}
