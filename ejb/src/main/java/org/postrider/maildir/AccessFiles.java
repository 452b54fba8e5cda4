package org.postrider.maildir;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.postrider.protocol.AccessIdentifier;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.Right;
import org.postrider.protocol.RightsChange;

/**
 * Where an account's access lists are.
 *
 * <pre>
 * MAILDIR/courierimapacl          INBOX; without it owner and administrators have all rights
 * MAILDIR/.a.b/courierimapacl     INBOX.a.b
 * MAILDIR/courierimaphieracl/a    INBOX.a, where that is no mailbox but has some below it
 * </pre>
 *
 * A mailbox without a file gets one when it is first asked for, with the list of what is above it,
 * so that what is above may change later without changing it; a level that is no mailbox has the
 * list of what is above it for as long as it has no file. A mailbox that is made begins with the
 * list of what is above it, also where one of its name was deleted. What is deleted leaves its list
 * in {@code courierimaphieracl} while there are mailboxes below it; lists there that are nobody's
 * go when they are an hour old. What is renamed keeps its lists.
 *
 * <p><b>Writing.</b> Scratch file {@code tmp/..._aclN} of the folder, synced, and rename, under
 * Courier's lock of the account's Maildir and the account's lock in this JVM; so a crash leaves the
 * old list or the new one. The list that a mailbox is first seen with is not synced: it is told
 * anew.
 *
 * <p><b>Reading.</b> One {@code stat} where the list is known and the file as it was; a file that
 * is younger than {@value #SETTLED_MILLIS} ms is read again, because another change in the same
 * tick of the clock would not be seen. A file that is none, can't be read or is absurdly large
 * gives rights to owner and administrators alone.
 */
public final class AccessFiles {

  static final String FILE = "courierimapacl";
  static final String HIERARCHY = "courierimaphieracl";

  private static final System.Logger LOG = System.getLogger(AccessFiles.class.getName());
  private static final long MOST_OCTETS = 256 * 1024;
  private static final long SETTLED_MILLIS = 2_000;
  private static final long STALE_MILLIS = 60L * 60 * 1000;

  /** Files that are made at one question; the lock is held for as long. */
  private static final int FREEZE_BATCH = 2_000;

  private static final int MOST_FILES_FOR_OTHERS = 50_000;

  private final Maildir maildir;
  private final Folders folders;
  private final Disk disk;
  private final Path root;

  AccessFiles(Maildir maildir, Folders folders, Disk disk, Path root) {
    this.maildir = maildir;
    this.folders = folders;
    this.disk = disk;
    this.root = root;
  }

  /**
   * A list that was read.
   *
   * @param stamp of the file then
   * @param settled true where it was old enough then for its time to tell of every later change
   */
  record Known(AccessList list, BasicFileAttributes stamp, boolean settled) {

    boolean holdsFor(BasicFileAttributes now) {
      return settled
          && stamp.lastModifiedTime().equals(now.lastModifiedTime())
          && stamp.size() == now.size()
          && Objects.equals(stamp.fileKey(), now.fileKey());
    }
  }

  /**
   * The list of a mailbox, or of a level that is none.
   *
   * @throws MaildirException CANNOT where no mailbox can have the name
   */
  public AccessList of(MailboxName name) throws IOException, MaildirException {
    Map<MailboxName, AccessList> without = new LinkedHashMap<>();
    AccessList list = find(name, without);
    freeze(without);
    return list;
  }

  /** The lists of mailboxes, by their names. */
  public Map<MailboxName, AccessList> of(Collection<MailboxName> names)
      throws IOException, MaildirException {
    Map<MailboxName, AccessList> lists = new HashMap<>();
    Map<MailboxName, AccessList> without = new LinkedHashMap<>();
    for (MailboxName name : names) {
      lists.put(name, find(name, without));
    }
    freeze(without);
    return lists;
  }

  /**
   * The mailboxes that somebody may know of; none of a Maildir with more than {@value
   * #MOST_FILES_FOR_OTHERS} files, so that nobody makes others wait.
   *
   * @param who is not the owner
   * @param lately true where it is enough that nobody could know of any some minutes ago, but for
   *     what this server itself changed since
   */
  public List<MailboxName> visible(Identity who, boolean lately)
      throws IOException, MaildirException {
    if (lately && !who.isAdministrator() && folders.privateMaildirs().getIfPresent(root) != null) {
      return List.of();
    }
    if (disk.names(root).size() > MOST_FILES_FOR_OTHERS) {
      return List.of();
    }
    long changes = folders.accessChanges();
    List<MailboxName> visible = new ArrayList<>();
    boolean shared = false;
    for (Map.Entry<MailboxName, AccessList> list : of(maildir.mailboxes()).entrySet()) {
      shared |= list.getValue().isShared();
      if (list.getValue().rights(who).has(Right.LOOKUP)) {
        visible.add(list.getKey());
      }
    }
    if (lately && !shared) {
      folders.privateMaildirs().put(root, true);
      if (folders.accessChanges() != changes) {
        folders.privateMaildirs().invalidate(root);
      }
    }
    return visible;
  }

  /**
   * @param without gets all that have no list of their own, with the one that they have from above
   */
  private AccessList find(MailboxName name, Map<MailboxName, AccessList> without)
      throws IOException, MaildirException {
    List<MailboxName> bare = new ArrayList<>();
    MailboxName at = name;
    AccessList list = own(at);
    while (list == null) {
      bare.add(at);
      at = new MailboxName(at.value().substring(0, at.value().lastIndexOf('.')));
      list = own(at);
    }
    for (MailboxName one : bare) {
      without.put(one, list);
    }
    return list;
  }

  /** Null where it has none. */
  private AccessList own(MailboxName name) throws IOException, MaildirException {
    AccessList list = read(maildir.directory(name).resolve(FILE));
    if (list == null) {
      list = name.isInbox() ? AccessList.DEFAULT : read(ofLevel(name));
    }
    return list;
  }

  private Path ofLevel(MailboxName name) throws MaildirException {
    String octets = FileNames.octets(maildir.directory(name));
    return FileNames.in(root.resolve(HIERARCHY), octets.substring(1));
  }

  private AccessList read(Path file) throws IOException {
    BasicFileAttributes there = disk.stat(file);
    if (there == null) {
      there = disk.stat(file); // rights are not to change because NFS hides a name for a moment
    }
    if (there == null) {
      return null;
    }
    Known known = folders.accessLists().getIfPresent(file);
    if (known != null && known.holdsFor(there)) {
      return known.list();
    }
    AccessList list = AccessList.DEFAULT;
    try {
      if (!file.getParent().equals(root)) {
        disk.requireDirectory(file.getParent()); // a link is no mailbox
      }
      byte[] octets = disk.readAll(file, MOST_OCTETS);
      if (octets != null) {
        list = AccessList.parse(octets);
      } else if (disk.stat(file) == null) {
        return null;
      } else {
        LOG.log(System.Logger.Level.WARNING, "This is no access list, or too large: {0}", file);
      }
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "An access list can't be read: " + file, e);
    }
    boolean settled =
        System.currentTimeMillis() - there.lastModifiedTime().toMillis() >= SETTLED_MILLIS;
    folders.accessLists().put(file, new Known(list, there, settled));
    return list;
  }

  /**
   * Gives mailboxes the list that they have from above, under one lock. They have it all the same
   * where that fails, or where somebody holds a lock: who only asks waits for nobody. Of very many
   * the rest gets theirs at the next question.
   */
  private void freeze(Map<MailboxName, AccessList> without) throws MaildirException {
    ReentrantLock lock = folders.accountLock(root);
    if (without.isEmpty() || !lock.tryLock()) {
      return;
    }
    try {
      List<MailboxName> mailboxes = new ArrayList<>();
      for (MailboxName name : without.keySet()) {
        if (mailboxes.size() < FREEZE_BATCH && maildir.has(name)) {
          mailboxes.add(name);
        }
      }
      Optional<CourierLock> free =
          mailboxes.isEmpty() ? Optional.empty() : CourierLock.takeIfFree(disk, root);
      if (free.isPresent()) {
        try (CourierLock held = free.get()) {
          for (MailboxName name : mailboxes) {
            Path directory = maildir.directory(name);
            Path file = directory.resolve(FILE);
            if (disk.stat(file) == null) {
              write(directory, file, without.get(name), false);
            }
          }
        }
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "Access lists could not be written: " + root, e);
    } finally {
      lock.unlock();
    }
  }

  /** What becomes of a list. */
  @FunctionalInterface
  public interface Change {
    /**
     * @throws MaildirException where it can't be; nothing is changed then
     */
    AccessList of(AccessList before) throws MaildirException;
  }

  /**
   * Changes the rights of an identifier.
   *
   * @param name of a mailbox that exists
   * @throws MaildirException NONEXISTENT; as {@link AccessList#with}; IN_USE
   */
  public void change(MailboxName name, AccessIdentifier identifier, RightsChange change)
      throws IOException, MaildirException {
    change(name, false, before -> before.with(identifier, change));
  }

  /**
   * Changes a list.
   *
   * @param levels true: also of a level that is no mailbox, by a file in {@code courierimaphieracl}
   * @throws MaildirException NONEXISTENT, IN_USE, or the change's own
   */
  public void change(MailboxName name, boolean levels, Change change)
      throws IOException, MaildirException {
    ReentrantLock lock = folders.accountLock(root);
    lock.lock();
    try {
      if (!levels && !maildir.has(name)) {
        throw MaildirException.gone(MaildirException.Reason.NONEXISTENT);
      }
      of(name);
      try (CourierLock held = CourierLock.take(disk, root)) {
        AccessList before = find(name, new LinkedHashMap<>());
        AccessList after = change.of(before);
        Path directory = maildir.directory(name);
        Path file = directory.resolve(FILE);
        BasicFileAttributes there = disk.stat(file);
        if (there != null && !there.isRegularFile()) {
          throw new IOException("This is no access list: " + file);
        }
        if (after.equals(before)) {
          return;
        }
        if (levels && !maildir.has(name)) {
          makeHierarchy();
          write(root, ofLevel(name), after, true);
        } else {
          write(directory, file, after, true);
        }
      }
    } catch (NoSuchFileException e) {
      throw MaildirException.gone(MaildirException.Reason.NONEXISTENT);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes away lists of levels that are no mailbox and have none below them, once they are an hour
   * old: their mailbox may be on its way.
   */
  public void clear() throws IOException {
    Path hierarchy = root.resolve(HIERARCHY);
    BasicFileAttributes there = disk.stat(hierarchy);
    if (there == null || !there.isDirectory()) {
      return;
    }
    List<String> levels = disk.names(hierarchy);
    TreeSet<String> directories = new TreeSet<>(levels.isEmpty() ? List.of() : disk.names(root));
    long limit = System.currentTimeMillis() - STALE_MILLIS;
    for (String level : levels) {
      Path file = FileNames.in(hierarchy, level);
      BasicFileAttributes stale = disk.stat(file);
      String above = "." + level + ".";
      String below = directories.ceiling(above);
      boolean used =
          directories.contains("." + level) || (below != null && below.startsWith(above));
      if (!used && stale != null && stale.lastModifiedTime().toMillis() < limit) {
        disk.tidy(file);
      }
    }
  }

  private void write(Path directory, Path file, AccessList list, boolean durable)
      throws IOException {
    Path scratch = directory.resolve("tmp").resolve(UniqueNames.scratch("acl"));
    disk.replace(scratch, file, list.format(), durable);
    folders.accessLists().invalidate(file);
    if (list.isShared()) {
      folders.accessChanges(root);
    }
  }

  /** Gives a mailbox that is being made the list of what is above it. Callers hold the lock. */
  void inherit(MailboxName name, Path directory) throws IOException, MaildirException {
    if (!name.isInbox()) {
      String above = name.value().substring(0, name.value().lastIndexOf('.'));
      write(directory, directory.resolve(FILE), of(new MailboxName(above)), true);
    }
  }

  /** A mailbox of that name is there now: its list is the one in its directory. */
  void made(MailboxName name) throws IOException, MaildirException {
    disk.tidy(ofLevel(name));
    clear();
  }

  /**
   * Keeps the list of a mailbox that is about to go, where there are others below it. Callers hold
   * the lock.
   */
  void keep(MailboxName name) throws IOException, MaildirException {
    if (!hasBelow(name)) {
      return;
    }
    AccessList list = of(name);
    try {
      makeHierarchy();
      write(root, ofLevel(name), list, false);
    } catch (IOException e) {
      // A full disk is what people delete for.
      LOG.log(System.Logger.Level.WARNING, "An access list was not kept: " + ofLevel(name), e);
    }
  }

  private void makeHierarchy() throws IOException {
    Path hierarchy = root.resolve(HIERARCHY);
    if (disk.stat(hierarchy) == null) {
      disk.makeDirectory(hierarchy);
      disk.setMode(hierarchy, "rwxr-xr-x");
    }
    disk.requireDirectory(hierarchy);
  }

  /** A mailbox is gone: so are the lists of levels that nothing is below any more. */
  void gone(MailboxName name) throws IOException, MaildirException {
    String at = name.value();
    while (at.indexOf('.') > 0) {
      MailboxName level = new MailboxName(at);
      if (maildir.has(level) || hasBelow(level)) {
        break;
      }
      disk.tidy(ofLevel(level));
      at = at.substring(0, at.lastIndexOf('.'));
    }
    clear();
  }

  private boolean hasBelow(MailboxName name) throws IOException, MaildirException {
    String begin = FileNames.octets(maildir.directory(name)) + ".";
    return disk.names(root).stream().anyMatch(octets -> octets.startsWith(begin));
  }

  /** Mailboxes got other names: so do the lists of levels that are none. Callers hold the lock. */
  void renamed(MailboxName from, MailboxName to) throws IOException, MaildirException {
    Path hierarchy = root.resolve(HIERARCHY);
    if (disk.stat(hierarchy) == null) {
      return;
    }
    disk.requireDirectory(hierarchy);
    String before = FileNames.octets(ofLevel(from));
    String after = FileNames.octets(ofLevel(to));
    for (String octets : disk.names(hierarchy)) {
      if (octets.equals(before) || octets.startsWith(before + ".")) {
        disk.rename(
            FileNames.in(hierarchy, octets),
            FileNames.in(hierarchy, after + octets.substring(before.length())));
      }
    }
  }
}
