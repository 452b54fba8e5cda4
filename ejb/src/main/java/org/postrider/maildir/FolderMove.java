package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.postrider.maildir.MaildirException.Reason;
import org.postrider.protocol.Flags;
import org.postrider.protocol.UidSet;

/**
 * Moves messages from one folder to another on the same file system, by renaming their files. Holds
 * the locks of both, in the order of their paths, and Courier's lock of the target.
 */
final class FolderMove {

  private static final int TRIES = 3;

  private final Folder from;
  private final Folder to;
  private final List<Incoming> moving = new ArrayList<>();
  private final BitSet indexes = new BitSet();
  private final UidSet.Builder source = new UidSet.Builder();
  private QuotaAmount leaving = QuotaAmount.NONE;

  private FolderMove(Folder from, Folder to) {
    this.from = from;
    this.to = to;
  }

  /**
   * Moves all of them or none.
   *
   * @param to another folder
   * @return empty where none of them is there
   * @throws java.nio.file.AtomicMoveNotSupportedException where the target is on another file
   *     system
   */
  static Optional<Transfer> run(
      Folder from, long validity, UidSet uids, Folder to, UnaryOperator<Flags> kept)
      throws IOException, MaildirException {
    boolean inOrder = from.directory().compareTo(to.directory()) < 0;
    Folder first = inOrder ? from : to;
    Folder second = inOrder ? to : from;
    first.lock().lock();
    try {
      second.lock().lock();
      try {
        return runLocked(from, validity, uids, to, kept);
      } finally {
        second.lock().unlock();
      }
    } finally {
      first.lock().unlock();
    }
  }

  private static Optional<Transfer> runLocked(
      Folder from, long validity, UidSet uids, Folder to, UnaryOperator<Flags> kept)
      throws IOException, MaildirException {
    from.lookAsSelected(validity);
    for (int attempt = 1; ; attempt++) {
      FolderMove move = new FolderMove(from, to);
      try {
        return move.find(uids, kept) ? Optional.of(move.takeOver()) : Optional.empty();
      } catch (NoSuchFileException e) {
        to.requireThere(Reason.NONEXISTENT);
        if (attempt == TRIES) {
          throw e;
        }
        from.sync().forceScan(); // one of them was renamed or removed meanwhile
      }
    }
  }

  /** False where there is nothing to move. */
  private boolean find(UidSet uids, UnaryOperator<Flags> kept) throws IOException {
    FolderQuota.Removing counted = from.quota().removing();
    for (int i : from.memory().messages().select(uids)) {
      StoredMessage message = from.memory().message(i);
      Incoming file = to.sameAs(from, message.withFlags(kept.apply(message.flags())));
      if (file.isPlain()) {
        moving.add(file);
        indexes.set(i);
        source.add(message.uid());
        leaving = leaving.plus(counted.of(message.base(), message.info()));
      }
    }
    return !moving.isEmpty();
  }

  private Transfer takeOver() throws IOException, MaildirException {
    FolderQuota.Removing removal = from.quota().removing();
    Quota.Claim claim = to.quota().claim(moving, from.quota().countsWhereItGoes(to.quota()));
    try {
      Published published = rename();
      claim.settle();
      removal.gone(leaving);
      removal.end();
      UidSet.Builder target = new UidSet.Builder();
      for (long uid : published.uids()) {
        target.add(uid);
      }
      return new Transfer(published.uidValidity(), source.build(), target.build());
    } catch (IOException | MaildirException e) {
      claim.takeBack();
      throw e;
    } finally {
      claim.end();
    }
  }

  private Published rename() throws IOException, MaildirException {
    FolderSync.Change departure = from.sync().begin();
    try (CourierLock held = to.take()) {
      Published published = to.intake().takeOver(moving, from.directory().resolve("cur"));
      departure.removed(indexes);
      return published;
    } catch (IOException | MaildirException | RuntimeException e) {
      departure.uncertain();
      departure.end();
      throw e;
    }
  }
}
