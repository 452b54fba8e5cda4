package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What sign-in takes from Courier's {@code authdaemonrc}: a shell fragment that assigns. Understood
 * are {@code NAME=value}, double and single quotes, {@code \} before a character, comments and
 * {@code export NAME}.
 *
 * <pre>
 * authmodulelist="authuserdb authldap"      the modules, in the order in which they are asked
 * AUTHMODULES="authuserdb"                  the same in the files of Courier-IMAP 1.x, if there is no authmodulelist
 * DEFAULTOPTIONS="disableshared=1"          options of every account that does not set them itself
 * LDAPTLS_CACERT=/etc/ssl/ca.pem            and what else other modules ask for
 * </pre>
 *
 * @param modules in order, each once
 * @param defaults for accounts that lack the option
 * @param values every assignment, by name
 */
public record Authdaemonrc(
    List<String> modules, AccountOptions defaults, Map<String, String> values) {

  /** What holds without a file. */
  public static final Authdaemonrc DEFAULT =
      new Authdaemonrc(List.of("authuserdb"), AccountOptions.NONE, Map.of());

  private static final int FILE_MAX_OCTETS = 64 * 1024;

  /** Copies what it is given. */
  public Authdaemonrc {
    modules = List.copyOf(modules);
    values = Map.copyOf(values);
  }

  /**
   * Reads the file of a directory.
   *
   * @param etc where it is
   * @throws IOException if it cannot be read, is too large or has a line that is none of the above
   */
  public static Authdaemonrc read(Path etc) throws IOException {
    return parse(read(etc.resolve("authdaemonrc"), FILE_MAX_OCTETS));
  }

  /**
   * The file of a directory, read again when it changes.
   *
   * @param etc where it is
   */
  public static WatchedFile<Authdaemonrc> watch(Path etc) {
    return new WatchedFile<>(etc.resolve("authdaemonrc"), DEFAULT, file -> read(etc));
  }

  private static String read(Path file, int most) throws IOException {
    byte[] octets;
    try (InputStream in = Files.newInputStream(file)) {
      octets = in.readNBytes(most + 1);
    }
    if (octets.length > most) {
      throw new IOException("the file is larger than " + most + " octets");
    }
    return new String(octets, UTF_8);
  }

  static Authdaemonrc parse(String text) throws IOException {
    Map<String, String> values = new HashMap<>();
    int number = 0;
    for (String line : text.split("\n")) {
      number++;
      String setting = line.strip();
      if (setting.startsWith("export ")) {
        setting = setting.substring("export ".length()).strip();
        if (setting.indexOf('=') < 0) {
          continue;
        }
      }
      if (setting.isEmpty() || setting.startsWith("#")) {
        continue;
      }
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw new IOException("line " + number + " is not NAME=value");
      }
      values.put(setting.substring(0, equals).strip(), value(setting, equals + 1, number));
    }
    return new Authdaemonrc(
        modules(values), AccountOptions.parse(values.getOrDefault("DEFAULTOPTIONS", "")), values);
  }

  private static List<String> modules(Map<String, String> values) {
    String list = values.get("authmodulelist");
    String older = values.get("AUTHMODULES");
    if (list == null && older == null) {
      return DEFAULT.modules;
    }
    return words(list != null ? list : older).distinct().toList();
  }

  private static Stream<String> words(String text) {
    return Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty());
  }

  /**
   * What holds where there is no {@code authdaemonrc} but the settings of a Courier-IMAP 1.x, whose
   * one file named the modules.
   *
   * @param imapd the settings file, of which only {@code AUTHMODULES} counts; it may hold any shell
   */
  static Authdaemonrc ofImapd(Path imapd) throws IOException {
    String assignment = "";
    for (String line : read(imapd, 1 << 20).split("\n")) {
      if (line.strip().startsWith("AUTHMODULES=")) {
        assignment = line;
      }
    }
    return parse(assignment);
  }

  /** The value of an assignment; empty if it is set to nothing, or not at all. */
  public Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
  }

  private static String value(String line, int from, int number) throws IOException {
    StringBuilder value = new StringBuilder();
    char quote = 0;
    int i = from;
    while (i < line.length() && Character.isWhitespace(line.charAt(i))) {
      i++; // no shell would take it, but people write it
    }
    for (; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote == 0 && (Character.isWhitespace(c) || c == ';' || c == '#')) {
        break;
      }
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
        value.append(line.charAt(++i));
      } else {
        value.append(c);
      }
    }
    if (quote != 0) {
      throw new IOException("line " + number + " has a quote that does not end");
    }
    return value.toString();
  }
}
