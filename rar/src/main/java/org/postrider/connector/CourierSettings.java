package org.postrider.connector;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Courier's settings files {@code imapd} and {@code imapd-ssl}: shell fragments that only assign.
 * Understood are comments, double and single quotes, {@code \} before a character, and {@code
 * $NAME} or <code>${NAME}</code> of an earlier assignment; a line that is anything else is passed
 * over, as the files of a Courier site may hold shell that only Courier's start scripts need. Later
 * assignments win.
 *
 * @param values by name
 */
public record CourierSettings(Map<String, String> values) {

  /** A settings file is a few kilobytes; this is no settings file any more. */
  private static final long MAX_OCTETS = 1L << 20;

  public CourierSettings {
    values = Map.copyOf(values);
  }

  /**
   * Where the files are: what the system property {@code postrider.etc} or the environment variable
   * {@code POSTRIDER_ETC} names, so that the server can be pointed at those of a Courier site; else
   * {@code etc} in the data directory.
   *
   * @param home the data directory
   */
  public static Path directory(Path home) {
    String named = System.getProperty("postrider.etc", "");
    String variable = System.getenv("POSTRIDER_ETC");
    String etc = named.isBlank() && variable != null ? variable : named;
    return etc.isBlank() ? home.resolve("etc") : Path.of(etc).toAbsolutePath().normalize();
  }

  /**
   * Reads files one after the other; those that do not exist are passed over.
   *
   * @throws IOException where one can't be read, with its name
   */
  public static CourierSettings read(Path... files) throws IOException {
    Map<String, String> values = new HashMap<>();
    for (Path file : files) {
      try {
        if (Files.size(file) > MAX_OCTETS) {
          throw new IOException(
              file + " is larger than a settings file can be (" + MAX_OCTETS + " octets).");
        }
        // Not readString: a comment in Latin-1 is no reason to have no server.
        new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
            .lines()
            .forEach(line -> assign(line, values));
      } catch (NoSuchFileException e) {
        continue;
      }
    }
    return new CourierSettings(values);
  }

  /** The value, where it is there and not empty. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isBlank());
  }

  /** True for 1 and for anything that begins with a Y, as Courier's scripts read them. */
  public Optional<Boolean> flag(String name) {
    return get(name)
        .map(value -> value.startsWith("1") || value.toLowerCase(Locale.ROOT).startsWith("y"));
  }

  private static void assign(String line, Map<String, String> values) {
    String text = line.strip();
    int equals = text.indexOf('=');
    if (equals > 0 && isName(text.substring(0, equals))) {
      values.put(text.substring(0, equals), value(text.substring(equals + 1), values));
    }
  }

  private static boolean isName(String text) {
    return text.chars().allMatch(c -> c == '_' || Character.isLetterOrDigit(c))
        && !Character.isDigit(text.charAt(0));
  }

  private static String value(String text, Map<String, String> values) {
    StringBuilder value = new StringBuilder();
    char quote = 0;
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (quote == 0 && (Character.isWhitespace(c) || c == ';')) {
        break;
      }
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == '\\' && quote != '\'' && i + 1 < text.length()) {
        value.append(text.charAt(++i));
      } else if (c == '$' && quote != '\'') {
        i = expand(text, i, value, values);
        continue;
      } else {
        value.append(c);
      }
      i++;
    }
    return value.toString();
  }

  /** Appends the variable that begins at {@code dollar}; answers where the text goes on. */
  private static int expand(
      String text, int dollar, StringBuilder value, Map<String, String> values) {
    int from = dollar + 1;
    boolean braces = from < text.length() && text.charAt(from) == '{';
    int begin = braces ? from + 1 : from;
    int end = begin;
    while (end < text.length()
        && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
      end++;
    }
    if (end == begin) {
      value.append('$');
      return from;
    }
    value.append(values.getOrDefault(text.substring(begin, end), ""));
    return braces && end < text.length() && text.charAt(end) == '}' ? end + 1 : end;
  }
}
