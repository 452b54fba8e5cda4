package org.postrider.maildir;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postrider.protocol.MailboxName;

/**
 * A mailbox name {@code shared.MAILDIR.FOLDER}.
 *
 * @param maildir one level
 * @param folder one level or more
 */
record SharedName(String maildir, String folder) {

  static final String PREFIX = "shared.";

  /** Longest name of a file, in octets. */
  private static final int LONGEST_FILE_NAME = 255;

  /** Empty where the name is of no shared folder; whoever made it, it is checked here. */
  static Optional<SharedName> of(MailboxName name) {
    String value = name.value();
    int dot = value.indexOf(MailboxName.SEPARATOR, PREFIX.length());
    if (!value.startsWith(PREFIX) || dot < 0) {
      return Optional.empty();
    }
    String maildir = value.substring(PREFIX.length(), dot);
    String folder = value.substring(dot + 1);
    if (!isLevel(maildir)) {
      return Optional.empty();
    }
    for (String level : folder.split("\\.", -1)) {
      if (!isLevel(level)) {
        return Optional.empty();
      }
    }
    return octets(folder) < LONGEST_FILE_NAME
        ? Optional.of(new SharedName(maildir, folder))
        : Optional.empty();
  }

  /** True for what can be one level of a name, and one name of a file. */
  static boolean isLevel(String text) {
    return !text.isEmpty()
        && octets(text) <= LONGEST_FILE_NAME
        && text.chars().noneMatch(c -> c < ' ' || c == 0x7F || c == '/' || c == '.');
  }

  private static int octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
