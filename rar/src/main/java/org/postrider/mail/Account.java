package org.postrider.mail;

import java.nio.file.Path;
import java.util.Map;

/**
 * Who signed in. Every later question carries it; nothing is taken from names that a client sends.
 *
 * @param name as in the source that knew it
 * @param address mail address; the name where the source has none
 * @param fullName for people; empty where unknown
 * @param maildir absolute
 * @param quota as in the source ({@code 10000000S,1000C}); empty where there is none
 * @param options Courier's account options
 */
public record Account(
    String name,
    String address,
    String fullName,
    Path maildir,
    String quota,
    Map<String, String> options) {

  public Account {
    options = Map.copyOf(options);
    if (!maildir.isAbsolute()) {
      throw new IllegalArgumentException("a Maildir's path is absolute: " + maildir);
    }
  }
}
