package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.postrider.protocol.Flags;
import org.postrider.protocol.UidSet;

/**
 * Brings messages from one folder into another, of the same account or of another one.
 *
 * @param uidValidity of the target
 * @param source UIDs that went over; those that were gone meanwhile are missing
 * @param target UIDs they got, in the same order
 * @rfc 4315 3
 */
public record Transfer(long uidValidity, UidSet source, UidSet target) {

  private static final int TRIES = 3;
  private static final System.Logger LOG = System.getLogger(Transfer.class.getName());

  /** Copies messages as {@link #copy(Folder, long, UidSet, Folder, UnaryOperator)}, all flags. */
  static Optional<Transfer> copy(Folder from, long validity, UidSet uids, Folder to)
      throws IOException, MaildirException {
    return copy(from, validity, uids, to, UnaryOperator.identity());
  }

  /** Moves messages as {@link #move(Folder, long, UidSet, Folder, UnaryOperator)}, all flags. */
  static Optional<Transfer> move(Folder from, long validity, UidSet uids, Folder to)
      throws IOException, MaildirException {
    return move(from, validity, uids, to, UnaryOperator.identity());
  }

  /**
   * Copies messages, with flags and dates: all of them or none. A copy is a further name of the
   * same file, which nobody changes; where it can't be, octet for octet a file of its own.
   *
   * @param kept the flags that a message keeps in the target
   * @return empty where none of them is there
   */
  public static Optional<Transfer> copy(
      Folder from, long validity, UidSet uids, Folder to, UnaryOperator<Flags> kept)
      throws IOException, MaildirException {
    return copy(from, validity, uids, to, kept, Prelude.NOTHING);
  }

  /** The messages to bring over, as they are now. */
  @FunctionalInterface
  interface Choice {
    List<StoredMessage> messages() throws IOException, MaildirException;
  }

  /**
   * Copies messages as {@link #copy}; they stay in the source as well.
   *
   * @param counted true where it is no question whether there is room
   */
  static Optional<Transfer> bringOver(
      Folder from, long validity, Choice choice, Folder to, boolean counted)
      throws IOException, MaildirException {
    Optional<Transfer> linked = link(from, validity, choice, to, counted);
    return linked != null
        ? linked
        : copy(from, validity, choice.messages(), to, counted, Prelude.NOTHING);
  }

  /**
   * Copies messages, and does something else first, when the copies are whole and have room: once,
   * whatever happens.
   *
   * @param prelude where it fails, nothing is copied
   */
  public static Optional<Transfer> copy(
      Folder from,
      long validity,
      UidSet uids,
      Folder to,
      UnaryOperator<Flags> kept,
      Prelude prelude)
      throws IOException, MaildirException {
    to.requireThere(MaildirException.Reason.NONEXISTENT);
    List<StoredMessage> messages = messages(from, validity, uids, kept);
    to.quota().require(messages);
    return prelude.equals(Prelude.NOTHING)
        ? bringOver(from, validity, () -> messages(from, validity, uids, kept), to, false)
        : copy(from, validity, messages, to, false, prelude);
  }

  /**
   * Copies messages as {@link #copy(Folder, long, UidSet, Folder, UnaryOperator, Prelude)}, then
   * removes them where they were.
   */
  public static Optional<Transfer> move(
      Folder from,
      long validity,
      UidSet uids,
      Folder to,
      UnaryOperator<Flags> kept,
      Prelude prelude)
      throws IOException, MaildirException {
    to.requireThere(MaildirException.Reason.NONEXISTENT);
    List<StoredMessage> messages = messages(from, validity, uids, kept);
    Optional<Transfer> moved =
        copy(from, validity, messages, to, from.quota().countsWhereItGoes(to.quota()), prelude);
    if (moved.isPresent()) {
      from.remove(validity, moved.get().source(), flags -> true);
    }
    return moved;
  }

  /** Messages with the flags that they are to have in the target. */
  private static List<StoredMessage> messages(
      Folder from, long validity, UidSet uids, UnaryOperator<Flags> kept)
      throws IOException, MaildirException {
    List<StoredMessage> messages = new ArrayList<>();
    for (StoredMessage message : from.messages(validity, uids)) {
      messages.add(message.withFlags(kept.apply(message.flags())));
    }
    return messages;
  }

  /**
   * @param counted true where the messages go on from a folder in which they count
   */
  private static Optional<Transfer> copy(
      Folder from,
      long validity,
      List<StoredMessage> messages,
      Folder to,
      boolean counted,
      Prelude prelude)
      throws IOException, MaildirException {
    List<Incoming> copies = new ArrayList<>();
    UidSet.Builder source = new UidSet.Builder();
    try {
      for (StoredMessage message : messages) {
        Optional<OpenMessage> open = open(from, validity, message);
        if (open.isPresent()) {
          try (OpenMessage file = open.get()) {
            copies.add(to.copyOf(file, message));
          }
          source.add(message.uid());
        }
      }
      return publish(copies, source, to, counted, prelude);
    } finally {
      for (Incoming copy : copies) {
        copy.close();
      }
    }
  }

  /**
   * Opens a message.
   *
   * @return empty where it is gone, or is none
   * @throws IOException where it is there and can't be read
   */
  private static Optional<OpenMessage> open(Folder from, long validity, StoredMessage message)
      throws IOException, MaildirException {
    Optional<OpenMessage> open = from.open(validity, message);
    if (open.isEmpty()) {
      for (StoredMessage there : from.messages(validity, UidSet.of(message.uid()))) {
        BasicFileAttributes file = from.files().stat(there.base(), there.info());
        if (file != null && file.isRegularFile()) {
          throw new IOException("A message can't be read: " + there.base());
        }
      }
    }
    return open;
  }

  /**
   * Copies messages as further names of their files.
   *
   * @return null where that is not possible for all of them
   */
  private static Optional<Transfer> link(
      Folder from, long validity, Choice choice, Folder to, boolean counted)
      throws IOException, MaildirException {
    if (!to.isBeside(from)) {
      return null;
    }
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      try {
        List<Incoming> links = new ArrayList<>();
        UidSet.Builder source = new UidSet.Builder();
        for (StoredMessage message : choice.messages()) {
          Incoming link = to.sameAs(from, message);
          if (link.isPlain()) {
            if (!link.isOwners() || !BatchFile.canName(link.file())) {
              return null;
            }
            links.add(link);
            source.add(message.uid());
          }
        }
        return publish(links, source, to, counted, Prelude.NOTHING);
      } catch (NoSuchFileException e) {
        from.refresh(validity); // one of them was renamed or removed meanwhile
      } catch (FileSystemException e) {
        if (Disk.isFull(e)) {
          throw e;
        }
        return null; // another file system, one without links, or too many of one file
      }
    }
    return null;
  }

  /**
   * Moves messages. At any moment each is in one of the two folders; or, where these are on two
   * file systems, in both until it is numbered in the target.
   *
   * @param kept the flags that a message keeps in the target
   * @return empty where none of them is there
   * @rfc 6851 3
   */
  public static Optional<Transfer> move(
      Folder from, long validity, UidSet uids, Folder to, UnaryOperator<Flags> kept)
      throws IOException, MaildirException {
    to.requireThere(MaildirException.Reason.NONEXISTENT);
    if (!from.files().areItsOwn()) {
      from.files().requireRemovable(from.messages(validity, uids));
    }
    if (from != to && to.isBeside(from)) {
      try {
        return FolderMove.run(from, validity, uids, to, kept);
      } catch (AtomicMoveNotSupportedException e) {
        LOG.log(System.Logger.Level.DEBUG, "To another file system: {0}", to.directory());
      }
    }
    List<StoredMessage> messages = messages(from, validity, uids, kept);
    boolean counted = from.quota().countsWhereItGoes(to.quota());
    Optional<Transfer> moved = copy(from, validity, messages, to, counted, Prelude.NOTHING);
    if (moved.isPresent()) {
      from.remove(validity, moved.get().source(), flags -> true);
    }
    return moved;
  }

  private static Optional<Transfer> publish(
      List<Incoming> messages, UidSet.Builder source, Folder to, boolean counted, Prelude prelude)
      throws IOException, MaildirException {
    if (messages.isEmpty()) {
      return Optional.empty();
    }
    Published published = to.publish(messages, counted, prelude);
    UidSet.Builder target = new UidSet.Builder();
    for (long uid : published.uids()) {
      target.add(uid);
    }
    return Optional.of(new Transfer(published.uidValidity(), source.build(), target.build()));
  }
}
