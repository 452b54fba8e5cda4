package org.postrider.connector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.postrider.session.Policy;

/**
 * Courier's access file, {@code IMAPACCESSFILE}: the text, a file or a directory of files, not what
 * {@code makeimapaccess} compiles of it. It is read again when it has changed; what can't be
 * understood then is complained of, and what was read before holds.
 *
 * <p>Any thread.
 */
final class AccessFile {

  /** None, and nobody makes one. */
  static final AccessFile NONE = new AccessFile();

  private static final System.Logger LOG = System.getLogger(AccessFile.class.getName());

  private static final long MAX_OCTETS = 8L << 20;
  private static final int MAX_FILES = 1000;
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Path source;
  private final Function<Map<String, String>, Policy> policies;
  private volatile AccessRules rules = AccessRules.NONE;
  private volatile long lookedAt;
  private volatile List<Stamp> stamps = List.of();

  /** By which a file is known to be the same. */
  private record Stamp(Path file, long size, long modifiedNanos, Object key) {}

  private AccessFile() {
    source = Path.of("/nowhere/imapaccess");
    policies = variables -> Policy.DEFAULT;
  }

  /**
   * @param source need not be there
   * @param policies what settings of a line make of the server's own
   * @throws IOException where it can't be read or understood, with a sentence for the administrator
   */
  AccessFile(Path source, Function<Map<String, String>, Policy> policies) throws IOException {
    this.source = source;
    this.policies = policies;
    read(stamps());
    Path compiled = source.resolveSibling(source.getFileName() + ".dat");
    if (Files.exists(compiled) && Files.notExists(source)) {
      LOG.log(
          System.Logger.Level.WARNING,
          compiled + " is not read, and the text it was made of is not there; put it at " + source);
    }
  }

  /** The rules as they are now. */
  AccessRules rules() {
    if (System.nanoTime() - lookedAt > LOOK_NANOS) {
      look();
    }
    return rules;
  }

  private synchronized void look() {
    if (System.nanoTime() - lookedAt <= LOOK_NANOS) {
      return; // another thread was here first
    }
    List<Stamp> before = stamps;
    try {
      List<Stamp> now = stamps();
      if (!now.equals(stamps)) {
        read(now);
        LOG.log(System.Logger.Level.INFO, "Read " + source + " again");
      }
    } catch (IOException e) {
      if (!before.equals(stamps)) {
        LOG.log(
            System.Logger.Level.ERROR,
            e.getMessage() + " What it said before holds until this is mended.");
      }
    } finally {
      lookedAt = System.nanoTime();
    }
  }

  private List<Stamp> stamps() throws IOException {
    List<Stamp> found = new ArrayList<>();
    for (Path file : files()) {
      try {
        BasicFileAttributes there = Files.readAttributes(file, BasicFileAttributes.class);
        found.add(
            new Stamp(
                file,
                there.size(),
                there.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                there.fileKey()));
      } catch (NoSuchFileException e) {
        continue; // removed between the two calls, or never there
      }
    }
    return found;
  }

  private List<Path> files() throws IOException {
    if (!Files.isDirectory(source)) {
      return List.of(source);
    }
    try (Stream<Path> all = Files.list(source)) {
      return all.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .filter(AccessFile::counts)
          .sorted()
          .limit(MAX_FILES)
          .toList();
    } catch (IOException e) {
      throw new IOException(source + " can't be read: " + e.getMessage() + ".", e);
    }
  }

  /** Not what editors and package managers leave behind. */
  private static boolean counts(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".")
        && !name.endsWith("~")
        && !name.contains(".dpkg-")
        && !name.endsWith(".rpmnew")
        && !name.endsWith(".rpmsave")
        && !name.endsWith(".dat");
  }

  private void read(List<Stamp> now) throws IOException {
    stamps = now; // also where it is wrong: once is often enough to say so
    List<String> lines = new ArrayList<>();
    long octets = 0;
    for (Stamp stamp : now) {
      octets += stamp.size();
      if (octets > MAX_OCTETS) {
        throw new IOException(source + " is larger than " + MAX_OCTETS + " octets.");
      }
      try {
        new String(Files.readAllBytes(stamp.file()), StandardCharsets.UTF_8)
            .lines()
            .forEach(lines::add);
      } catch (IOException e) {
        throw new IOException(stamp.file() + " can't be read: " + e.getMessage() + ".", e);
      }
    }
    try {
      rules = AccessRules.parse(lines, policies);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          source
              + (now.size() > 1 ? " (its files one after the other), " : ", ")
              + e.getMessage()
              + ".",
          e);
    }
    lookedAt = System.nanoTime();
  }
}
