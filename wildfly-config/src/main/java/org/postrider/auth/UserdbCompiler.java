package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes the compiled form of a userdb, as Courier's makeuserdb does, from the text form that {@link
 * Userdb} describes. For one thread; others, and Courier's makeuserdb, wait.
 *
 * <pre>
 * userdb.dat         644  GDBM  name: its fields, but for those below, and last "_=" with the file in the
 *                               directory that it stands in and a "/"; nothing behind "_=" if userdb is a file
 * userdbshadow.dat   600  GDBM  name: its fields that have a value and whose names end in "pw", if any
 * userdb.lock        644  empty, locked by flock(2) while the others are made, and never removed
 * userdb.tmp, userdbshadow.tmp  what is being made
 * </pre>
 *
 * <p>A line without TAB becomes a record with the value {@code 1} in both, as Courier has it. The
 * files get the owner of the text, and the time at which reading it began.
 *
 * <p>Both files are whole and synced before the first is renamed, userdbshadow.dat before
 * userdb.dat; an error leaves the old pair. Each pair has a mark at the end of both files, which
 * libgdbm does not look at: a crash between the two renames leaves unequal marks, which {@link
 * UserdbPair} tells. A crash at any other moment leaves the old pair or the new one, and perhaps
 * drafts, which the next run overwrites.
 *
 * <p>Memory does not grow with the accounts: it needs about 5 MB.
 */
public final class UserdbCompiler {

  private static final int NOT_FOUND = 2;
  private static final int REFUSED = 255;
  private static final int FAILED = 1;

  private static final Duration WITHOUT_TELLING = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(10);
  private static final int PROGRESS_RECORDS = 10_000;

  private final Path root;
  private final Progress progress;
  private final Path dat;
  private final Path shadowDat;
  private long passwords;

  /** Is told how far it is; called by the thread that compiles. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Called now and then, and at the end.
     *
     * @param soFar how many records were read
     */
    void records(long soFar);

    /**
     * Another program compiles the same userdb, which is waited for.
     *
     * @param lock the file that it holds
     */
    default void waiting(Path lock) {}
  }

  /**
   * What was made.
   *
   * @param records in userdb.dat
   * @param passwords records in userdbshadow.dat
   */
  public record Result(long records, long passwords) {}

  private UserdbCompiler(Path root, Progress progress) {
    this.root = root;
    this.progress = progress;
    dat = Userdb.beside(root, ".dat");
    shadowDat = Userdb.beside(root, "shadow.dat");
  }

  /**
   * Compiles a userdb.
   *
   * @param userdb the file or directory of the text form; the compiled form is made beside it
   * @throws UserdbCompileException if that cannot be done; the old compiled form is untouched then
   */
  public static Result compile(Path userdb, Progress progress) throws UserdbCompileException {
    Path root = userdb.toAbsolutePath().normalize();
    try {
      return new UserdbCompiler(root, progress).run();
    } catch (UserdbCompileException told) {
      throw told;
    } catch (AccessDeniedException denied) {
      throw new UserdbCompileException(
          FAILED,
          denied.getFile() + ": Permission denied. Run this as the owner of " + root,
          denied);
    } catch (IOException failed) {
      throw new UserdbCompileException(
          FAILED, root + " cannot be compiled: " + failed.getMessage(), failed);
    }
  }

  private Result run() throws IOException {
    FileStamp stamp = FileStamp.of(root);
    if (stamp.isAbsent()) {
      throw new UserdbCompileException(NOT_FOUND, root + ": not found.");
    }
    if (stamp.isOpenToOthers()) {
      throw new UserdbCompileException(
          REFUSED, root + ": MAY NOT HAVE GROUP OR WORLD PERMISSIONS!!");
    }
    for (Path path : List.of(root, dat, shadowDat)) {
      if (FileStamp.of(path, LinkOption.NOFOLLOW_LINKS).isSymbolicLink()) {
        throw new UserdbCompileException(
            REFUSED, "ERROR: Wrong makeuserdb command.\n       (" + path + " is a symbolic link)");
      }
    }
    Path lockFile = Userdb.beside(root, ".lock");
    try (Flock lock = lock(lockFile)) {
      giveToOwner(lockFile);
      return compile(stamp);
    }
  }

  private Flock lock(Path file) throws IOException {
    Optional<Flock> lock = Flock.exclusive(file, "rw-r--r--", WITHOUT_TELLING);
    if (lock.isEmpty()) {
      progress.waiting(file);
      lock = Flock.exclusive(file, "rw-r--r--", PATIENCE);
    }
    return lock.orElseThrow(
        () ->
            new UserdbCompileException(
                FAILED,
                file
                    + " was held by another makeuserdb for more than "
                    + PATIENCE.toMinutes()
                    + " minutes. End that one (fuser "
                    + file
                    + " names it) and try again."));
  }

  private Result compile(FileStamp stamp) throws IOException {
    Path draft = Userdb.beside(root, ".tmp");
    Path shadowDraft = Userdb.beside(root, "shadow.tmp");
    FileTime begun = FileTime.from(Instant.now());
    Result result;
    Files.deleteIfExists(draft);
    Files.deleteIfExists(shadowDraft);
    try {
      try (GdbmWriter open = new GdbmWriter(draft, "rw-r--r--", ByteOrder.nativeOrder());
          GdbmWriter secret = new GdbmWriter(shadowDraft, "rw-------", ByteOrder.nativeOrder())) {
        UserdbText text = new UserdbText(root, stamp);
        text.forEach(line -> put(line, open, secret));
        progress.records(open.records());
        String mark = UUID.randomUUID().toString();
        open.mark(mark);
        secret.mark(mark);
        finish(text, open);
        finish(text, secret);
        result = new Result(open.records(), passwords);
      }
      for (Path file : List.of(draft, shadowDraft)) {
        giveToOwner(file);
        Files.setLastModifiedTime(file, begun);
      }
      Files.move(shadowDraft, shadowDat, StandardCopyOption.ATOMIC_MOVE);
      Files.move(draft, dat, StandardCopyOption.ATOMIC_MOVE);
      DataDirectory.sync(root.getParent());
    } finally {
      Files.deleteIfExists(draft);
      Files.deleteIfExists(shadowDraft);
    }
    return result;
  }

  private void put(UserdbText.Line line, GdbmWriter open, GdbmWriter secret) throws IOException {
    byte[] name = line.name();
    if (name.length == 0) {
      return;
    }
    if (name.length > GdbmReader.KEY_MAX_OCTETS) {
      throw line.refused("the name is longer than " + GdbmReader.KEY_MAX_OCTETS + " octets");
    }
    open.put(name, line.openFields());
    byte[] secrets = line.secretFields();
    if (secrets.length > 0) {
      secret.put(name, secrets);
      passwords++;
    }
    if (open.records() % PROGRESS_RECORDS == 0) {
      progress.records(open.records());
    }
  }

  private static void finish(UserdbText text, GdbmWriter writer) throws IOException {
    try {
      writer.finish();
    } catch (GdbmDuplicateException twice) {
      throw new UserdbCompileException(
          FAILED,
          "Cannot store record for "
              + new String(twice.key(), UTF_8)
              + " - duplicate or out of disk space."
              + text.places(twice.key()),
          twice);
    }
  }

  /**
   * So that root may compile what the server's user is to read. A file that is ours already is left
   * alone, as only root can give files away.
   */
  private void giveToOwner(Path file) throws IOException {
    Object owner = Files.getAttribute(root, "unix:uid");
    if (!owner.equals(Files.getAttribute(file, "unix:uid"))) {
      Files.setAttribute(file, "unix:gid", Files.getAttribute(root, "unix:gid"));
      Files.setAttribute(file, "unix:uid", owner);
    }
  }
}
