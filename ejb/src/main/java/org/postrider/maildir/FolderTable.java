package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.postrider.protocol.Flags;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

/**
 * What is known of a folder's messages, and how it is brought up to date from the disk. Knows no
 * locks but Courier's: {@link Folder} holds its own around every call.
 */
final class FolderTable {

  private static final System.Logger LOG = System.getLogger(FolderTable.class.getName());

  private final Disk disk;
  private final UidValidities validities;
  private final Path root;
  private final Path directory;
  private final Path cur;
  private final FolderScan scan;
  private final DirectoryStamp curStamp = new DirectoryStamp();
  private final DirectoryStamp newStamp = new DirectoryStamp();
  private final DirectoryStamp keywordStamp = new DirectoryStamp();

  private MessageTable messages = new MessageTable();
  private final AtomicReference<FolderHistory> history;
  private long uidValidity;
  private long uidNext = 1;
  private long modSeq;
  private final UidListFile listFile;
  private int waiting;
  private final Untold untold = new Untold();
  private final KeywordWords words = new KeywordWords();
  private boolean loaded;
  private boolean complained;

  FolderTable(
      Disk disk,
      UidValidities validities,
      Path root,
      Path directory,
      AtomicReference<FolderHistory> history) {
    this.disk = disk;
    this.validities = validities;
    this.root = root;
    this.directory = directory;
    this.cur = directory.resolve("cur");
    this.scan = new FolderScan(disk, directory);
    this.listFile = new UidListFile(disk, directory);
    this.history = history;
  }

  MessageTable messages() {
    return messages;
  }

  long uidValidity() {
    return uidValidity;
  }

  KeywordWords words() {
    return words;
  }

  boolean isLoaded() {
    return loaded;
  }

  StoredMessage message(int i) {
    return new StoredMessage(
        messages.uid(i),
        messages.flags(i),
        messages.modSeq(i),
        messages.base(i),
        messages.info(i),
        messages.wireSize(i),
        messages.date(i));
  }

  List<MessageState> states(UidSet uids) {
    List<MessageState> states = new ArrayList<>();
    for (int i : messages.select(uids)) {
      states.add(new MessageState(messages.uid(i), messages.flags(i), messages.modSeq(i)));
    }
    return states;
  }

  // ---- what sessions are told

  FolderState state(boolean readOnly) {
    long firstUnseen = 0;
    for (int i = 0; i < messages.size() && firstUnseen == 0; i++) {
      firstUnseen = messages.flags(i).has(SystemFlag.SEEN) ? 0 : messages.uid(i);
    }
    UidSet recent = untold.from(1, messages);
    if (!readOnly) {
      untold.clear();
    }
    return new FolderState(
        uidValidity,
        uidNext,
        modSeq,
        messages.uids(),
        recent,
        firstUnseen,
        words.inUse(),
        java.nio.file.Files.isWritable(cur));
  }

  FolderChanges changes(long since, boolean readOnly) throws MaildirException {
    if (since == modSeq) {
      return FolderChanges.none(modSeq);
    }
    long next = since > modSeq ? -1 : history.get().uidNextAt(since);
    if (next < 0) {
      throw new MaildirException(
          MaildirException.Reason.CLOSED,
          "Too much happened in this mailbox meanwhile; select it again.");
    }
    int old = messages.lowerBound(next);
    UidSet.Builder arrived = new UidSet.Builder();
    for (int i = old; i < messages.size(); i++) {
      arrived.add(messages.uid(i));
    }
    UidSet recent = untold.from(next, messages);
    if (!readOnly) {
      untold.clear();
    }
    List<MessageState> changed = new ArrayList<>();
    for (int i = 0; i < old; i++) {
      if (messages.modSeq(i) > since) {
        changed.add(new MessageState(messages.uid(i), messages.flags(i), messages.modSeq(i)));
      }
    }
    return new FolderChanges(
        modSeq,
        history.get().vanishedSince(since, next, messages),
        arrived.build(),
        recent,
        changed,
        words.since() > since ? Optional.of(words.inUse()) : Optional.empty());
  }

  FolderCounts counts() {
    long unseen = waiting;
    for (int i = 0; i < messages.size(); i++) {
      unseen += messages.flags(i).has(SystemFlag.SEEN) ? 0 : 1;
    }
    return new FolderCounts(
        (long) messages.size() + waiting,
        untold.from(1, messages).size() + waiting,
        Math.min(UidSet.MAX_UID, uidNext + waiting),
        uidValidity,
        unseen);
  }

  // ---- the disk

  /** True where something may have changed; three stat calls. */
  boolean isScanDue(boolean takeNew) throws IOException {
    return !isLoaded()
        || (takeNew && waiting > 0)
        || curStamp.isDue(disk.stat(cur))
        || newStamp.isDue(disk.stat(directory.resolve("new")))
        || keywordStamp.isDue(disk.stat(directory.resolve(Keywords.DIRECTORY)));
  }

  void scanLocked(boolean takeNew) throws IOException, MaildirException {
    try (CourierLock held = CourierLock.take(disk, directory)) {
      scan(takeNew);
    }
  }

  /** Scans although nothing seems to have changed. */
  void forceScan(boolean takeNew) throws IOException, MaildirException {
    curStamp.invalidate();
    scanLocked(takeNew);
  }

  /**
   * Scans where that is due; the caller holds Courier's lock.
   *
   * @param listToo also where only the UID list is another than the one known
   */
  void scanIfDue(boolean takeNew, boolean listToo) throws IOException {
    if (listToo && isLoaded() && !listFile.isAsSeen()) {
      curStamp.invalidate();
    }
    if (isScanDue(takeNew)) {
      scan(takeNew);
    }
  }

  private void scan(boolean takeNew) throws IOException {
    scan.clearTmp();
    readNew(takeNew);
    long state = nextModSeq();
    if (!loaded || curStamp.isDue(disk.stat(cur))) {
      if (!readCur(state)) {
        scan(takeNew); // everything was numbered anew, which happens once
        return;
      }
    } else {
      readKeywords(state, false);
    }
    settle(state);
  }

  /** False where no UIDs were left, and the folder is to be read as one that has none. */
  private boolean readCur(long state) throws IOException {
    // Where the list is the one that is known, nothing in it is news.
    UidList list = uidValidity != 0 && listFile.isAsSeen() ? null : listFile.read();
    boolean write = takeOver(list);
    FolderScan.Listing listing = scan.list(messages.size());
    Map<String, String> infos = listing.infos();
    write |= compare(listing, state);
    List<String> arrivals = add(list, infos, state);
    if (uidNext + arrivals.size() > UidSet.MAX_UID + 1) {
      number();
      return false;
    }
    int known = messages.size();
    long first = uidNext;
    for (String base : arrivals) {
      String info = infos.get(base);
      messages.add(
          uidNext++,
          base,
          info,
          MessageFileName.flags(info),
          state,
          MessageTable.UNKNOWN,
          MessageTable.UNKNOWN);
    }
    curStamp.read(listing.before(), listing.started());
    readKeywords(state, !arrivals.isEmpty());
    boolean hadList = listFile.isThere();
    boolean written = !(write || !arrivals.isEmpty() || !hadList) || writeList();
    if (!written && hadList && !arrivals.isEmpty()) {
      // Numbers that are not on disk might be given once more: these messages wait until they can
      // be.
      BitSet unnumbered = new BitSet();
      unnumbered.set(known, messages.size());
      messages.remove(unnumbered);
      curStamp.invalidate();
    } else if (!arrivals.isEmpty()) {
      untold.add(first, uidNext - 1);
    }
    return true;
  }

  private void readNew(boolean takeNew) throws IOException {
    Path fresh = directory.resolve("new");
    for (int round = 0; round < 10; round++) {
      long started = System.nanoTime();
      BasicFileAttributes before = disk.stat(fresh);
      if (before == null || !before.isDirectory()) {
        waiting = 0;
        newStamp.read(null, started);
        return;
      }
      if (!newStamp.isDue(before) && !(takeNew && waiting > 0)) {
        return;
      }
      waiting = scan.waiting();
      newStamp.read(before, started);
      if (!takeNew || waiting == 0) {
        return;
      }
      if (scan.moveNew() > 0) {
        return;
      }
      newStamp.invalidate();
    }
  }

  /**
   * Takes UIDVALIDITY and next UID over from the list.
   *
   * @return true where the list has to be written
   */
  private boolean takeOver(UidList list) throws IOException {
    if (list == null) {
      if (uidValidity == 0) {
        number();
      }
      return !listFile.isThere();
    }
    if (uidValidity != 0 && list.uidValidity() != uidValidity) {
      // Another program numbered the folder anew.
      messages = new MessageTable();
      untold.clear();
      uidNext = list.uidNext();
    }
    uidValidity = list.uidValidity();
    boolean behind = list.uidNext() < uidNext;
    uidNext = Math.max(uidNext, list.uidNext());
    if (uidNext > UidSet.MAX_UID) {
      number();
      return true;
    }
    return behind;
  }

  /** Everything gets a new number, under a UIDVALIDITY that was never used. */
  private void number() throws IOException {
    long former = uidValidity;
    if (former != 0) {
      validities.retire(root, former);
    }
    uidValidity = validities.next(root, former);
    uidNext = 1;
    messages = new MessageTable();
    untold.clear();
    listFile.remove();
  }

  /**
   * Compares what is known with what is there. What is known is taken out of {@code infos} and
   * stays in the table.
   *
   * @return true where messages are gone
   */
  private boolean compare(FolderScan.Listing listing, long state) throws IOException {
    Map<String, String> infos = listing.infos();
    Set<String> missing = new HashSet<>();
    for (int i = 0; i < messages.size(); i++) {
      if (!infos.containsKey(messages.base(i))) {
        missing.add(messages.base(i));
      }
    }
    if (!missing.isEmpty()) {
      infos.putAll(scan.lookAgain(listing, missing));
    }
    BitSet gone = new BitSet();
    for (int i = 0; i < messages.size(); i++) {
      String info = infos.remove(messages.base(i));
      if (info == null) {
        gone.set(i);
      } else if (!info.equals(messages.info(i))) {
        messages.setInfo(i, info);
        Flags now =
            words.interned(MessageFileName.flags(info).withKeywords(messages.flags(i).keywords()));
        if (!now.equals(messages.flags(i))) {
          messages.setFlags(i, now, state);
          modSeq = state;
        }
      }
    }
    if (gone.isEmpty()) {
      return false;
    }
    modSeq = state;
    history.get().removed(state, messages.uids(gone));
    messages.remove(gone);
    return true;
  }

  /**
   * Adds the messages that the list has numbered.
   *
   * @return the base names of the others, in the order in which they are to be numbered
   */
  private List<String> add(UidList list, Map<String, String> infos, long state) {
    Set<String> numbered = new HashSet<>();
    if (list != null) {
      long above = messages.size() == 0 ? 0 : messages.uid(messages.size() - 1);
      for (int i = 0; i < list.uids().length; i++) {
        String base = list.bases()[i];
        String info = infos.get(base);
        if (info != null && list.uids()[i] > above) {
          messages.add(
              list.uids()[i],
              base,
              info,
              MessageFileName.flags(info),
              state,
              MessageTable.UNKNOWN,
              MessageTable.UNKNOWN);
          numbered.add(base);
          modSeq = state;
        }
      }
    }
    if (numbered.size() == infos.size()) {
      return new ArrayList<>();
    }
    List<String> others = new ArrayList<>();
    for (String base : infos.keySet()) {
      if (!numbered.contains(base)) {
        others.add(base);
      }
    }
    others.sort(MessageFileName.ARRIVAL);
    return others;
  }

  private void readKeywords(long state, boolean arrivals) throws IOException {
    long started = System.nanoTime();
    BasicFileAttributes before = disk.stat(directory.resolve(Keywords.DIRECTORY));
    if (!keywordStamp.isDue(before) && !arrivals) {
      return;
    }
    Map<String, Flags> keywords;
    try {
      keywords = Keywords.read(disk, directory, new Bases(), true);
    } catch (IOException e) {
      complain("The keywords of a folder can't be read or merged", e);
      return;
    }
    keywordStamp.read(before, started);
    for (int i = 0; i < messages.size(); i++) {
      Flags flags = messages.flags(i);
      Flags set = keywords.getOrDefault(messages.base(i), Flags.NONE);
      if (!set.keywords().isEmpty() || !flags.keywords().isEmpty()) {
        Flags now = words.spell(flags.withKeywords(set.keywords()));
        if (!now.equals(flags)) {
          messages.setFlags(i, now, state);
          modSeq = state;
        }
      }
    }
  }

  /** The base names in the table; the set is made when it is first asked. */
  private final class Bases implements java.util.function.Predicate<String> {
    private Set<String> bases;

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
      listFile.write(UidList.format(uidValidity, uidNext, messages));
      return true;
    } catch (IOException e) {
      complain("The UID list of a folder can't be written", e);
      return false;
    }
  }

  private void complain(String what, IOException e) {
    if (!complained) {
      complained = true;
      LOG.log(System.Logger.Level.WARNING, what + ": " + directory, e);
    }
  }

  // ---- states

  private long nextModSeq() {
    if (modSeq != 0) {
      return modSeq + 1;
    }
    long clock = System.currentTimeMillis() * 1000;
    FolderHistory former = history.get();
    return former == null ? clock : Math.max(clock, former.modSeq() + 1);
  }

  /** After a scan: what a session has to be told of is one state. */
  private void settle(long state) {
    if (!loaded || history.get().uidValidity() != uidValidity) {
      loaded = true;
      modSeq = state;
      FolderHistory former = history.get();
      if (former == null || former.uidValidity() != uidValidity) {
        history.set(new FolderHistory(uidValidity, state, uidNext));
      } else {
        former.forgetRemovals(state);
      }
    }
    if (history.get().uidNextAt(Long.MAX_VALUE) != uidNext) {
      modSeq = state;
      history.get().arrived(state, uidNext);
    }
    history.get().changed(modSeq);
    words.count(messages, modSeq);
  }

  /** Numbers everything anew where so many messages could not be given UIDs. */
  void makeRoom(int more) throws IOException {
    if (uidNext + more > UidSet.MAX_UID + 1) {
      number();
      curStamp.invalidate();
      scan(false);
    }
  }

  /** The same messages under another UIDVALIDITY. */
  void renew() throws IOException {
    validities.retire(root, uidValidity);
    uidValidity = validities.next(root, uidValidity);
    listFile.write(UidList.format(uidValidity, uidNext, messages));
  }

  void retireValidity() throws IOException {
    if (uidValidity == 0) {
      UidList list = UidList.read(disk, directory);
      uidValidity = list == null ? 0 : list.uidValidity();
    }
    if (uidValidity != 0) {
      validities.retire(root, uidValidity);
    }
  }

  // ---- our own changes

  Change begin() throws IOException {
    return new Change();
  }

  /**
   * One change of our own: all of it is one state, and the directory's times it leaves are known to
   * be ours.
   */
  final class Change {
    private final long state = nextModSeq();
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
        keywordsBefore = disk.stat(directory.resolve(Keywords.DIRECTORY));
      }
    }

    void flags(int i, Flags flags) {
      messages.setFlags(i, words.interned(flags), state);
      modSeq = state;
      changed.add(messages.uid(i));
    }

    /** What another change of the same command did is of this state, too. */
    void join(Change earlier) {
      for (int i : messages.select(earlier.changed.build())) {
        messages.setFlags(i, messages.flags(i), state);
        modSeq = state;
        changed.add(messages.uid(i));
      }
    }

    /** The state; 0 where no flags were changed. */
    long changedFlags() {
      return changed.build().isEmpty() ? 0 : state;
    }

    void removed(BitSet indexes) throws IOException {
      if (!indexes.isEmpty()) {
        gone = messages.uids(indexes);
        modSeq = state;
        history.get().removed(state, gone);
        messages.remove(indexes);
      }
      end();
    }

    UidSet removed() {
      return gone;
    }

    /** Messages that were linked are numbered, and the numbers are on disk when this returns. */
    long[] added(List<Incoming> linked) throws IOException {
      int known = messages.size();
      long[] uids = new long[linked.size()];
      for (int i = 0; i < uids.length; i++) {
        Incoming message = linked.get(i);
        uids[i] = uidNext++;
        messages.add(
            uids[i],
            message.base(),
            MessageFileName.info(message.flags(), ""),
            words.spell(message.flags()),
            state,
            message.wireSize(),
            message.date());
      }
      try {
        listFile.write(UidList.format(uidValidity, uidNext, messages));
      } catch (IOException e) {
        // The UIDs stay used up: whether they reached the disk is not known.
        BitSet unnumbered = new BitSet();
        unnumbered.set(known, messages.size());
        messages.remove(unnumbered);
        modSeq = state;
        history.get().arrived(state, uidNext);
        throw e;
      }
      for (Incoming message : linked) {
        message.published();
      }
      untold.add(uids[0], uids[uids.length - 1]);
      modSeq = state;
      history.get().arrived(state, uidNext);
      return uids;
    }

    void end() throws IOException {
      history.get().changed(modSeq);
      if (keywordsTouched || !gone.isEmpty()) {
        words.count(messages, modSeq);
      }
      curStamp.changed(curBefore, disk.stat(cur));
      if (keywordsTouched) {
        keywordStamp.changed(keywordsBefore, disk.stat(directory.resolve(Keywords.DIRECTORY)));
      }
    }
  }
}
