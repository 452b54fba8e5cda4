package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.postrider.maildir.CheckedFolder.Stat;
import org.postrider.maildir.Finding.Kind;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;

/**
 * Inspects the files of an account's Maildir, and repairs what can be repaired, whether a server
 * runs or not.
 *
 * <p><b>What a repair never does.</b> It removes no message and no link, pipe or directory: these
 * are moved to {@link Aside}, and so is a second name of what it rewrites. It gives no message
 * another UID that a client may hold: lists are written anew as the server reads the old ones. It
 * changes no owner, because a file of another user may be there for that user's reasons, or for an
 * attacker's.
 *
 * <p><b>Crashes.</b> Each repair is one rename or link, or a new file put in place by a rename
 * after it was synced; lists and doubles under Courier's lock of the folder. One that was cut off
 * is found and repaired by the next run.
 *
 * <p>Used by one thread.
 */
public final class MaildirCheck {

  private static final List<String> PARTS = List.of("tmp", "new", "cur");
  private static final long TMP_MILLIS = 36L * 60 * 60 * 1000;
  private static final Pattern MESSAGE_NAME = Pattern.compile("[0-9]{9,}\\.[^.:]+\\.[^:]+(:.*)?");

  /** Files and directories that a Maildir or a folder of one may have. */
  private static final Set<String> KNOWN =
      Set.of(
          "tmp",
          "new",
          "cur",
          "maildirfolder",
          "courierimapuiddb",
          "courierimapkeywords",
          "courierimapacl",
          "courierimaphieracl",
          "courierimapsubscribed",
          "courierpop3dsizelist",
          "courierpop3dauth",
          "maildirsize",
          "quotawarn",
          "shared-maildirs",
          "shared-folders",
          "shared-timestamp",
          "shared",
          "loginexec",
          "imaplog.dat");

  private final Disk disk;
  private final Path root;
  private final Findings findings;
  private final Consumer<Path> progress;
  private final Aside aside;

  /**
   * @param root absolute; an administrator's word, so that it may lead through symbolic links
   * @param owner whom all files have to belong to
   * @param repairs true: what can be repaired is
   * @param listener is told of each thing when it was found and repaired
   * @param progress is told of each folder before it is inspected
   */
  public MaildirCheck(
      Path root,
      Owner owner,
      boolean repairs,
      Consumer<Finding> listener,
      Consumer<Path> progress) {
    this(new Disk().ownedBy(owner), root, repairs, listener, progress);
  }

  /**
   * @param disk whose owner all files have to belong to
   */
  MaildirCheck(
      Disk disk, Path root, boolean repairs, Consumer<Finding> listener, Consumer<Path> progress) {
    this.disk = disk;
    this.root = root.normalize();
    this.findings = new Findings(repairs, listener);
    this.progress = progress;
    this.aside = new Aside(disk, this.root);
  }

  /** Inspects all of it. */
  public void run() {
    CheckedFolder inbox = folder(root);
    progress.accept(root);
    try {
      Stat stat = inbox.stat(root.toRealPath());
      if (stat == null || !stat.isDirectory()) {
        findings.tell(Kind.UNREADABLE, root, "this is no directory");
        return;
      }
      if (!inbox.checkRights(root, stat)) {
        return;
      }
    } catch (IOException e) {
      findings.tell(Kind.UNREADABLE, root, ToldFailure.of(e));
      return;
    }
    inspect(inbox);
    List<String> names = List.of();
    try {
      names = disk.names(root);
      checkEntries(inbox, names);
    } catch (IOException e) {
      findings.tell(Kind.UNREADABLE, root, ToldFailure.of(e));
    }
    findings.end(root);
    for (String name : new TreeSet<>(names)) {
      if (name.startsWith(".")) {
        checkFolder(FileNames.in(root, name), name);
      }
    }
    checkAccount(inbox);
    findings.end(root);
  }

  private CheckedFolder folder(Path directory) {
    return new CheckedFolder(disk, root, directory, aside, findings);
  }

  // ---- folders

  private void checkFolder(Path directory, String name) {
    CheckedFolder folder = folder(directory);
    try {
      Stat stat = folder.stat(directory);
      if (stat == null) {
        return;
      }
      if (!stat.isDirectory()) {
        if (!stat.isFile()) {
          findings.note(Kind.STRAY, directory, "this is no directory, and so no folder");
        }
        return;
      }
      if (!looksLikeFolder(directory)) {
        findings.note(Kind.FOREIGN, directory, "a directory that is no folder");
        return;
      }
      progress.accept(directory);
      checkName(directory, name);
      if (folder.checkRights(directory, stat)) {
        inspect(folder);
        checkEntries(folder, disk.names(directory));
      }
    } catch (IOException e) {
      findings.tell(Kind.UNREADABLE, directory, ToldFailure.of(e));
    }
    findings.end(directory);
  }

  private boolean looksLikeFolder(Path directory) throws IOException {
    for (String sign : List.of("cur", "new", "maildirfolder", "courierimapuiddb")) {
      if (disk.stat(directory.resolve(sign)) != null) {
        return true;
      }
    }
    return false;
  }

  private void checkName(Path directory, String octets) {
    Optional<String> text = FileNames.text(octets);
    if (text.isEmpty()) {
      findings.tell(
          Kind.FOLDER_NAME, directory, "its name is not UTF-8, so nobody sees it; rename it");
      return;
    }
    try {
      MailboxName.parse("INBOX" + text.get());
    } catch (MailboxNameException e) {
      findings.tell(
          Kind.FOLDER_NAME,
          directory,
          "no mailbox can have this name, so nobody sees it; rename it (" + e.getMessage() + ")");
      return;
    }
    if (OldFolderName.isOne(text.get())) {
      findings.note(
          Kind.FOLDER_NAME,
          directory,
          "this may be a name of Courier-IMAP 4 in modified UTF-7; maildirmake --checkutf8 tells"
              + " what maildirmake --convutf8 would make of it");
    }
  }

  private void inspect(CheckedFolder folder) {
    Path directory = folder.directory();
    try {
      boolean complete = true;
      for (String part : PARTS) {
        complete &= checkPart(folder, directory.resolve(part));
      }
      if (!complete) {
        return;
      }
      checkTmp(folder);
      if (!folder.isInbox() && disk.stat(directory.resolve("maildirfolder")) == null) {
        findings.mend(
            Kind.MISSING_MAILDIRFOLDER,
            directory,
            "delivery agents take it for a Maildir with a quota of its own",
            () -> makeMarker(directory));
      }
      int messages = new MessageCheck(folder).run();
      new StateFileCheck(folder).run(messages);
    } catch (IOException e) {
      findings.tell(Kind.UNREADABLE, directory, ToldFailure.of(e));
    }
  }

  private String makeMarker(Path directory) throws IOException {
    Path scratch = directory.resolve("tmp").resolve(UniqueNames.scratch("maildirfolder"));
    disk.create(scratch).close();
    disk.setMode(scratch, "rw-------");
    disk.rename(scratch, directory.resolve("maildirfolder"));
    return "made";
  }

  /** False where it can't be used. */
  private boolean checkPart(CheckedFolder folder, Path part) throws IOException {
    Stat stat = folder.stat(part);
    if (stat != null && !stat.isDirectory()) {
      folder.setAside(Kind.STRAY, part, "this has to be a directory");
      stat = folder.stat(part);
    }
    if (stat == null) {
      findings.mend(Kind.MISSING_DIRECTORY, part, "it is missing", () -> makePart(part));
      stat = folder.stat(part);
    }
    return stat != null && stat.isDirectory() && folder.checkRights(part, stat);
  }

  private String makePart(Path part) throws IOException {
    try {
      disk.makeDirectory(part);
    } catch (FileAlreadyExistsException e) {
      return null;
    }
    disk.forceDirectory(part.getParent());
    return "made";
  }

  private void checkTmp(CheckedFolder folder) throws IOException {
    Path tmp = folder.directory().resolve("tmp");
    if (CourierLock.isStale(disk, folder.directory())) {
      findings.mend(
          Kind.STALE_LOCK,
          tmp.resolve(CourierLock.FILE),
          "who held this lock is no more",
          () -> {
            CourierLock.take(disk, folder.directory()).close();
            return "removed";
          });
    }
    long limit = System.currentTimeMillis() - TMP_MILLIS;
    for (String name : disk.names(tmp)) {
      Path file = FileNames.in(tmp, name);
      BasicFileAttributes there = disk.stat(file);
      if (there != null && !name.startsWith(".") && isOlder(file, limit)) {
        // Never removed here: it may be half of a message that somebody misses.
        findings.note(
            Kind.STALE_TMP,
            file,
            "left by a writer that is no more; the server removes it when the folder is opened");
      }
    }
  }

  private boolean isOlder(Path file, long limitMillis) throws IOException {
    try {
      return disk.changed(file).toMillis() < limitMillis;
    } catch (NoSuchFileException e) {
      return false; // its writer is done
    }
  }

  // ---- what else is there

  private void checkEntries(CheckedFolder folder, List<String> names) throws IOException {
    for (String name : names) {
      boolean known = name.startsWith(".") || name.startsWith("postrider") || KNOWN.contains(name);
      Path file = FileNames.in(folder.directory(), name);
      Stat stat = known ? null : folder.stat(file);
      if (stat == null) {
        continue;
      }
      if (stat.isFile() && MESSAGE_NAME.matcher(name).matches()) {
        findings.mend(
            Kind.STRAY_MESSAGE,
            file,
            "a message that is in neither new nor cur is shown by no mail program",
            () -> deliver(folder, file, stat));
      } else {
        findings.note(Kind.FOREIGN, file, "no part of a Maildir; it is left alone");
      }
    }
  }

  private String deliver(CheckedFolder folder, Path file, Stat stat) throws IOException {
    Path to = FileNames.in(folder.directory().resolve("new"), CheckedFolder.freshBase(stat));
    disk.rename(file, to);
    return "moved to new/" + to.getFileName();
  }

  // ---- the account

  private void checkAccount(CheckedFolder inbox) {
    try {
      Path levels = root.resolve(AccessFiles.HIERARCHY);
      Stat stat = inbox.stat(levels);
      if (stat != null && !stat.isDirectory()) {
        inbox.setAside(Kind.ACCESS_LIST, levels, "this has to be a directory");
      } else if (stat != null && inbox.checkRights(levels, stat)) {
        StateFileCheck lists = new StateFileCheck(inbox);
        for (String level : disk.names(levels)) {
          lists.checkAccessList(FileNames.in(levels, level));
        }
      }
      checkSubscriptions(inbox);
      checkQuota(inbox);
    } catch (IOException e) {
      findings.tell(Kind.UNREADABLE, root, ToldFailure.of(e));
    }
  }

  private void checkSubscriptions(CheckedFolder inbox) throws IOException {
    Path file = root.resolve(Subscriptions.FILE);
    Stat stat = inbox.stat(file);
    if (stat == null) {
      return;
    }
    if (!stat.isFile()) {
      inbox.setAside(Kind.SUBSCRIPTION, file, "this has to be a file");
      return;
    }
    if (!inbox.checkRights(file, stat)) {
      return;
    }
    for (MailboxName name : new Subscriptions(disk, root).names()) {
      boolean below = name.isPersonal() && !name.isInbox();
      String octets = below ? FileNames.utf8(name.value().substring("INBOX".length())) : "";
      if (below && disk.stat(FileNames.in(root, octets)) == null) {
        findings.note(Kind.SUBSCRIPTION, file, "there is no mailbox " + name.value());
      }
    }
  }

  private void checkQuota(CheckedFolder inbox) throws IOException {
    Path file = root.resolve(Maildirsize.FILE);
    Stat stat = inbox.stat(file);
    if (stat == null) {
      return;
    }
    if (!stat.isFile()) {
      inbox.setAside(Kind.QUOTA, file, "this has to be a file");
      return;
    }
    byte[] octets = disk.readBeginning(file, Maildirsize.MOST_OCTETS);
    if (!inbox.checkRights(file, stat) || octets == null) {
      return;
    }
    Maildirsize told = Maildirsize.parse(octets);
    if (told.limits().isNone()) {
      findings.note(Kind.QUOTA, file, "its first line has no limit, so there is no quota");
      return;
    }
    QuotaCount count = QuotaCount.of(disk, root);
    BasicFileAttributes now = disk.stat(file);
    boolean still =
        QuotaCount.newest(disk, root) == count.newest() && now != null && now.size() == stat.size();
    if (still && (told.isToBeCounted() || !told.total().equals(count.amount()))) {
      findings.mend(
          Kind.QUOTA,
          file,
          "it says "
              + told.total().octets()
              + " octets in "
              + told.total().messages()
              + " messages, and there are "
              + count.amount().octets()
              + " in "
              + count.amount().messages(),
          () -> {
            new Quota(disk, root, QuotaWarning.NONE).recount();
            return "counted anew";
          });
    }
  }
}
