package org.postrider.bean;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.postrider.connector.CourierSettings;
import org.postrider.mail.Account;
import org.postrider.maildir.Folders;
import org.postrider.maildir.Maildir;
import org.postrider.maildir.Owner;
import org.postrider.maildir.ServerUser;
import org.postrider.maildir.SharedIndex;
import org.postrider.maildir.SharedIndexFile.Entry;
import org.postrider.maildir.SharedIndexFile.Spelling;

/**
 * The accounts that the index of shared folders names, and their Maildirs. One that is not there,
 * that this server can't serve, or that is the asking account's own is passed over in silence; one
 * that belongs to another than the index says, with a line in the log an hour.
 *
 * <p>Safe for threads.
 */
public final class SharedAccounts {

  private static final System.Logger LOG = System.getLogger("org.postrider.imapd");
  private static final Duration QUIET = Duration.ofHours(1);
  private static final long MOST_QUIET = 10_000;

  private final Folders folders;
  private final SharedIndex index;
  private final Cache<Path, Boolean> told =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .expireAfterWrite(QUIET)
          .maximumSize(MOST_QUIET)
          .build();

  private SharedAccounts(Folders folders, SharedIndex index) {
    this.folders = folders;
    this.index = index;
  }

  /**
   * As {@code etc/imapd} says: IMAP_SHAREDINDEXFILE, else {@code shared/index} beside it.
   *
   * @param etc the directory with Courier's files
   */
  static SharedAccounts of(Path etc, CourierSettings settings, Folders folders) {
    Path file = etc.resolve(settings.get("IMAP_SHAREDINDEXFILE").orElse("shared/index"));
    boolean whole = settings.flag("IMAP_SHAREDMUNGENAMES").orElse(false);
    return new SharedAccounts(
        folders, new SharedIndex(file.normalize(), whole ? Spelling.WHOLE : Spelling.SPACES));
  }

  SharedIndex index() {
    return index;
  }

  /**
   * The mail of somebody that an account asks for.
   *
   * @return empty where there is none for it
   */
  Optional<Maildir> open(Entry.Account entry, Account asking) throws IOException {
    if (!ServerUser.current().canServe(entry.owner())) {
      return Optional.empty();
    }
    Path path;
    Map<String, Object> numbers;
    try {
      path = entry.path().toRealPath();
      numbers = Files.readAttributes(path, "unix:uid,ino,dev,isDirectory");
      if (!(Boolean) numbers.get("isDirectory") || isSame(path, numbers, asking.maildir())) {
        return Optional.empty();
      }
    } catch (IOException e) {
      return Optional.empty(); // an index may be shared with servers that have other accounts
    }
    Owner owner = entry.owner();
    long uid = Integer.toUnsignedLong((Integer) numbers.get("uid"));
    if (uid != owner.uid()) {
      if (told.asMap().putIfAbsent(path, true) == null) {
        LOG.log(
            System.Logger.Level.WARNING,
            "The shared folders of "
                + path
                + " are not there: it belongs to uid "
                + uid
                + ", and the index of shared folders says "
                + owner.uid());
      }
      return Optional.empty();
    }
    return Optional.of(new Maildir(folders, path, owner));
  }

  private static boolean isSame(Path path, Map<String, Object> numbers, Path own)
      throws IOException {
    if (path.equals(own)) {
      return true;
    }
    Map<String, Object> others = Files.readAttributes(own, "unix:ino,dev");
    return others.get("ino").equals(numbers.get("ino"))
        && others.get("dev").equals(numbers.get("dev"));
  }
}
