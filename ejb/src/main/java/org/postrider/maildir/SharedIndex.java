package org.postrider.maildir;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.postrider.maildir.SharedIndexFile.Entry;
import org.postrider.maildir.SharedIndexFile.Spelling;

/**
 * The index of virtual shared folders: a file, and those it leads to. A file is read when a name
 * leads there, kept in memory, and read again when it has changed: by time, size or inode, or,
 * where it was younger than two seconds, once a second until it is not. What was not used for long
 * goes when {@value #MOST_KEPT} entries are in memory.
 *
 * <p>A file that is not there is empty, and said once; of a file's syntax errors the first {@value
 * #MOST_ERRORS} are said each time it is read. A file that can't be read is as it was before.
 *
 * <p>Safe for threads.
 */
public final class SharedIndex {

  /** Groups in each other. */
  public static final int DEEPEST = 16;

  private static final System.Logger LOG = System.getLogger("org.postrider.imapd");
  private static final long MOST_OCTETS = 100_000_000;
  private static final int MOST_KEPT = 600_000;
  private static final int MOST_ERRORS = 10;
  private static final long SETTLED_MILLIS = 2_000;
  private static final long YOUNG_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Path file;
  private final Spelling spelling;
  private final Set<Path> unreadable = ConcurrentHashMap.newKeySet();
  private final Cache<Path, Known> known =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumWeight(MOST_KEPT)
          .weigher((Path path, Known one) -> 1 + one.content().size())
          .build();

  /**
   * @param file absolute: IMAP_SHAREDINDEXFILE
   */
  public SharedIndex(Path file, Spelling spelling) {
    this.file = file;
    this.spelling = spelling;
  }

  /**
   * A file as it was read.
   *
   * @param stamp of the file then; null where there was none
   * @param readAt by the clock that goes on only
   */
  private record Known(
      SharedIndexFile content, BasicFileAttributes stamp, boolean settled, long readAt) {

    boolean holdsFor(BasicFileAttributes now) {
      if (stamp == null || now == null) {
        return stamp == null && now == null;
      }
      return stamp.lastModifiedTime().equals(now.lastModifiedTime())
          && stamp.size() == now.size()
          && Objects.equals(stamp.fileKey(), now.fileKey())
          && (settled || System.nanoTime() - readAt < YOUNG_AGAIN_NANOS);
    }
  }

  /**
   * The file that an account's names begin in.
   *
   * @param group the account's option {@code sharedgroup}, which is the rest of the file's name;
   *     empty for the file itself. One that is no part of a file name leads to nothing
   */
  public SharedIndexFile top(String group) {
    return group.indexOf('/') >= 0 || group.indexOf('\0') >= 0
        ? SharedIndexFile.EMPTY
        : read(pathOf(group));
  }

  private Path pathOf(String group) {
    return file.resolveSibling(file.getFileName() + group);
  }

  /** What a group holds. */
  public SharedIndexFile of(Entry.Group group) {
    return read(group.path());
  }

  /**
   * An account by the levels of a name.
   *
   * @param levels of groups, then the account's, then those of its mailbox
   * @param group as {@link #top}
   */
  public Optional<Found> find(String[] levels, String group) {
    SharedIndexFile at = top(group);
    for (int i = 0; i < Math.min(levels.length, DEEPEST); i++) {
      Entry entry = at.get(levels[i]).orElse(null);
      if (entry instanceof Entry.Group deeper) {
        at = of(deeper);
      } else if (entry instanceof Entry.Account account) {
        return Optional.of(new Found(account, i + 1));
      } else {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * Where a name leads.
   *
   * @param levels of the name that lead there; the others are the mailbox's
   */
  public record Found(Entry.Account account, int levels) {}

  private SharedIndexFile read(Path path) {
    Known before = known.getIfPresent(path);
    BasicFileAttributes now;
    try {
      now = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      now = null;
    } catch (IOException e) {
      return unreadable(path, before, e);
    }
    if (before != null && before.holdsFor(now)) {
      return before.content();
    }
    return load(path);
  }

  /** One thread reads a file; others that want the same one wait for it. */
  private SharedIndexFile load(Path path) {
    return known.asMap().compute(path, (key, before) -> loaded(path, before)).content();
  }

  private Known loaded(Path path, Known before) {
    BasicFileAttributes now;
    byte[] octets;
    try {
      now = Files.readAttributes(path, BasicFileAttributes.class);
      if (before != null && before.holdsFor(now)) {
        return before; // another thread was quicker
      }
      if (!now.isRegularFile() || now.size() > MOST_OCTETS) {
        throw new IOException("it is no file, or larger than " + MOST_OCTETS + " octets");
      }
      octets = Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      if (before == null || before.stamp() != null) {
        LOG.log(
            System.Logger.Level.INFO,
            path
                + ": No such file or directory. Nobody sees the shared folders it would list;"
                + " authenumerate -s makes one.");
      }
      return new Known(SharedIndexFile.EMPTY, null, true, System.nanoTime());
    } catch (IOException e) {
      unreadable(path, before, e);
      return before == null
          ? new Known(SharedIndexFile.EMPTY, null, false, System.nanoTime())
          : before;
    }
    boolean settled =
        System.currentTimeMillis() - now.lastModifiedTime().toMillis() >= SETTLED_MILLIS;
    unreadable.remove(path);
    return new Known(parse(octets, path), now, settled, System.nanoTime());
  }

  private SharedIndexFile unreadable(Path path, Known before, IOException e) {
    if (unreadable.size() < MOST_ERRORS && unreadable.add(path)) {
      LOG.log(
          System.Logger.Level.WARNING,
          path + " can't be read, so that shared folders are as they were: " + e);
    }
    return before == null ? SharedIndexFile.EMPTY : before.content();
  }

  private SharedIndexFile parse(byte[] octets, Path path) {
    int[] errors = {0};
    SharedIndexFile content =
        SharedIndexFile.parse(
            octets,
            path,
            spelling,
            line -> {
              if (++errors[0] <= MOST_ERRORS) {
                LOG.log(System.Logger.Level.WARNING, path + "(" + line + "): syntax error.");
              }
            });
    if (errors[0] > MOST_ERRORS) {
      LOG.log(
          System.Logger.Level.WARNING,
          path + ": " + (errors[0] - MOST_ERRORS) + " more lines with syntax errors.");
    }
    return content;
  }
}
