package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Watches the folders of this machine for those who wait in this JVM: what this JVM does is told at
 * once, what other programs do is seen by one {@link WatchService} for all folders that anybody
 * waits for. Where the system has no watch left, the folder's times are looked at every half second
 * instead.
 *
 * <p>After the last thing that happened in a folder everybody is told once more, when its times
 * have settled, so that a change hidden in the same tick as the last one is found ({@link
 * DirectoryStamp}).
 *
 * <p>Safe for threads. One virtual thread; it ends, with all watches, in {@link #close}.
 */
public final class LocalWatch implements Watch {

  private static final System.Logger LOG = System.getLogger(LocalWatch.class.getName());
  private static final long POLL_MILLIS = 500;
  private static final long SETTLED_MILLIS = 2_100;

  /** Deliveries that follow each other this quickly are told of together. */
  private static final long GATHER_MILLIS = 20;

  private final Map<Path, Watched> folders = new ConcurrentHashMap<>();
  private final Map<WatchKey, Watched> keys = new ConcurrentHashMap<>();
  private final WatchService service;
  private final Thread thread;
  private volatile boolean closed;
  private boolean complained;

  /** A folder that somebody waits for. Guarded by itself, but for the listeners. */
  private static final class Watched {
    final Path folder;
    final Set<Listener> listeners = ConcurrentHashMap.newKeySet();
    final List<WatchKey> keys = new ArrayList<>();
    boolean ended;
    volatile boolean polled;
    volatile FileTime seenCur;
    volatile FileTime seenNew;
    volatile long tellAgainAt;

    Watched(Path folder) {
      this.folder = folder;
    }
  }

  /** Told by identity: one callback may wait twice. */
  private static final class Listener {
    final Runnable changed;

    Listener(Runnable changed) {
      this.changed = changed;
    }
  }

  /** Begins to watch; {@link #close} ends it. */
  public LocalWatch() {
    this(true);
  }

  /**
   * @param bySystem false: folders are polled in any case
   */
  LocalWatch(boolean bySystem) {
    WatchService made = null;
    try {
      made = bySystem ? FileSystems.getDefault().newWatchService() : null;
    } catch (IOException e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The system has no watch for directories left (fs.inotify.max_user_instances); folders"
              + " are polled instead",
          e);
    }
    service = made;
    thread = Thread.ofVirtual().name("postrider-watch").start(this::run);
  }

  @Override
  public void tell(Path folder) {
    Watched watched = folders.get(folder);
    if (watched != null) {
      tell(watched);
    }
  }

  private void tell(Watched watched) {
    watched.tellAgainAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLED_MILLIS);
    callAll(watched);
  }

  private static void callAll(Watched watched) {
    for (Listener listener : watched.listeners) {
      try {
        listener.changed.run();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "One who waits for a folder failed", e);
      }
    }
  }

  @Override
  public Waiting await(Path folder, Runnable changed) {
    Listener listener = new Listener(changed);
    while (true) {
      Watched watched = folders.computeIfAbsent(folder, Watched::new);
      synchronized (watched) {
        if (!watched.ended) {
          watched.listeners.add(listener);
          if (watched.keys.isEmpty() && !watched.polled) {
            begin(watched);
          }
          return () -> leave(watched, listener);
        }
      }
      folders.remove(folder, watched);
    }
  }

  private void begin(Watched watched) {
    if (closed) {
      return;
    }
    if (service != null) {
      try {
        for (String part : List.of("new", "cur")) {
          WatchKey key =
              watched
                  .folder
                  .resolve(part)
                  .register(
                      service,
                      StandardWatchEventKinds.ENTRY_CREATE,
                      StandardWatchEventKinds.ENTRY_DELETE);
          watched.keys.add(key);
          keys.put(key, watched);
        }
        return;
      } catch (IOException | ClosedWatchServiceException e) {
        cancel(watched);
        complain(e);
      }
    }
    watched.seenCur = time(watched.folder.resolve("cur"));
    watched.seenNew = time(watched.folder.resolve("new"));
    watched.polled = true;
  }

  private void complain(Exception e) {
    if (!complained && !closed) {
      complained = true;
      LOG.log(
          System.Logger.Level.WARNING,
          "A folder can't be watched and is polled instead (fs.inotify.max_user_watches)",
          e);
    }
  }

  private void leave(Watched watched, Listener listener) {
    synchronized (watched) {
      watched.listeners.remove(listener);
      if (watched.listeners.isEmpty() && !watched.ended) {
        watched.ended = true;
        cancel(watched);
        folders.remove(watched.folder, watched);
      }
    }
  }

  private void cancel(Watched watched) {
    for (WatchKey key : watched.keys) {
      keys.remove(key);
      key.cancel();
    }
    watched.keys.clear();
  }

  private void run() {
    long nextPoll = System.nanoTime();
    try {
      while (!closed) {
        WatchKey key = next();
        if (key != null) {
          tell(gather(key));
        }
        if (System.nanoTime() - nextPoll >= 0) {
          pollFolders();
          nextPoll = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS);
        }
      }
    } catch (InterruptedException | ClosedWatchServiceException e) {
      // closed
    }
  }

  private WatchKey next() throws InterruptedException {
    if (service == null) {
      Thread.sleep(POLL_MILLIS);
      return null;
    }
    return service.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** All folders in which something happened about now. */
  private Set<Watched> gather(WatchKey first) throws InterruptedException {
    Thread.sleep(GATHER_MILLIS);
    Map<Watched, Boolean> happened = new HashMap<>();
    for (WatchKey key = first; key != null; key = service.poll()) {
      key.pollEvents();
      Watched watched = keys.get(key);
      if (watched != null) {
        happened.put(watched, true);
      }
      if (!key.reset() && watched != null) {
        keys.remove(key); // its directory is gone; those who wait are told, and will see
      }
    }
    return happened.keySet();
  }

  private void tell(Set<Watched> happened) {
    for (Watched watched : happened) {
      tell(watched);
    }
  }

  private void pollFolders() {
    long now = System.nanoTime();
    for (Watched watched : folders.values()) {
      if (watched.polled) {
        FileTime cur = time(watched.folder.resolve("cur"));
        FileTime fresh = time(watched.folder.resolve("new"));
        if (!cur.equals(watched.seenCur) || !fresh.equals(watched.seenNew)) {
          watched.seenCur = cur;
          watched.seenNew = fresh;
          tell(watched);
        }
      }
      long again = watched.tellAgainAt;
      if (again != 0 && now - again >= 0) {
        watched.tellAgainAt = 0;
        callAll(watched);
      }
    }
  }

  /** True where its thread has ended and nothing is watched. */
  boolean isEnded() {
    return !thread.isAlive() && keys.isEmpty() && folders.isEmpty();
  }

  private static FileTime time(Path directory) {
    try {
      return Files.getLastModifiedTime(directory, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      if (service != null) {
        service.close();
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.WARNING, "Watching did not end", e);
    }
    thread.interrupt();
    try {
      thread.join(java.time.Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    folders.clear();
    keys.clear();
  }
}
