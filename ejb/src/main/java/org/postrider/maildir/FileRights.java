package org.postrider.maildir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Set;

/**
 * What the system lets a user do with a file: owner, group and mode, and the file's access list
 * where it has one (POSIX 1003.1e, as {@code acl(5)} says in "access check algorithm"). Asked where
 * the server's own rights would let it do more than the user may.
 *
 * <p>The access list is the extended attribute {@code system.posix_acl_access}: the number 2 in
 * four octets, then eight octets an entry (tag, rights, id), all little-endian.
 */
record FileRights(Owner user, Set<Long> groups) {

  static final int READ = 4;
  static final int WRITE = 2;
  static final int SEARCH = 1;

  private static final String LIST = "system.posix_acl_access";
  private static final int LIST_VERSION = 2;
  private static final int LIST_ENTRY_OCTETS = 8;
  private static final int OF_OWNER = 0x01;
  private static final int OF_USER = 0x02;
  private static final int OF_OWNING_GROUP = 0x04;
  private static final int OF_GROUP = 0x08;
  private static final int MASK = 0x10;
  private static final int OF_OTHERS = 0x20;

  private static final int MODE_STICKY = 01000;

  FileRights {
    groups = Set.copyOf(groups);
  }

  /** True where a directory's names are removed only by their owners. */
  static boolean isSticky(Map<String, Object> numbers) {
    return (mode(numbers) & MODE_STICKY) != 0;
  }

  static boolean isOf(Owner user, Map<String, Object> numbers) {
    return id(numbers, "uid") == user.uid();
  }

  /** True where the user may do all of it: {@link #READ}, {@link #WRITE}, {@link #SEARCH}. */
  boolean allow(Descriptor file, int wanted) throws IOException {
    Map<String, Object> numbers = file.numbers();
    int mode = mode(numbers);
    if (user.uid() == 0) {
      return true;
    }
    if (isOf(user, numbers)) {
      return (mode >> 6 & wanted) == wanted;
    }
    byte[] list = file.attribute(LIST);
    if (list != null) {
      return isAllowedBy(list, id(numbers, "gid"), wanted);
    }
    int shift = isIn(id(numbers, "gid")) ? 3 : 0;
    return (mode >> shift & wanted) == wanted;
  }

  private boolean isIn(long group) {
    return group == user.gid() || groups.contains(group);
  }

  /**
   * For who is not the owner.
   *
   * @param owningGroup of the file
   */
  boolean isAllowedBy(byte[] list, long owningGroup, int wanted) {
    ByteBuffer entries = ByteBuffer.wrap(list).order(ByteOrder.LITTLE_ENDIAN);
    if (entries.remaining() < Integer.BYTES || entries.getInt() != LIST_VERSION) {
      return false;
    }
    int mask = ~0;
    int others = 0;
    int named = -1;
    boolean inGroup = false;
    boolean byGroup = false;
    while (entries.remaining() >= LIST_ENTRY_OCTETS) {
      int tag = entries.getShort();
      int rights = entries.getShort();
      long id = Integer.toUnsignedLong(entries.getInt());
      switch (tag) {
        case OF_USER -> named = id == user.uid() ? rights : named;
        case OF_OWNING_GROUP, OF_GROUP -> {
          if (isIn(tag == OF_GROUP ? id : owningGroup)) {
            inGroup = true;
            byGroup |= (rights & wanted) == wanted;
          }
        }
        case MASK -> mask = rights;
        case OF_OTHERS -> others = rights;
        default -> {
          if (tag != OF_OWNER) {
            return false;
          }
        }
      }
    }
    if (named >= 0) {
      return (named & mask & wanted) == wanted;
    }
    return inGroup ? byGroup && (mask & wanted) == wanted : (others & wanted) == wanted;
  }

  private static int mode(Map<String, Object> numbers) {
    return (Integer) numbers.get("mode");
  }

  private static long id(Map<String, Object> numbers, String name) {
    return Integer.toUnsignedLong((Integer) numbers.get(name));
  }
}
