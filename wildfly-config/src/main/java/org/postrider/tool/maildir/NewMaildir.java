package org.postrider.tool.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Makes a Maildir, or a folder of one, with Courier's modes whatever the umask is.
 *
 * <table>
 * <caption>Modes of the directory, and of tmp, new and cur in it</caption>
 * <tr><td>a Maildir, a folder</td><td>0700</td><td>0700</td></tr>
 * <tr><td>a sharable Maildir</td><td>0755</td><td>0700</td></tr>
 * <tr><td>a folder that all read</td><td>0755</td><td>0755</td></tr>
 * <tr><td>a folder that all write</td><td>1755</td><td>1777</td></tr>
 * <tr><td>either, for a group alone</td><td>0750, 1750</td><td>0750, 1770</td></tr>
 * </table>
 *
 * <p>The order is Courier's: the directory, tmp, new, cur, and in a folder the empty file
 * maildirfolder of mode 0600. A crash leaves what was made by then.
 *
 * @param directory mode of the directory itself
 * @param inner mode of the three in it
 */
record NewMaildir(int directory, int inner) {

  static final NewMaildir PRIVATE = new NewMaildir(0700, 0700);
  static final NewMaildir SHARABLE = new NewMaildir(0755, 0700);

  private static final List<String> PARTS = List.of("tmp", "new", "cur");

  /**
   * A folder in a sharable Maildir.
   *
   * @param words read, write, group, with anything between them; as Courier does it, each counts by
   *     its first letter, and what is none of them says nothing
   */
  static NewMaildir shared(String words) {
    boolean write = false;
    boolean group = false;
    for (String word : words.split("[, ]+")) {
      write |= word.startsWith("w");
      group |= word.startsWith("g");
    }
    int others = group ? ~07 : ~0;
    return write
        ? new NewMaildir(01755 & others, 01777 & others)
        : new NewMaildir(0755 & others, 0755 & others);
  }

  /** Makes a Maildir where nothing is yet. */
  void make(Path maildir) throws IOException {
    directory(maildir, directory);
    for (String part : PARTS) {
      directory(maildir.resolve(part), inner);
    }
  }

  /** Makes a folder: a Maildir that says it is one. */
  void makeFolder(Path folder) throws IOException {
    make(folder);
    Path marker = folder.resolve("maildirfolder");
    Files.createFile(
        marker, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static void directory(Path path, int mode) throws IOException {
    Files.createDirectory(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    // Java's own permissions have no sticky bit.
    Files.setAttribute(path, "unix:mode", mode);
  }
}
