package org.postrider.maildir.tool;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What is typed on a command line. */
final class Typed {

  private Typed() {}

  /**
   * The directory, absolute.
   *
   * @throws NoSuchFileException where no file can have that name
   */
  static Path directory(String typed) throws NoSuchFileException {
    try {
      if (typed.isEmpty()) {
        throw new NoSuchFileException(typed);
      }
      return Path.of(typed).toAbsolutePath().normalize();
    } catch (InvalidPathException unusable) {
      throw new NoSuchFileException(typed);
    }
  }

  /** The octets of a text in UTF-8, a character each. */
  static String octets(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** The text of octets; what is not UTF-8 becomes a question mark in a box. */
  static String text(String octets) {
    return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
  }
}
