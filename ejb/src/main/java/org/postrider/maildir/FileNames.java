package org.postrider.maildir;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;

/**
 * File names as octets. A name on disk is any octets but {@code /} and NUL, whatever the locale of
 * the JVM; here it is a String with one character (0 to 255) an octet, so that it compares, sorts
 * and is written as the disk has it.
 */
final class FileNames {

  /** Octets of the longest name. */
  static final int LONGEST = 255;

  private static final Path ROOT = Path.of("/");
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private FileNames() {}

  /** The octets of the last name of a path. */
  static String octets(Path path) {
    String name = path.getFileName().toString();
    return isAscii(name) ? name : decoded(ROOT.resolve(path.getFileName())).substring(1);
  }

  /** The octets of a whole path, which is absolute. */
  static String allOctets(Path path) {
    String names = path.toString();
    return isAscii(names) ? names : decoded(path);
  }

  private static String decoded(Path absolute) {
    // Decoding by the locale may have lost octets; the URI of a path has each of them,
    // percent-encoded.
    String encoded = absolute.toUri().getRawPath();
    int end = encoded.endsWith("/") ? encoded.length() - 1 : encoded.length();
    StringBuilder octets = new StringBuilder(end);
    for (int i = 0; i < end; i++) {
      char c = encoded.charAt(i);
      if (c == '%') {
        octets.append((char) HexFormat.fromHexDigits(encoded, i + 1, i + 3));
        i += 2;
      } else {
        octets.append(c);
      }
    }
    return octets.toString();
  }

  /**
   * The path of a name, given in octets, in a directory. The name holds no {@code /} and no NUL.
   */
  static Path in(Path directory, String octets) {
    if (octets.isEmpty() || octets.indexOf('/') >= 0 || octets.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("not a file name");
    }
    if (isAscii(octets)) {
      return directory.resolve(octets);
    }
    StringBuilder uri = new StringBuilder("file:///");
    for (int i = 0; i < octets.length(); i++) {
      uri.append('%');
      HEX.toHexDigits(uri, (byte) octets.charAt(i));
    }
    return directory.resolve(Path.of(URI.create(uri.toString())).getFileName());
  }

  /** The octets of a text in UTF-8. */
  static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** The text that the octets spell in UTF-8; empty where they are not UTF-8. */
  static Optional<String> text(String octets) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1)))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  static boolean areAscii(String[] names) {
    for (String name : names) {
      if (!isAscii(name)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAscii(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) > 0x7F) {
        return false;
      }
    }
    return true;
  }
}
