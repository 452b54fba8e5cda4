package org.postrider.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.postrider.protocol.BodyStructure.Parameter;

/**
 * Decodes what header fields encode beyond ASCII. Linear; never fails: what is no encoded word
 * stays as it is.
 *
 * <p>Blanks between two encoded words are dropped; neighbours in one character set are decoded
 * together, for some programs cut characters in two. Words longer than 75 characters and blanks
 * within words are taken, as programs make them.
 *
 * @rfc 2047 2
 * @rfc 2231 5
 */
public final class EncodedWords {

  private static final int MAX_CHARSET = 64;

  private final String text;
  private final StringBuilder decoded;
  private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
  private Charset charset;

  private EncodedWords(String text) {
    this.text = text;
    this.decoded = new StringBuilder(text.length());
  }

  /** The text with its encoded words decoded. */
  public static String decode(String text) {
    return text.contains("=?") ? new EncodedWords(text).run() : text;
  }

  /**
   * A Content-Type or Content-Disposition field, decoded, followed by its encoded parameters,
   * decoded as well: text to search in.
   *
   * @rfc 2231 4
   */
  public static String decodeParameters(String field) {
    String text = decode(field);
    if (field.indexOf('*') < 0) {
      return text;
    }
    StringBuilder all = new StringBuilder(text);
    for (Parameter parameter : MimeValue.parse(field).parameters()) {
      String value = parameter.value();
      List<String> quotes = List.of(value.split("'", 3));
      if (parameter.name().endsWith("*") && quotes.size() == 3) {
        byte[] octets = percentDecoded(quotes.get(2));
        Charset charset = Charsets.named(quotes.get(0).isEmpty() ? null : quotes.get(0));
        all.append(' ').append(TextDecoder.decode(octets, 0, octets.length, charset));
      } else if (!text.contains(value)) {
        all.append(' ').append(decode(value));
      }
    }
    return all.toString();
  }

  private static byte[] percentDecoded(String value) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      int high = c == '%' && i + 2 < value.length() ? Character.digit(value.charAt(i + 1), 16) : -1;
      int low = high >= 0 ? Character.digit(value.charAt(i + 2), 16) : -1;
      if (low >= 0) {
        octets.write(high << 4 | low);
        i += 2;
      } else {
        octets.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    return octets.toByteArray();
  }

  private String run() {
    int plain = 0;
    int search = 0;
    while (true) {
      int start = text.indexOf("=?", search);
      if (start < 0) {
        break;
      }
      int end = word(start, plain);
      if (end < 0) {
        search = start + 2;
      } else {
        plain = end;
        search = end;
      }
    }
    flush();
    return decoded.append(text, plain, text.length()).toString();
  }

  /**
   * Decodes the encoded word at {@code start}, if it is one; before it, appends the plain text
   * since {@code plain}.
   *
   * @return where the word ends; -1 where it is none
   */
  private int word(int start, int plain) {
    int charsetEnd = text.indexOf('?', start + 2);
    if (charsetEnd < 0
        || charsetEnd == start + 2
        || charsetEnd - start > MAX_CHARSET
        || charsetEnd + 3 >= text.length()
        || text.charAt(charsetEnd + 2) != '?') {
      return -1;
    }
    char encoding = text.charAt(charsetEnd + 1);
    boolean base64 = encoding == 'B' || encoding == 'b';
    if (!base64 && encoding != 'Q' && encoding != 'q') {
      return -1;
    }
    int from = charsetEnd + 3;
    int to = text.indexOf('?', from);
    if (to < 0 || to + 1 >= text.length() || text.charAt(to + 1) != '=') {
      return -1;
    }
    String name = text.substring(start + 2, charsetEnd);
    int language = name.indexOf('*');
    Charset wordCharset = Charsets.named(language < 0 ? name : name.substring(0, language));
    boolean adjacent = charset != null && text.substring(plain, start).isBlank();
    if (!adjacent || !wordCharset.equals(charset)) {
      flush();
    }
    if (!adjacent) {
      decoded.append(text, plain, start);
    }
    charset = wordCharset;
    append(text.substring(from, to), base64);
    return to + 2;
  }

  private void append(String encoded, boolean base64) {
    byte[] source = encoded.getBytes(StandardCharsets.UTF_8);
    if (!base64) {
      for (int i = 0; i < source.length; i++) {
        if (source[i] == '_') {
          source[i] = ' ';
        }
      }
    }
    TransferDecoder decoder = new TransferDecoder(base64 ? "base64" : "quoted-printable");
    int length = decoder.decode(source, 0, source.length);
    octets.write(decoder.decoded(), 0, length);
  }

  private void flush() {
    if (charset != null) {
      byte[] all = octets.toByteArray();
      decoded.append(TextDecoder.decode(all, 0, all.length, charset));
      octets.reset();
      charset = null;
    }
  }
}
