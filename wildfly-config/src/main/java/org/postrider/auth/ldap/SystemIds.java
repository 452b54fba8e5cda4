package org.postrider.auth.ldap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.postrider.auth.CourierRc;

/** Numbers of users and groups, which a settings file may also name. */
final class SystemIds {

  /** The machine's users. */
  static final Path USERS = Path.of("/etc/passwd");

  /** The machine's groups. */
  static final Path GROUPS = Path.of("/etc/group");

  private static final long ID_MAX = 0xFFFF_FFFFL;
  private static final int LINES_MAX = 1_000_000;

  private SystemIds() {}

  /**
   * What a key names.
   *
   * @param table where names are looked up
   * @return empty if the key is not set
   * @throws IOException if it is neither a number nor a name in the table
   */
  static OptionalLong of(CourierRc rc, String key, Path table) throws IOException {
    Optional<String> value = rc.value(key);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong number = number(value.get());
    if (number.isEmpty()) {
      number = named(value.get(), table);
    }
    if (number.isEmpty()) {
      throw new IOException(
          key + " is \"" + value.get() + "\", neither a number nor a name in " + table);
    }
    return number;
  }

  /** A decimal number from 0 to 4294967295; empty if the text is anything else. */
  static OptionalLong number(String text) {
    if (text.isEmpty() || text.length() > 10) {
      return OptionalLong.empty();
    }
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return OptionalLong.empty();
      }
      value = value * 10 + digit;
    }
    return value > ID_MAX ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static OptionalLong named(String name, Path table) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(table, ISO_8859_1)) {
      for (int i = 0; i < LINES_MAX; i++) {
        String line = in.readLine();
        if (line == null) {
          return OptionalLong.empty();
        }
        String[] fields = line.split(":", 4);
        if (fields.length == 4 && fields[0].equals(name)) {
          return number(fields[2]);
        }
      }
      return OptionalLong.empty();
    }
  }
}
