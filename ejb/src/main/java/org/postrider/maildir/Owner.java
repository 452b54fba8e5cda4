package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Whose the files of a Maildir are, in the system's numbers.
 *
 * @param uid 0 to 4294967295
 * @param gid 0 to 4294967295
 */
public record Owner(long uid, long gid) {

  private static final long MOST = 0xFFFF_FFFFL;

  public Owner {
    if (uid < 0 || uid > MOST || gid < 0 || gid > MOST) {
      throw new IllegalArgumentException("uid and gid are numbers from 0 to " + MOST);
    }
  }

  /** The owner of a file or directory, wherever a symbolic link leads. */
  public static Owner of(Path file) throws IOException {
    Map<String, Object> numbers = Files.readAttributes(file, "unix:uid,gid");
    return new Owner(
        Integer.toUnsignedLong((Integer) numbers.get("uid")),
        Integer.toUnsignedLong((Integer) numbers.get("gid")));
  }

  /** As chown(1) takes it. */
  @Override
  public String toString() {
    return uid + ":" + gid;
  }
}
