package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What sign-in takes from Courier's {@code authdaemonrc}. Lines are {@code NAME=value} or {@code
 * NAME="value"}, from {@code #} on they are comment, there is no continuation; other names are for
 * Courier and are passed over.
 *
 * <pre>
 * authmodulelist="authuserdb authldap"      the modules, in the order in which they are asked
 * DEFAULTOPTIONS="disableshared=1"          options of every account that does not set them itself
 * </pre>
 *
 * @param modules in order, each once
 * @param defaults for accounts that lack the option
 */
record Authdaemonrc(List<String> modules, AccountOptions defaults) {

  /** What holds without a file. */
  static final Authdaemonrc DEFAULT = new Authdaemonrc(List.of("authuserdb"), AccountOptions.NONE);

  private static final int FILE_MAX_OCTETS = 64 * 1024;

  /**
   * Reads a file that exists.
   *
   * @throws IOException if it cannot be read, is too large or has a line that is none of the above
   */
  static Authdaemonrc read(Path file) throws IOException {
    byte[] octets;
    try (InputStream in = Files.newInputStream(file)) {
      octets = in.readNBytes(FILE_MAX_OCTETS + 1);
    }
    if (octets.length > FILE_MAX_OCTETS) {
      throw new IOException("the file is larger than " + FILE_MAX_OCTETS + " octets");
    }
    return parse(new String(octets, UTF_8));
  }

  static Authdaemonrc parse(String text) throws IOException {
    List<String> modules = DEFAULT.modules;
    AccountOptions defaults = AccountOptions.NONE;
    int number = 0;
    for (String line : text.split("\n")) {
      number++;
      int comment = line.indexOf('#');
      String setting = (comment < 0 ? line : line.substring(0, comment)).strip();
      if (setting.isEmpty()) {
        continue;
      }
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw new IOException("line " + number + " is not NAME=value");
      }
      String value = unquote(setting.substring(equals + 1).strip());
      switch (setting.substring(0, equals).strip()) {
        case "authmodulelist" ->
            modules =
                value.isBlank()
                    ? List.of()
                    : List.of(value.strip().split("\\s+")).stream().distinct().toList();
        case "DEFAULTOPTIONS" -> defaults = AccountOptions.parse(value);
        default -> {}
      }
    }
    return new Authdaemonrc(modules, defaults);
  }

  private static String unquote(String value) {
    boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}
