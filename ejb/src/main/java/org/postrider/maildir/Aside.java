package org.postrider.maildir;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/**
 * Where {@link MaildirCheck} puts what is in the way, and copies of what it changes: {@code
 * postrider-aside/UNIQUE/NAME} in the account's Maildir, which no mail program looks into. Nothing
 * is removed from there.
 */
final class Aside {

  static final String DIRECTORY = "postrider-aside";

  private final Disk disk;
  private final Path root;

  Aside(Disk disk, Path root) {
    this.disk = disk;
    this.root = root;
  }

  /**
   * Moves a file, link or directory there, whatever it is.
   *
   * @return what was done
   */
  String move(Path file) throws IOException {
    Path place = place();
    Path to = FileNames.in(place, FileNames.octets(file));
    disk.rename(file, to);
    disk.forceDirectory(place);
    return "moved to " + to;
  }

  /** Keeps what a file says now, by a second name; the file itself is about to be replaced. */
  void keep(Path file) throws IOException {
    disk.link(file, FileNames.in(place(), FileNames.octets(file)));
  }

  private Path place() throws IOException {
    Path aside = root.resolve(DIRECTORY);
    if (disk.stat(aside) == null) {
      try {
        disk.makeDirectory(aside);
      } catch (FileAlreadyExistsException e) {
        // another run was quicker
      }
    }
    Path place = aside.resolve(UniqueNames.scratch("aside"));
    disk.makeDirectory(place);
    return place;
  }
}
