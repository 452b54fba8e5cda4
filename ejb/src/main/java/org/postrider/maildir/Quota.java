package org.postrider.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.Flags;

/**
 * The quota of one account: how much mail it may have, and has, by its file {@link Maildirsize}.
 * There is one object an account ({@link Folders}). What counts, {@link QuotaCount} tells; without
 * the file there is no quota, and each question costs one {@code stat}.
 *
 * <p>Where the Maildir is itself a folder of another (it holds {@code maildirfolder}, and there is
 * a Maildir above), the file is that of the Maildir above.
 *
 * <p><b>When the Maildir is counted</b> and the file made anew, as with Courier: the file has 5,120
 * octets or more; its sum is below zero; something would exceed the limits, and the file has more
 * than one line of numbers or is 15 minutes old or older; the limits become others. The new file is
 * written in {@code tmp}, synced and renamed; where a directory has changed since it was counted,
 * it is counted again, at most five times. Nothing else reads directories.
 *
 * <p><b>Order</b>, so that a crash leaves too much counted and never too little: a line for mail
 * that comes is appended before a folder shows it ({@link Claim}); a line for mail that goes, after
 * it is gone ({@link Removal}). Lines are appended with O_APPEND, without a lock between programs
 * and without a sync. A program that makes the file anew at that very moment takes a line with it:
 * then a line for mail that came is appended once more, and after mail that went everything is
 * counted.
 *
 * <p><b>Threads.</b> Safe. One lock, under which no other is taken.
 */
final class Quota {

  private static final System.Logger LOG = System.getLogger(Quota.class.getName());

  private static final long OLD_MILLIS = 15L * 60 * 1000;
  private static final long WARNING_MILLIS = 24L * 60 * 60 * 1000;
  private static final int TRIES = 5;

  /** Its time is that of the last warning. */
  private static final String WARNED = "quotawarn";

  private final Disk disk;
  private final Path maildir;
  private final QuotaWarning warning;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<Claim> claims = Collections.newSetFromMap(new IdentityHashMap<>());
  private Path root;
  private Known known;
  private QuotaAmount reserved = QuotaAmount.NONE;
  private boolean levelReached;
  private boolean complained;

  /** What the file said, and the file that said it. */
  private record Known(BasicFileAttributes file, Maildirsize content) {
    boolean isOf(BasicFileAttributes now) {
      return file.size() == now.size()
          && file.lastModifiedTime().equals(now.lastModifiedTime())
          && Objects.equals(file.fileKey(), now.fileKey());
    }
  }

  Quota(Disk disk, Path maildir, QuotaWarning warning) {
    this.disk = disk;
    this.maildir = maildir;
    this.warning = warning;
  }

  Owner owner() {
    return disk.owner();
  }

  // ---- what is asked

  /** Limits and use. */
  QuotaState state() throws IOException {
    lock.lock();
    try {
      Known now = read();
      if (now == null) {
        return QuotaState.NONE;
      }
      if (now.content().isToBeCounted()) {
        now = count(now.content().limits());
      }
      return new QuotaState(now.content().limits(), now.content().total());
    } finally {
      lock.unlock();
    }
  }

  /** False for the one folder whose messages do not count. */
  boolean counts(Path folder) throws IOException {
    lock.lock();
    try {
      return !folder.equals(root().resolve(QuotaCount.TRASH));
    } finally {
      lock.unlock();
    }
  }

  /** True once after the warning level was reached. */
  boolean takeLevelReached() {
    lock.lock();
    try {
      boolean reached = levelReached;
      levelReached = false;
      return reached;
    } finally {
      lock.unlock();
    }
  }

  // ---- limits

  /** Other limits from now on, or none any more; everything is counted. */
  void limit(QuotaLimits limits) throws IOException {
    lock.lock();
    try {
      if (!limits.isNone()) {
        count(limits);
      } else if (disk.stat(file()) != null) {
        disk.unlink(file());
      }
    } finally {
      lock.unlock();
    }
  }

  /** The limits of the account's record, where it has any: the file is made to say them. */
  void obey(QuotaLimits limits) throws IOException {
    lock.lock();
    try {
      Known now = limits.isNone() ? null : read();
      if (!limits.isNone() && (now == null || !now.content().limits().equals(limits))) {
        count(limits);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Counts, where there are limits: what counts has changed by more than single messages. */
  void recount() throws IOException {
    lock.lock();
    try {
      Known now = read();
      if (now != null) {
        count(now.content().limits());
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- mail that comes

  /**
   * Fails where there is no room for so much.
   *
   * @throws MaildirException OVER_QUOTA
   */
  void require(QuotaAmount more) throws IOException, MaildirException {
    lock.lock();
    try {
      Known now = more.isNone() ? null : read();
      if (now != null) {
        require(now, more);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps room for mail that a client is about to send, so that what is sent at the same time fits
   * together.
   *
   * @throws MaildirException OVER_QUOTA
   */
  Reservation reserve(QuotaAmount more) throws IOException, MaildirException {
    lock.lock();
    try {
      Known now = read();
      if (now == null) {
        return new Reservation(QuotaAmount.NONE);
      }
      require(now, more);
      reserved = reserved.plus(more);
      return new Reservation(more);
    } finally {
      lock.unlock();
    }
  }

  /** Room that is kept until it is closed. */
  final class Reservation implements AutoCloseable {
    private QuotaAmount kept;

    private Reservation(QuotaAmount kept) {
      this.kept = kept;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        reserved = reserved.plus(kept.negated());
        kept = QuotaAmount.NONE;
      } finally {
        lock.unlock();
      }
    }
  }

  /** True where both are of the same account. */
  boolean isSame(Quota other) {
    return maildir.equals(other.maildir);
  }

  /**
   * Counts mail that is about to come.
   *
   * @param amount all of it
   * @param growth what of it is more than the account has now: messages that are moved are not
   * @throws MaildirException OVER_QUOTA
   */
  Claim claim(QuotaAmount amount, QuotaAmount growth) throws IOException, MaildirException {
    lock.lock();
    try {
      Known now = amount.isNone() ? null : read();
      if (now == null) {
        return new Claim(QuotaAmount.NONE, QuotaAmount.NONE);
      }
      now = require(now, growth);
      Claim claim = new Claim(amount, growth);
      claim.file = now.file().fileKey();
      append(amount);
      claims.add(claim);
      try {
        claim.appendLostLine();
      } catch (IOException e) {
        claims.remove(claim);
        appendQuietly(amount.negated());
        throw e;
      }
      return claim;
    } finally {
      lock.unlock();
    }
  }

  /** Mail that is counted, and not yet there; to be ended in any case. */
  final class Claim {
    private final QuotaAmount amount;
    private final QuotaAmount growth;
    private Object file;

    private Claim(QuotaAmount amount, QuotaAmount growth) {
      this.amount = amount;
      this.growth = growth;
    }

    /** It has come. */
    void settle() {
      if (amount.isNone()) {
        return;
      }
      lock.lock();
      try {
        appendLostLine();
        warn(growth);
      } catch (IOException e) {
        complain(e);
      } finally {
        lock.unlock();
      }
    }

    /** It has not come after all. */
    void takeBack() {
      if (!amount.isNone()) {
        appendQuietly(amount.negated());
      }
    }

    /** Nothing more happens to it. */
    void end() {
      lock.lock();
      try {
        claims.remove(this);
      } finally {
        lock.unlock();
      }
    }

    /** Another program made the file anew: whether this line was in it is not known. */
    private void appendLostLine() throws IOException {
      BasicFileAttributes there = disk.stat(file());
      if (there != null && !Objects.equals(there.fileKey(), file)) {
        file = there.fileKey();
        append(amount);
      }
    }
  }

  // ---- mail that goes

  /** Begins to remove. */
  Removal removal() throws IOException {
    lock.lock();
    try {
      Known now = read();
      return new Removal(now == null ? null : now.file().fileKey());
    } finally {
      lock.unlock();
    }
  }

  /** Mail that goes; told when it is gone. */
  final class Removal {
    private final Object file;
    private QuotaAmount gone = QuotaAmount.NONE;

    private Removal(Object file) {
      this.file = file;
    }

    /** False where nothing is counted. */
    boolean isCounted() {
      return file != null;
    }

    void add(QuotaAmount amount) {
      gone = gone.plus(amount);
    }

    /**
     * All messages of a folder; where they can't be counted now, the account stays counted high.
     */
    void addAll(Path folder) {
      try {
        add(QuotaCount.ofFolder(disk, folder));
      } catch (IOException e) {
        complain(e);
      }
    }

    /** All that was to go is gone. */
    void end() {
      if (gone.isNone()) {
        return;
      }
      lock.lock();
      try {
        BasicFileAttributes there = disk.stat(file());
        if (there != null && Objects.equals(there.fileKey(), file)) {
          append(gone.negated());
        } else if (there != null) {
          recount(); // somebody counted meanwhile: whether these messages were there is not known
        }
      } catch (IOException e) {
        complain(e);
      } finally {
        lock.unlock();
      }
    }
  }

  // ---- the file; under the lock

  private Path root() throws IOException {
    if (root == null) {
      Path above = maildir.getParent();
      boolean isFolder = disk.stat(maildir.resolve("maildirfolder")) != null && isMaildir(above);
      root = isFolder ? above : maildir;
    }
    return root;
  }

  /** Whoever puts a {@code maildirfolder} somewhere does not get other directories counted. */
  private boolean isMaildir(Path directory) throws IOException {
    for (String part : List.of("tmp", "new", "cur")) {
      BasicFileAttributes there = disk.stat(directory.resolve(part));
      if (there == null || !there.isDirectory()) {
        return false;
      }
    }
    return true;
  }

  private Path file() throws IOException {
    lock.lock();
    try {
      return root().resolve(Maildirsize.FILE);
    } finally {
      lock.unlock();
    }
  }

  /** Null where there is no quota. */
  private Known read() throws IOException {
    BasicFileAttributes there = disk.stat(file());
    if (there == null && known != null) {
      there = disk.stat(file()); // a name that is there may be hidden for a moment, on NFS
    }
    if (there == null || !there.isRegularFile()) {
      return null;
    }
    if (known == null || !known.isOf(there)) {
      byte[] octets = disk.readBeginning(file(), Maildirsize.MOST_OCTETS);
      if (octets == null) {
        return null;
      }
      known = new Known(there, Maildirsize.parse(octets));
    }
    return known.content().limits().isNone() ? null : known;
  }

  private Known require(Known found, QuotaAmount more) throws IOException, MaildirException {
    Known now = found;
    QuotaLimits limits = now.content().limits();
    if (now.content().isToBeCounted()) {
      now = count(limits);
    }
    if (more.isNone() || !isExceeded(now, more)) {
      return now;
    }
    long age = System.currentTimeMillis() - now.file().lastModifiedTime().toMillis();
    if (now.content().lines() > 1 || age >= OLD_MILLIS) {
      now = count(limits);
    }
    if (isExceeded(now, more)) {
      throw new MaildirException(
          Reason.OVER_QUOTA,
          "You exceeded your mail quota. Of "
              + limits
              + " (S octets, C messages) you have "
              + now.content().total().octets()
              + "S,"
              + now.content().total().messages()
              + "C; delete what you do not need any more, and try again.");
    }
    return now;
  }

  private boolean isExceeded(Known now, QuotaAmount more) {
    return now.content().limits().isExceededBy(now.content().total().plus(reserved).plus(more));
  }

  /** Counts, and makes the file anew. */
  private Known count(QuotaLimits limits) throws IOException {
    for (int attempt = 1; ; attempt++) {
      QuotaCount count = QuotaCount.of(disk, root());
      List<QuotaAmount> lines = new ArrayList<>();
      lines.add(count.amount());
      for (Claim claim : claims) {
        lines.add(
            claim.amount); // not there yet, or already counted: too much rather than too little
      }
      Path scratch = root().resolve("tmp").resolve(UniqueNames.scratch("NeWmAiLdIrSiZe"));
      byte[] octets = Maildirsize.format(limits, lines);
      disk.replace(scratch, file(), octets, true);
      BasicFileAttributes there = disk.stat(file());
      if (there == null) {
        throw new NoSuchFileException(file().toString());
      }
      for (Claim claim : claims) {
        claim.file = there.fileKey();
      }
      if (attempt == TRIES || QuotaCount.newest(disk, root()) == count.newest()) {
        known = new Known(there, Maildirsize.parse(octets));
        return known;
      }
    }
  }

  private void append(QuotaAmount amount) throws IOException {
    byte[] line = Maildirsize.line(amount).getBytes(StandardCharsets.US_ASCII);
    try {
      disk.append(file(), ByteBuffer.wrap(line));
    } catch (NoSuchFileException e) {
      if (disk.stat(file()) != null) {
        disk.append(file(), ByteBuffer.wrap(line)); // it was hidden, or made anew at that moment
      }
      // Else there is no quota any more.
    }
  }

  /** Appends where there is a quota; where that fails, too much is counted until it is mended. */
  void appendQuietly(QuotaAmount amount) {
    lock.lock();
    try {
      if (!amount.isNone() && read() != null) {
        append(amount);
      }
    } catch (IOException e) {
      complain(e);
    } finally {
      lock.unlock();
    }
  }

  private void complain(IOException e) {
    if (!complained) {
      complained = true;
      LOG.log(
          System.Logger.Level.WARNING,
          "The quota file of "
              + maildir
              + " can't be kept; the account has less room than it should until it is counted"
              + " again",
          e);
    }
  }

  // ---- the warning; under the lock

  private void warn(QuotaAmount growth) throws IOException {
    if (growth.isNone() || warning.percent() == 0) {
      return;
    }
    Known now = read();
    if (now == null || !warning.isDue(now.content().limits(), now.content().total())) {
      return;
    }
    QuotaAmount before = now.content().total().plus(growth.negated());
    levelReached |= !warning.isDue(now.content().limits(), before);
    BasicFileAttributes warned = disk.stat(root().resolve(WARNED));
    if (warned != null
        && System.currentTimeMillis() - warned.lastModifiedTime().toMillis() < WARNING_MILLIS) {
      return;
    }
    Optional<byte[]> message = warning.message();
    if (message.isPresent()) {
      Path scratch = root().resolve("tmp").resolve(UniqueNames.scratch(WARNED));
      disk.replace(scratch, root().resolve(WARNED), new byte[] {'\n'}, false);
      deliver(message.get());
    }
  }

  private void deliver(byte[] octets) throws IOException {
    try (Incoming message = Incoming.receive(disk, root(), Flags.NONE, null)) {
      message.write(ByteBuffer.wrap(octets));
      message.seal();
      append(QuotaAmount.NONE.plusMessage(message.octets()));
      disk.rename(message.file(), root().resolve("new").resolve(message.base()));
      message.published();
    }
  }
}
