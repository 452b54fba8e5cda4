package org.postrider.mail;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who signed in. Every later question carries it; nothing is taken from names that a client sends.
 *
 * @param name as in the source that knew it
 * @param address mail address; the name where the source has none
 * @param fullName for people; empty where unknown
 * @param maildir absolute
 * @param uid whose the files are, in the system's numbers: 0 to 4294967295
 * @param gid their group, likewise
 * @param quota as in the source ({@code 10000000S,1000C}); empty where there is none
 * @param options Courier's account options, the site's defaults among them: each name with all its
 *     values in their order, because {@code group} may be said more than once
 */
public record Account(
    String name,
    String address,
    String fullName,
    Path maildir,
    long uid,
    long gid,
    String quota,
    Map<String, List<String>> options) {

  private static final long ID_MAX = 0xFFFF_FFFFL;

  public Account {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    options.forEach((option, values) -> copy.put(option, List.copyOf(values)));
    options = Collections.unmodifiableMap(copy);
    if (!maildir.isAbsolute()) {
      throw new IllegalArgumentException("a Maildir's path is absolute: " + maildir);
    }
    if (uid < 0 || uid > ID_MAX || gid < 0 || gid > ID_MAX) {
      throw new IllegalArgumentException("uid and gid are numbers from 0 to " + ID_MAX);
    }
  }

  /** The same account, its Maildir said by another path. */
  public Account withMaildir(Path path) {
    return new Account(name, address, fullName, path, uid, gid, quota, options);
  }

  /** True for members of Courier's group {@code administrators}. */
  public boolean isAdministrator() {
    return option("group").contains("administrators");
  }

  /** All values of an option, such as {@code group}; none where it is not there. */
  public List<String> option(String option) {
    return options.getOrDefault(option, List.of());
  }
}
