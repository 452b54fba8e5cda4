package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.postrider.protocol.Flags;
import org.postrider.protocol.UidSet;

/**
 * Keeps what is known of a folder in step with its files: reads what others did, numbers what came,
 * and notes what we did ourselves. Takes Courier's lock to read; {@link Folder} holds its own
 * around every call.
 */
final class FolderSync {

  private static final System.Logger LOG = System.getLogger(FolderSync.class.getName());

  private final Disk disk;
  private final MessageFiles files;
  private final UidValidities validities;
  private final Path root;
  private final Path directory;
  private final Path cur;
  private final Path fresh;
  private final Path keywords;
  private final FolderMemory memory;
  private final FolderScan scan;
  private final UidListFile listFile;
  private final BatchFile batch;
  private final DirectoryStamp curStamp = new DirectoryStamp();
  private final DirectoryStamp newStamp = new DirectoryStamp();
  private final DirectoryStamp keywordStamp = new DirectoryStamp();
  private boolean unfinished;
  private boolean complained;

  FolderSync(
      MessageFiles files,
      UidValidities validities,
      Path root,
      FolderMemory memory,
      BatchFile batch) {
    this.disk = files.disk;
    this.files = files;
    this.validities = validities;
    this.root = root;
    this.directory = files.directory;
    this.cur = files.cur;
    this.fresh = directory.resolve("new");
    this.keywords = directory.resolve(Keywords.DIRECTORY);
    this.memory = memory;
    this.scan = new FolderScan(disk, directory);
    this.listFile = new UidListFile(disk, directory);
    this.batch = batch;
  }

  /** True where something may have changed; three stat calls. */
  boolean isDue(boolean takeNew) throws IOException {
    return !memory.isLoaded()
        || unfinished
        || (takeNew && memory.waiting() > 0)
        || files.isDue()
        || curStamp.isDue(disk.stat(cur))
        || newStamp.isDue(disk.stat(fresh))
        || keywordStamp.isDue(disk.stat(keywords));
  }

  /**
   * Reads what may have changed.
   *
   * @param takeNew also moves what was delivered to {@code cur}
   */
  void scan(boolean takeNew) throws IOException, MaildirException {
    try (CourierLock held = CourierLock.take(disk, directory)) {
      scanLocked(takeNew);
    }
  }

  /** Takes a directory entry for no message from now on. */
  void passOver(String base) throws IOException, MaildirException {
    scan.passOver(base);
    forceScan();
  }

  /** Reads, although nothing seems to have changed. */
  void forceScan() throws IOException, MaildirException {
    files.invalidate();
    curStamp.invalidate();
    scan(true);
  }

  /**
   * Sees to it that messages can be numbered now: all that is known is up to date, the UID list
   * included, and so many UIDs are left. The caller holds Courier's lock.
   */
  void prepareToNumber(int more) throws IOException {
    finishBatch();
    if (memory.isLoaded() && !listFile.isAsSeen()) {
      curStamp.invalidate();
    }
    if (isDue(false)) {
      scanLocked(false);
    }
    if (!memory.hasRoom(more)) {
      numberAnew();
      curStamp.invalidate();
      scanLocked(false);
    }
  }

  /** What a server that is no more had begun is ended first. */
  private void finishBatch() throws IOException {
    unfinished = true;
    if (batch.finish()) {
      curStamp.invalidate();
    }
    unfinished = false;
  }

  private void scanLocked(boolean takeNew) throws IOException {
    try {
      finishBatch();
    } catch (IOException e) {
      complain("Messages that came together can't be completed", e); // the next look tries again
    }
    scan.clearTmp();
    if (files.bringIn()) {
      curStamp.invalidate();
      newStamp.invalidate();
    }
    readNew(takeNew);
    long state = memory.nextState();
    if (!memory.isLoaded() || curStamp.isDue(disk.stat(cur))) {
      if (!readCur(state)) {
        scanLocked(takeNew); // everything is numbered anew, which happens once
        return;
      }
    } else {
      readKeywords(state, false);
    }
    memory.settle(state);
  }

  private void readNew(boolean takeNew) throws IOException {
    for (int round = 0; round < 10; round++) {
      long started = System.nanoTime();
      BasicFileAttributes before = disk.stat(fresh);
      if (before == null || !before.isDirectory()) {
        memory.setWaiting(0);
        newStamp.read(null, started);
        return;
      }
      if (!newStamp.isDue(before) && !(takeNew && memory.waiting() > 0)) {
        return;
      }
      memory.setWaiting(scan.waiting());
      newStamp.read(before, started);
      if (!takeNew || memory.waiting() == 0) {
        return;
      }
      curStamp.invalidate();
      if (scan.moveNew() > 0) {
        return;
      }
      newStamp.invalidate();
    }
  }

  /** False where no UIDs were left, and the folder is to be read as one that has none. */
  private boolean readCur(long state) throws IOException {
    // Where the list is the one that is known, nothing in it is news.
    UidList list = memory.uidValidity() != 0 && listFile.isAsSeen() ? null : listFile.read();
    long validity = memory.uidValidity();
    long next = memory.uidNext();
    boolean write = takeOver(list);
    long newFrom = validity == memory.uidValidity() ? next : 1;
    if (list != null && list.uidValidity() != memory.uidValidity()) {
      list = null;
    }
    FolderScan.Listing listing = scan.list(memory.messages().size());
    Map<String, String> infos = listing.infos();
    write |= compare(listing, state);
    List<String> arrivals = addNumbered(list, newFrom, infos, state);
    if (!memory.hasRoom(arrivals.size())) {
      numberAnew();
      return false;
    }
    int known = memory.messages().size();
    long first = memory.uidNext();
    for (String base : arrivals) {
      memory.add(memory.uidNext(), base, infos.get(base), state);
    }
    curStamp.read(listing.before(), listing.started());
    readKeywords(state, !arrivals.isEmpty());
    boolean hadList = listFile.isThere();
    boolean written = !(write || !arrivals.isEmpty() || !hadList) || writeList();
    if (!written && hadList && !arrivals.isEmpty()) {
      // Numbers that are not on disk might be given once more: these messages wait until they can
      // be.
      memory.takeBack(known, state);
      curStamp.invalidate();
    } else if (!arrivals.isEmpty()) {
      memory.arrived(first, memory.uidNext() - 1);
    }
    return true;
  }

  /**
   * Takes UIDVALIDITY and next UID over from the list.
   *
   * @return true where the list has to be written
   */
  private boolean takeOver(UidList list) throws IOException {
    if (list == null) {
      if (memory.uidValidity() == 0) {
        numberAnew();
      }
      return !listFile.isThere();
    }
    if (memory.uidValidity() != list.uidValidity()) {
      // Nothing was known, or another program numbered the folder anew.
      memory.number(list.uidValidity(), list.uidNext());
    }
    boolean behind = list.uidNext() < memory.uidNext();
    memory.raiseNext(list.uidNext());
    if (!memory.hasRoom(1)) {
      numberAnew();
      return true;
    }
    return behind;
  }

  /** Everything is to get a new number, under a UIDVALIDITY that was never used. */
  private void numberAnew() throws IOException {
    long former = memory.uidValidity();
    if (former != 0) {
      validities.retire(disk, root, former);
    }
    memory.number(validities.next(disk, root, former), 1);
    if (former != 0 || disk.stat(directory.resolve(UidList.FILE)) != null) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The UID list of {0} could not be used; its messages have new UIDs, under UIDVALIDITY"
              + " {1}",
          directory,
          Long.toString(memory.uidValidity()));
    }
    listFile.remove();
  }

  /**
   * Compares what is known with what is there. What is known is taken out of {@code infos} and
   * stays in the table.
   *
   * @return true where messages are gone
   */
  private boolean compare(FolderScan.Listing listing, long state) throws IOException {
    MessageTable messages = memory.messages();
    Map<String, String> infos = listing.infos();
    String[] found = new String[messages.size()];
    Set<String> missing = new HashSet<>();
    for (int i = 0; i < found.length; i++) {
      found[i] = infos.remove(messages.base(i));
      if (found[i] == null) {
        missing.add(messages.base(i));
      }
    }
    Map<String, String> later = missing.isEmpty() ? Map.of() : scan.lookAgain(listing, missing);
    BitSet gone = new BitSet();
    for (int i = 0; i < found.length; i++) {
      String info = found[i] == null ? later.get(messages.base(i)) : found[i];
      if (info == null) {
        gone.set(i);
      } else if (!info.equals(messages.info(i))) {
        messages.setInfo(i, info);
        memory.flags(
            i, MessageFileName.flags(info).withKeywords(messages.flags(i).keywords()), state);
      }
    }
    memory.removed(gone, state);
    return !gone.isEmpty();
  }

  /**
   * Adds the messages that the list has numbered.
   *
   * @param from lowest UID that can be news: those below were given, and are there or gone
   * @return the base names of the others, in the order in which they are to be numbered
   */
  private List<String> addNumbered(UidList list, long from, Map<String, String> infos, long state) {
    Set<String> numbered = new HashSet<>();
    if (list != null) {
      for (int i = 0; i < list.uids().length; i++) {
        String base = list.bases()[i];
        String info = infos.get(base);
        if (info != null && list.uids()[i] >= from) {
          memory.add(list.uids()[i], base, info, state);
          numbered.add(base);
        }
      }
    }
    List<String> others = new ArrayList<>();
    if (numbered.size() < infos.size()) {
      for (String base : infos.keySet()) {
        if (!numbered.contains(base)) {
          others.add(base);
        }
      }
      others.sort(MessageFileName.ARRIVAL);
    }
    return others;
  }

  private void readKeywords(long state, boolean arrivals) throws IOException {
    long started = System.nanoTime();
    BasicFileAttributes before = disk.stat(keywords);
    if (!keywordStamp.isDue(before) && !arrivals) {
      return;
    }
    Map<String, Flags> found;
    try {
      found = Keywords.read(disk, directory, new Bases(memory.messages()), true);
    } catch (IOException e) {
      complain("The keywords of a folder can't be read or merged", e);
      return;
    }
    BasicFileAttributes after = disk.stat(keywords);
    keywordStamp.read(before == null ? after : before, started);
    keywordStamp.changed(before, after);
    MessageTable messages = memory.messages();
    for (int i = 0; i < messages.size(); i++) {
      Flags flags = messages.flags(i);
      Flags set = found.getOrDefault(messages.base(i), Flags.NONE);
      if (!set.keywords().isEmpty() || !flags.keywords().isEmpty()) {
        memory.flags(i, memory.words().spell(flags.withKeywords(set.keywords())), state);
      }
    }
  }

  /** The base names in a table; the set is made when it is first asked. */
  private static final class Bases implements Predicate<String> {
    private final MessageTable messages;
    private Set<String> bases;

    Bases(MessageTable messages) {
      this.messages = messages;
    }

    @Override
    public boolean test(String base) {
      if (bases == null) {
        bases = HashSet.newHashSet(messages.size());
        for (int i = 0; i < messages.size(); i++) {
          bases.add(messages.base(i));
        }
      }
      return bases.contains(base);
    }
  }

  private boolean writeList() {
    try {
      listFile.write(format());
      return true;
    } catch (IOException e) {
      complain("The UID list of a folder can't be written", e);
      return false;
    }
  }

  private byte[] format() {
    return UidList.format(memory.uidValidity(), memory.uidNext(), memory.messages());
  }

  /** Tells the administrator of a folder that can't be kept as it should, once. */
  void complain(String what, IOException e) {
    if (!complained) {
      complained = true;
      LOG.log(System.Logger.Level.WARNING, what + ": " + directory, e);
    }
  }

  /** The same messages under another UIDVALIDITY. */
  void renew() throws IOException {
    validities.retire(disk, root, memory.uidValidity());
    memory.renew(validities.next(disk, root, memory.uidValidity()));
    listFile.write(format());
  }

  /** The UIDVALIDITY is given up. */
  void retire() throws IOException {
    long validity = memory.uidValidity();
    if (validity == 0) {
      UidList list = UidList.read(disk, directory);
      validity = list == null ? 0 : list.uidValidity();
    }
    if (validity != 0) {
      validities.retire(disk, root, validity);
    }
  }

  Change begin() throws IOException {
    return new Change();
  }

  /**
   * One change of our own: all of it is one state, and the directory's times it leaves are known to
   * be ours.
   */
  final class Change {
    private final long state = memory.nextState();
    private final BasicFileAttributes curBefore = disk.stat(cur);
    private BasicFileAttributes keywordsBefore;
    private boolean keywordsTouched;
    private final UidSet.Builder changed = new UidSet.Builder();
    private UidSet gone = UidSet.EMPTY;

    private Change() throws IOException {}

    /** Keyword files are about to be written. */
    void keywords() throws IOException {
      if (!keywordsTouched) {
        keywordsTouched = true;
        keywordsBefore = disk.stat(keywords);
      }
    }

    void flags(int i, Flags flags) {
      memory.flags(i, flags, state);
      changed.add(memory.messages().uid(i));
    }

    /** What another change of the same command did is of this state, too. */
    void join(Change earlier) {
      MessageTable messages = memory.messages();
      for (int i : messages.select(earlier.changed.build())) {
        messages.setFlags(i, messages.flags(i), state);
        changed.add(messages.uid(i));
      }
    }

    /** The state; 0 where no flags were changed. */
    long changedFlags() {
      return changed.build().isEmpty() ? 0 : state;
    }

    /** A call failed: what it did is not known, and the next look reads everything. */
    void uncertain() {
      curStamp.invalidate();
      keywordStamp.invalidate();
    }

    /** Waits for the medium, where everything is waited for. */
    void settle() throws IOException {
      disk.settle(cur);
      if (keywordsTouched) {
        disk.settle(keywords);
      }
    }

    void removed(BitSet indexes) {
      gone = memory.messages().uids(indexes);
      memory.removed(indexes, state);
      end();
    }

    UidSet removed() {
      return gone;
    }

    /** Messages that were linked are numbered, and the numbers are on disk when this returns. */
    long[] added(List<Incoming> linked) throws IOException {
      int known = memory.messages().size();
      long[] uids = new long[linked.size()];
      for (int i = 0; i < uids.length; i++) {
        Incoming message = linked.get(i);
        uids[i] = memory.add(message, MessageFileName.info(message.flags(), ""), state);
      }
      try {
        listFile.write(format());
      } catch (IOException e) {
        // Whether these UIDs reached the disk is not known.
        memory.takeBack(known, state);
        throw e;
      }
      for (Incoming message : linked) {
        message.published();
      }
      memory.arrived(uids[0], uids[uids.length - 1]);
      return uids;
    }

    void end() {
      memory.settle(state);
      try {
        curStamp.changed(curBefore, disk.stat(cur));
        if (keywordsTouched) {
          keywordStamp.changed(keywordsBefore, disk.stat(keywords));
        }
      } catch (IOException e) {
        uncertain(); // what was changed is changed all the same
      }
    }
  }
}
