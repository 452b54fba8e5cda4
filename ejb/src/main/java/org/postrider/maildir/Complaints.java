package org.postrider.maildir;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells the log once of each message that can't be read; of a hundred in a folder at the most. Safe
 * for threads.
 */
final class Complaints {

  private static final System.Logger LOG = System.getLogger(Complaints.class.getName());
  private static final int MOST = 100;

  private final Path directory;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  Complaints(Path directory) {
    this.directory = directory;
  }

  /**
   * @param base of the message
   * @param what is wrong with its file
   * @param cause null where there is none
   */
  void say(String base, String what, Exception cause) {
    if (told.size() < MOST && told.add(base)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "A message is passed over, because its file " + what + ": " + directory + " " + base,
          cause);
    }
  }
}
