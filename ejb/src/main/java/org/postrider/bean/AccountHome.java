package org.postrider.bean;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.postrider.auth.DataDirectory;
import org.postrider.connector.CourierSettings;
import org.postrider.mail.Account;
import org.postrider.mail.MailException;
import org.postrider.maildir.HomeDirectory;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.Owner;
import org.postrider.maildir.ServerUser;
import org.postrider.protocol.ResponseCode.Word;

/**
 * Sees to it, at sign-in, that the account's home and Maildir are there and are the account's. What
 * can't be is told in one sentence with its remedy to the log, once per account and ten minutes;
 * the client reads that its administrator has to help.
 *
 * <p>A missing home is made in the data directory's {@code mail/}, and anywhere from the skeleton
 * that Courier's setting {@code AUTH_MKHOMEDIR_SKEL} names; otherwise it is more likely a file
 * system that is not mounted. A missing Maildir is made.
 *
 * <p>Safe for threads.
 */
public final class AccountHome {

  private static final System.Logger LOG = System.getLogger("org.postrider.imapd");
  private static final Duration QUIET = Duration.ofMinutes(10);
  private static final long MOST_QUIET = 10_000;
  private static final int MODE_STICKY = 01000;
  private static final String FOR_THE_CLIENT =
      "The mailbox of this account can't be opened or made on the server; please tell its"
          + " administrator.";

  private final Path data;
  private final ServerUser server;
  private final Cache<String, String> told =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .expireAfterWrite(QUIET)
          .maximumSize(MOST_QUIET)
          .build();

  /**
   * @param data the data directory
   */
  AccountHome(Path data, ServerUser server) {
    this.data = data;
    this.server = server;
  }

  /**
   * Makes what is missing.
   *
   * @param home absolute
   * @throws MailException UNAVAILABLE
   */
  void prepare(Account account, Path home, Maildir maildir) throws MailException {
    Owner owner = new Owner(account.uid(), account.gid());
    if (!server.canServe(owner)) {
      throw refused(
          account,
          "its files belong to "
              + owner
              + " and this server runs as "
              + server
              + "; run the server as uid "
              + owner.uid()
              + " or as root, or, where the files are the server's user's by now, set uid="
              + server.owner().uid()
              + " in the account's record.");
    }
    try {
      requireHome(account, home, owner);
      maildir.prepare(home);
      requireOwner(account, maildir, owner);
      tellOfLoginProgram(account);
    } catch (AccessDeniedException e) {
      throw refused(
          account,
          "this server runs as "
              + server
              + " and may not use "
              + e.getFile()
              + (e.getReason() == null ? "" : " (" + e.getReason() + ")")
              + "; chown it to "
              + owner
              + ", or let that user in.");
    } catch (IOException e) {
      throw refused(
          account,
          "its Maildir "
              + account.maildir()
              + " can't be made or opened: "
              + e
              + ". A Maildir made by hand (maildirmake, then chown -R "
              + owner
              + ") is taken as it is.");
    }
  }

  private void requireHome(Account account, Path home, Owner owner)
      throws IOException, MailException {
    Map<String, Object> numbers;
    try {
      numbers = Files.readAttributes(home, "unix:mode,isDirectory");
    } catch (NoSuchFileException e) {
      makeHome(account, home, owner);
      return;
    }
    if (!(Boolean) numbers.get("isDirectory")) {
      throw refused(account, noHome(home) + "It is no directory.");
    }
    if (((Integer) numbers.get("mode") & MODE_STICKY) != 0) {
      // Courier's way to lock an account while its home is being moved.
      tell(
          account,
          "its home " + home + " has the sticky bit, which locks the account; chmod -t opens it.");
      throw new MailException(
          Word.UNAVAILABLE,
          "Your account is temporarily unavailable (+t bit set on home directory).");
    }
  }

  /** Courier runs it; decision 17 says why nobody does here. */
  private void tellOfLoginProgram(Account account) {
    Path program = account.maildir().resolve("loginexec");
    if (Files.exists(program, LinkOption.NOFOLLOW_LINKS)) {
      sayOnce(
          account,
          "Not run, as programs in Maildirs never are: "
              + program
              + "; what it is to do at a sign-in, do it once for all accounts, and remove it.");
    }
  }

  private void makeHome(Account account, Path home, Owner owner) throws IOException, MailException {
    CourierSettings settings = settings();
    Optional<Path> skeleton =
        settings.get("AUTH_MKHOMEDIR_SKEL").map(Path::of).filter(Files::isDirectory);
    boolean ours = home.startsWith(data.resolve("mail"));
    if (skeleton.isEmpty() && !ours) {
      throw refused(
          account,
          noHome(home)
              + "It does not exist: mount its file system, make it (chown "
              + owner
              + "), or name a skeleton directory for new homes as AUTH_MKHOMEDIR_SKEL in"
              + " etc/imapd.");
    }
    if (ours && !Files.isDirectory(home.getParent())) {
      // Others have to get through where they have their mail.
      String mode = owner.equals(server.owner()) ? "rwx------" : "rwx--x--x";
      Files.createDirectories(
          home.getParent(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
    }
    try {
      HomeDirectory.make(home, skeleton, owner);
    } catch (java.nio.file.FileAlreadyExistsException e) {
      return; // another session of the same account was quicker
    } catch (AccessDeniedException | NoSuchFileException e) {
      throw refused(account, noHome(home) + "It does not exist and can't be made: " + e);
    }
    LOG.log(
        System.Logger.Level.INFO,
        "Made the home of " + account.name() + ", " + home + ", for " + owner);
  }

  private static String noHome(Path home) {
    return "chdir(" + home + ") failed!! ";
  }

  private void requireOwner(Account account, Maildir maildir, Owner owner)
      throws IOException, MailException {
    Optional<Path> foreign = maildir.foreignDirectory();
    if (foreign.isEmpty() || isWaived(owner)) {
      return;
    }
    Path directory = foreign.get();
    boolean link = Files.isSymbolicLink(directory) && !directory.equals(account.maildir());
    Object uid = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    throw refused(
        account,
        link
            ? directory + " is a symbolic link, where a directory has to be."
            : directory
                + " belongs to uid "
                + Integer.toUnsignedString((Integer) uid)
                + " and the account's files to "
                + owner
                + "; chown -R "
                + owner
                + " "
                + account.maildir()
                + " makes them one.");
  }

  /**
   * Courier's IMAP_MAILBOX_SANITY_CHECK=0, for file systems that tell other owners than there are;
   * never where this server works for other users.
   */
  private boolean isWaived(Owner owner) throws IOException {
    return owner.uid() == server.owner().uid()
        && !server.givesAway()
        && settings().get("IMAP_MAILBOX_SANITY_CHECK").filter("0"::equals).isPresent();
  }

  private CourierSettings settings() throws IOException {
    return CourierSettings.read(DataDirectory.etc(data).resolve("imapd"));
  }

  private MailException refused(Account account, String sentence) {
    tell(account, sentence);
    return new MailException(Word.UNAVAILABLE, FOR_THE_CLIENT);
  }

  private void tell(Account account, String sentence) {
    sayOnce(account, "The mail of " + account.name() + " can't be served: " + sentence);
  }

  private void sayOnce(Account account, String line) {
    if (!line.equals(told.getIfPresent(account.name()))) {
      told.put(account.name(), line);
      LOG.log(System.Logger.Level.WARNING, line);
    }
  }
}
