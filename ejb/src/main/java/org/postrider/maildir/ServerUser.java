package org.postrider.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The user of the system that this server runs as, and what it may do with files.
 *
 * @param owner what files belong to that it makes and does not give away
 * @param groups those it is in beside the group of {@code owner}
 * @param givesAway true where it may make files of any user: root, with the rights that a container
 *     may have taken (CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_FOWNER)
 */
public record ServerUser(Owner owner, Set<Long> groups, boolean givesAway) {

  private static final Path STATUS = Path.of("/proc/self/status");

  /** The bits of CAP_CHOWN, CAP_DAC_OVERRIDE and CAP_FOWNER. */
  private static final long RIGHTS = 1L | 1L << 1 | 1L << 3;

  private static final ServerUser CURRENT = find();

  public ServerUser {
    groups = Set.copyOf(groups);
  }

  /** The user of this process; it does not change. */
  public static ServerUser current() {
    return CURRENT;
  }

  /** True where files of that owner can be read and made. */
  public boolean canServe(Owner files) {
    return files.uid() == owner.uid() || givesAway;
  }

  /** True where files made for that owner have to be given to it. */
  boolean hasToGive(Owner files) {
    return !files.equals(owner)
        && (givesAway || (files.uid() == owner.uid() && groups.contains(files.gid())));
  }

  /** How it is called in a sentence for the administrator. */
  @Override
  public String toString() {
    if (owner.uid() != 0) {
      return "uid " + owner.uid();
    }
    return givesAway ? "root" : "root without CAP_CHOWN, CAP_DAC_OVERRIDE or CAP_FOWNER";
  }

  private static ServerUser find() {
    try {
      return parse(Files.readString(STATUS, StandardCharsets.ISO_8859_1));
    } catch (IOException | IllegalArgumentException e) {
      return ofNewFile(); // a system without /proc: nothing is given away there
    }
  }

  /**
   * @param status the text of {@code /proc/PID/status}
   * @throws IllegalArgumentException where it is none
   */
  static ServerUser parse(String status) {
    Map<String, String[]> lines = new HashMap<>();
    for (String line : status.split("\n")) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        lines.put(line.substring(0, colon), line.substring(colon + 1).strip().split("\\s+"));
      }
    }
    String[] uid = lines.getOrDefault("Uid", new String[0]);
    String[] gid = lines.getOrDefault("Gid", new String[0]);
    if (uid.length < 4 || gid.length < 4) {
      throw new IllegalArgumentException("no status of a process");
    }
    // Real, effective, saved, and the one for files.
    Owner owner = new Owner(Long.parseLong(uid[3]), Long.parseLong(gid[3]));
    Set<Long> groups = new HashSet<>();
    for (String group : lines.getOrDefault("Groups", new String[0])) {
      if (!group.isEmpty()) {
        groups.add(Long.parseLong(group));
      }
    }
    String[] rights = lines.getOrDefault("CapEff", new String[] {"0"});
    boolean all = (Long.parseUnsignedLong(rights[0], 16) & RIGHTS) == RIGHTS;
    return new ServerUser(owner, groups, owner.uid() == 0 && all);
  }

  private static ServerUser ofNewFile() {
    try {
      Path file = Files.createTempFile("postrider", null);
      try {
        Map<String, Object> numbers = Files.readAttributes(file, "unix:uid,gid");
        Owner owner =
            new Owner(
                Integer.toUnsignedLong((Integer) numbers.get("uid")),
                Integer.toUnsignedLong((Integer) numbers.get("gid")));
        return new ServerUser(owner, Set.of(), false);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
