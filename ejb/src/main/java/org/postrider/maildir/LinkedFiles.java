package org.postrider.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.postrider.protocol.Flags;

/**
 * The messages of a shared folder ({@link SharedFolders}): files in the folder of somebody else's
 * Maildir, and in the subscriber's directory a symbolic link for each, whose name has the
 * subscriber's own flags.
 *
 * <pre>
 * DIRECTORY/                                      the subscriber's
 *   cur/BASE:2,S  -> TARGET/cur/BASE:2,FS         one link a message
 *   shared        -> TARGET
 *   shared-timestamp                              1 octet, 0600: newer than TARGET/new and TARGET/cur where all is linked
 *   courierimapuiddb  courierimapkeywords/        the subscriber's
 * TARGET/cur/BASE:2,FS                            the message
 * </pre>
 *
 * <p><b>Links are written, and never followed</b>: what a link says is for Courier. A message is
 * opened by its base name among those that were found in TARGET/cur, and by the rights of the
 * account there ({@link Disk#visiting}). So a link that the subscriber plants shows nothing that
 * would not be shown without it; where it says anything else than where the message lies, or where
 * no message has its base name, it is replaced or removed.
 *
 * <p><b>Order.</b> A message that comes in: file in TARGET/tmp, link() into TARGET/cur, symbolic
 * link in {@code cur}, both synced, UID list. A message that goes: TARGET/cur, then the link. After
 * a crash in between the next look finds a message without a link, or a link without one. The
 * timestamp is written last and tells when the look began, so that Courier looks again where a
 * crash left links missing.
 *
 * <p>TARGET/new is brought to TARGET/cur as far as the account may; what it may not move waits for
 * somebody who may, as with Courier.
 */
final class LinkedFiles extends MessageFiles {

  private static final String TIMESTAMP = "shared-timestamp";
  private static final int TRIES = 3;

  /** How far the times of files may lag behind the clock. */
  private static final Duration CLOCK_STEP = Duration.ofMillis(50);

  /** Longest base name, in octets, that leaves room for flags. */
  private static final int LONGEST_BASE = 240;

  private static final System.Logger LOG = System.getLogger(LinkedFiles.class.getName());

  private final Disk visiting;
  private final Path target;
  private final Path there;
  private final Path fresh;
  private final DirectoryStamp curStamp = new DirectoryStamp();
  private final DirectoryStamp newStamp = new DirectoryStamp();

  /** Infos of the messages in TARGET/cur by base name; null before the first look. */
  private volatile Map<String, String> infos;

  /**
   * @param disk of the subscriber's files
   * @param target the shared folder, absolute
   */
  LinkedFiles(Disk disk, Path directory, Path target) {
    super(disk, directory);
    this.visiting = disk.visiting();
    this.target = target;
    this.there = target.resolve("cur");
    this.fresh = target.resolve("new");
  }

  Path target() {
    return target;
  }

  @Override
  boolean isDue() throws IOException {
    return infos == null
        || curStamp.isDue(visiting.stat(there))
        || newStamp.isDue(visiting.stat(fresh));
  }

  @Override
  void invalidate() {
    curStamp.invalidate();
  }

  @Override
  boolean bringIn() throws IOException {
    takeNew();
    long started = System.nanoTime();
    FileTime began = FileTime.from(Instant.now().minus(CLOCK_STEP));
    BasicFileAttributes before = visiting.stat(there);
    if (before == null) {
      throw new NoSuchFileException(there.toString());
    }
    if (infos != null && !curStamp.isDue(before)) {
      return false;
    }
    Map<String, String> found = list();
    boolean changed = new Linking(found).run();
    infos = found;
    curStamp.read(before, started);
    stamp(began);
    return changed;
  }

  private void takeNew() throws IOException {
    long started = System.nanoTime();
    BasicFileAttributes before = visiting.stat(fresh);
    if (!newStamp.isDue(before)) {
      return;
    }
    newStamp.read(before, started);
    if (before == null || !visiting.isWritable(fresh)) {
      return;
    }
    List<String> names;
    try {
      names = visiting.names(fresh);
    } catch (AccessDeniedException e) {
      return;
    }
    for (String name : names) {
      if (!name.startsWith(".")) {
        moveOne(name);
      }
    }
  }

  /** Nothing happens where the account may not. */
  private void moveOne(String name) throws IOException {
    Path to = FileNames.in(there, MessageFileName.fromNew(name));
    try {
      if (visiting.stat(to) != null) {
        return; // the name is taken, and it waits
      }
      visiting.rename(FileNames.in(fresh, name), to);
      curStamp.invalidate();
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      return; // another program was quicker
    } catch (IOException e) {
      if (!Disk.isRefused(e)) {
        throw e;
      }
    }
  }

  private Map<String, String> list() throws IOException {
    Map<String, String> found = new ConcurrentHashMap<>();
    for (String name : visiting.names(there)) {
      MessageFileName parsed = MessageFileName.parse(name);
      if (isMessage(parsed.base())) {
        found.putIfAbsent(parsed.base(), parsed.info());
      }
    }
    return found;
  }

  /** Other people's names come into the subscriber's files: not any of them. */
  private static boolean isMessage(String base) {
    return !base.isEmpty()
        && !base.startsWith(".")
        && base.length() <= LONGEST_BASE
        && base.chars().noneMatch(c -> c < ' ');
  }

  /** Links, brought in step with what was found. */
  private final class Linking {
    private final Map<String, String> found;
    private final Set<String> linked = new HashSet<>();

    /** Links whose message was not found, and its base name. */
    private final Map<Path, String> stale = new HashMap<>();

    private boolean changed;

    Linking(Map<String, String> found) {
      this.found = found;
    }

    boolean run() throws IOException {
      sort(cur);
      sort(directory.resolve("new"));
      lookAgain();
      for (Path link : stale.keySet()) {
        disk.tidy(link);
        changed = true;
      }
      for (Map.Entry<String, String> message : found.entrySet()) {
        if (!linked.contains(message.getKey())) {
          link(message.getKey(), ":2,", message.getValue());
          changed = true;
        }
      }
      return changed;
    }

    private void sort(Path part) throws IOException {
      for (String name : disk.names(part)) {
        if (name.startsWith(".")) {
          continue;
        }
        Path link = FileNames.in(part, name);
        String base = MessageFileName.parse(name).base();
        String info = found.get(base);
        if (info == null) {
          stale.put(link, base);
        } else if (!linked.add(base)) {
          disk.tidy(link); // twice; both would be the same message
          changed = true;
        } else {
          correct(link, base, info);
        }
      }
    }

    private void correct(Path link, String base, String info) throws IOException {
      Path right = FileNames.in(there, base + info);
      boolean known = infos != null && info.equals(infos.get(base));
      if (!known && !right.equals(disk.readLink(link))) {
        Path scratch = directory.resolve("tmp").resolve(UniqueNames.scratch("relink"));
        disk.makeLink(scratch, right);
        try {
          disk.rename(scratch, link);
        } catch (IOException e) {
          disk.tidy(scratch); // it is a directory, which Courier will not read either
        }
      }
    }

    /** A message that is renamed while its directory is read may be in neither place. */
    private void lookAgain() throws IOException {
      for (int i = 1; i < TRIES && !stale.isEmpty(); i++) {
        Map<String, String> again = list();
        for (var lost = stale.entrySet().iterator(); lost.hasNext(); ) {
          Map.Entry<Path, String> link = lost.next();
          String info = again.get(link.getValue());
          if (info != null && linked.add(link.getValue())) {
            found.put(link.getValue(), info);
            correct(link.getKey(), link.getValue(), info);
            lost.remove();
          }
        }
      }
    }
  }

  private void link(String base, String info, String infoThere) throws IOException {
    try {
      disk.makeLink(name(base, info), FileNames.in(there, base + infoThere));
    } catch (FileAlreadyExistsException e) {
      // another program was quicker
    }
  }

  /** Tells Courier that all was linked that was there at that time. */
  private void stamp(FileTime time) {
    Path scratch = directory.resolve("tmp").resolve(UniqueNames.scratch("sync"));
    try {
      try (FileChannel file = disk.create(scratch)) {
        disk.write(file, ByteBuffer.allocate(1));
      }
      disk.setMode(scratch, "rw-------");
      disk.setTimes(scratch, time);
      disk.rename(scratch, directory.resolve(TIMESTAMP));
    } catch (IOException e) {
      disk.tidy(scratch);
      LOG.log(System.Logger.Level.DEBUG, "Courier will look again: " + directory, e);
    }
  }

  @Override
  boolean isThere() throws IOException {
    try {
      BasicFileAttributes shared = visiting.stat(there.resolve("."));
      return super.isThere() && shared != null && shared.isDirectory();
    } catch (AccessDeniedException | NotDirectoryException e) {
      return false;
    }
  }

  /** True where the account may add and remove messages. */
  boolean isTargetWritable() throws IOException {
    return visiting.isWritable(there);
  }

  private Path real(String base) throws IOException {
    Map<String, String> known = infos;
    String info = known == null ? null : known.get(base);
    if (info == null) {
      throw new NoSuchFileException(base);
    }
    return FileNames.in(there, base + info);
  }

  @Override
  BasicFileAttributes stat(String base, String info) throws IOException {
    try {
      return visiting.stat(real(base));
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  @Override
  FileChannel open(String base, String info) throws IOException {
    return visiting.open(real(base));
  }

  @Override
  Incoming receive(Flags flags, Instant date) throws IOException {
    return Incoming.receive(visiting, target, flags, date);
  }

  @Override
  Incoming copyOf(OpenMessage file, StoredMessage message) throws IOException {
    return Incoming.copy(
        visiting, target, file.file(), message.flags(), file.date(), message.wireSize());
  }

  @Override
  boolean areItsOwn() {
    return false;
  }

  @Override
  void add(Incoming message) throws IOException {
    String info = MessageFileName.info(message.flags(), "");
    Path file = FileNames.in(there, message.base() + info);
    link(visiting, message, file);
    try {
      link(message.base(), info, info);
    } catch (IOException e) {
      visiting.tidy(file);
      throw e;
    }
    infos.put(message.base(), info);
  }

  @Override
  boolean takeBack(Incoming message) {
    infos.remove(message.base());
    boolean linkIsGone = unlinked(disk, path(message));
    return unlinked(visiting, FileNames.in(there, FileNames.octets(path(message)))) && linkIsGone;
  }

  @Override
  void force() throws IOException {
    visiting.forceDirectory(there);
    super.force();
  }

  @Override
  boolean isRemovable(String base) throws IOException {
    try {
      return visiting.isRemovable(real(base));
    } catch (NoSuchFileException e) {
      return true; // it is gone
    }
  }

  @Override
  boolean remove(String base, String info) throws IOException {
    try {
      visiting.unlink(real(base));
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      if (Disk.isRefused(e)) {
        return false;
      }
      throw e;
    }
    infos.remove(base);
    disk.tidy(name(base, info));
    return true;
  }

  @Override
  List<Path> places() {
    return List.of(directory, target);
  }
}
