package org.postrider.maildir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Puts a message into {@code new} of a Maildir or folder, as a delivery agent does, whether a
 * server runs or not.
 *
 * <p><b>Order.</b> The octets, as they come, into a file in {@code tmp}; fsync; a line in the
 * account's {@code maildirsize}; {@code link()} into {@code new}; unlink; fsync of {@code new}. A
 * crash leaves a file in {@code tmp}, or a message that has a second name there; at the worst a
 * little more counted than there is. What was delivered is there after a power cut.
 *
 * <p>Used by one thread.
 */
public final class LocalDelivery {

  private static final int BUFFER_OCTETS = 64 * 1024;
  private static final List<String> PARTS = List.of("cur", "new", "tmp");

  private final Disk disk;
  private final Path folder;
  private final Quota quota;

  /**
   * @param folder a Maildir, or a folder with {@code maildirfolder} in it; absolute and there
   * @param warning of the account when its quota is nearly used up
   */
  public LocalDelivery(Path folder, QuotaWarning warning) throws IOException {
    this.disk = new Disk().ownedBy(Owner.of(folder));
    this.folder = folder;
    this.quota = new Quota(disk, folder, warning);
  }

  /**
   * Makes a Maildir where parts of it or all of it are missing, the directories above included;
   * {@code tmp} is made last.
   *
   * @param maildir absolute
   */
  public static void prepare(Path maildir) throws IOException {
    List<Path> missing = new ArrayList<>();
    Path above = maildir;
    Disk disk = new Disk();
    while (above.getParent() != null && !Files.isDirectory(above)) {
      if (Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
        throw new FileSystemException(above.toString(), null, "Not a directory");
      }
      missing.addFirst(above);
      above = above.getParent();
    }
    Disk owned = disk.ownedBy(Owner.of(above));
    for (String part : PARTS) {
      if (!missing.isEmpty() || owned.stat(maildir.resolve(part)) == null) {
        missing.add(maildir.resolve(part));
      }
    }
    for (Path directory : missing) {
      try {
        owned.makeDirectory(directory);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory)) {
          throw e;
        }
      }
      owned.forceDirectory(directory.getParent());
    }
  }

  /** The limits of the account from now on, where they are others than it has. */
  public void obey(QuotaLimits limits) throws IOException {
    quota.obey(limits);
  }

  /**
   * Delivers.
   *
   * @param message to its end; not closed
   * @throws MaildirException OVER_QUOTA
   * @throws IOException where it can't be written; nothing was delivered
   */
  public void deliver(InputStream message) throws IOException, MaildirException {
    UniqueNames.UniqueName name = UniqueNames.message();
    Path scratch = folder.resolve("tmp").resolve(name.scratch());
    try {
      write(message, scratch);
      Map<String, Object> numbers = disk.numbers(scratch);
      long octets = ((Number) numbers.get("size")).longValue();
      String base =
          name.base(
              ((Number) numbers.get("dev")).longValue(),
              ((Number) numbers.get("ino")).longValue(),
              octets);
      QuotaAmount amount =
          quota.counts(folder) ? QuotaAmount.NONE.plusMessage(octets) : QuotaAmount.NONE;
      publish(scratch, folder.resolve("new").resolve(base), amount);
    } finally {
      disk.tidy(scratch);
    }
  }

  private void write(InputStream message, Path scratch) throws IOException {
    try (FileChannel file = disk.create(scratch)) {
      byte[] buffer = new byte[BUFFER_OCTETS];
      int read = message.read(buffer);
      while (read >= 0) {
        disk.write(file, ByteBuffer.wrap(buffer, 0, read));
        read = message.read(buffer);
      }
      disk.force(file);
    }
  }

  private void publish(Path scratch, Path file, QuotaAmount amount)
      throws IOException, MaildirException {
    Quota.Claim claim = quota.claim(amount, amount);
    boolean delivered = false;
    try {
      link(scratch, file);
      delivered = true;
      disk.forceDirectory(file.getParent());
      claim.settle();
    } finally {
      if (!delivered) {
        claim.takeBack();
      }
      claim.end();
    }
  }

  /** On NFS the call may have worked and report that it did not. */
  private void link(Path scratch, Path file) throws IOException {
    try {
      disk.link(scratch, file);
    } catch (FileAlreadyExistsException e) {
      BasicFileAttributes there = disk.stat(file);
      BasicFileAttributes ours = disk.stat(scratch);
      boolean same = there != null && ours != null && there.fileKey() != null;
      if (!same || !there.fileKey().equals(ours.fileKey())) {
        throw e;
      }
    }
  }

  /** The account's Maildir seems to be one: {@code tmp} and {@code new} are there. */
  public void requireDirectories() throws IOException {
    for (String part : List.of("tmp", "new")) {
      BasicFileAttributes there = disk.stat(folder.resolve(part));
      if (there == null || !there.isDirectory()) {
        throw new NoSuchFileException(folder.resolve(part).toString());
      }
    }
  }
}
