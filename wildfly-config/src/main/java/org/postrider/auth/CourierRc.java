package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A settings file of Courier's modules: {@code authldaprc}, {@code authmysqlrc}, {@code
 * authpgsqlrc} and {@code authsqliterc}, as authlib 0.71 reads them.
 *
 * <pre>
 * KEY blanks value          blanks before the key and after the value do not count
 * KEY blanks value \        the next line goes on; a blank stands for the \ and for what the next line begins with
 * # ...                     a comment, which no \ continues; inside a continued value # is a character like any other
 * ##NAME: MARKER:0          must be there, at the beginning of a line: without it the file is not whole
 * </pre>
 *
 * <p>Of two lines with one key the first counts, and a key without a value counts as not there.
 * Nobody needs to know every key: those that nobody asks for are passed over. The file is UTF-8 of
 * 256 KiB at most, a value has 16,384 characters at most. It may hold a password, so the log says
 * when everybody can read it. Read it through a {@link WatchedFile}, which keeps what it said
 * before while it is being edited.
 */
public final class CourierRc {

  private static final Logger LOG = System.getLogger(CourierRc.class.getName());

  private static final int FILE_MAX_OCTETS = 256 * 1024;
  private static final int VALUE_MAX_CHARACTERS = 16 * 1024;
  private static final String MARKER = "##NAME: MARKER:";

  private final Map<String, String> values;

  private CourierRc(Map<String, String> values) {
    this.values = Map.copyOf(values);
  }

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, is too large, is not UTF-8 or lacks the marker; the
   *     message goes after "FILE cannot be used: "
   */
  public static CourierRc read(Path file) throws IOException {
    byte[] octets;
    try (InputStream in = Files.newInputStream(file)) {
      octets = in.readNBytes(FILE_MAX_OCTETS + 1);
    } catch (NoSuchFileException absent) {
      throw new IOException("there is no such file", absent);
    }
    if (octets.length > FILE_MAX_OCTETS) {
      throw new IOException("the file is larger than " + FILE_MAX_OCTETS + " octets");
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
      LOG.log(
          Level.WARNING,
          "{0} can be read by everybody and may hold a password. Run: chmod o= {0}",
          file);
    }
    return parse(octets);
  }

  static CourierRc parse(byte[] octets) throws IOException {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException other) {
      throw new IOException("it is not UTF-8", other);
    }
    Map<String, String> values = new HashMap<>();
    boolean marked = false;
    String[] lines = text.split("\n");
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (line.isEmpty() || line.startsWith("#")) {
        marked |= lines[i].startsWith(MARKER);
        continue;
      }
      int number = i + 1;
      int keyEnd = 0;
      while (keyEnd < line.length() && !Character.isWhitespace(line.charAt(keyEnd))) {
        keyEnd++;
      }
      String key = line.substring(0, keyEnd);
      String rest = line.substring(keyEnd).strip();
      StringBuilder value = new StringBuilder();
      while (rest.endsWith("\\") && i + 1 < lines.length) {
        value.append(rest, 0, rest.length() - 1).append(' ');
        rest = lines[++i].strip();
      }
      value.append(rest.endsWith("\\") ? rest.substring(0, rest.length() - 1) : rest);
      if (value.length() > VALUE_MAX_CHARACTERS) {
        throw new IOException(
            "line " + number + " has a value of more than " + VALUE_MAX_CHARACTERS + " characters");
      }
      values.putIfAbsent(key, value.toString().strip());
    }
    if (!marked) {
      throw new IOException(
          "the marker line is not found in it: put the line \""
              + MARKER
              + "0\" at its end, unless the rest of the file is missing as well");
    }
    return new CourierRc(values);
  }

  /** What a key is set to; empty if it is not, or set to nothing. */
  public Optional<String> value(String key) {
    return Optional.ofNullable(values.get(key)).filter(value -> !value.isEmpty());
  }

  /** What a key is set to, else {@code otherwise}. */
  public String value(String key, String otherwise) {
    return value(key).orElse(otherwise);
  }

  /**
   * What a key must be set to.
   *
   * @throws IOException if it is not set; the message goes after "FILE cannot be used: "
   */
  public String required(String key) throws IOException {
    return value(key).orElseThrow(() -> new IOException(key + " is not set in it"));
  }

  /**
   * A number.
   *
   * @param least the smallest that can be used
   * @param most the largest that can be used
   * @throws IOException if it is set to anything else; the message goes after "FILE cannot be used:
   *     "
   */
  public int number(String key, int otherwise, int least, int most) throws IOException {
    Optional<String> value = value(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException none) {
      // said below
    }
    throw new IOException(
        key + " is \"" + value.get() + "\" but must be a number from " + least + " to " + most);
  }

  /**
   * Whether a switch is on: any number but 0.
   *
   * @throws IOException if it is set to something that is no number
   */
  public boolean isOn(String key) throws IOException {
    return number(key, 0, Integer.MIN_VALUE, Integer.MAX_VALUE) != 0;
  }

  /** Which keys are set, and no value: some are passwords. */
  @Override
  public String toString() {
    return "CourierRc" + values.keySet();
  }
}
