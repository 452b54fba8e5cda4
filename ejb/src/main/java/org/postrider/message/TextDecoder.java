package org.postrider.message;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Turns octets into characters, in pieces of any size. Octets that are not of the character set
 * become U+FFFD; in UTF-8 they are taken for Windows-1252, which they mostly are. Never fails. Used
 * by one thread.
 */
public final class TextDecoder {

  /** Takes the text, piece by piece. */
  @FunctionalInterface
  public interface Sink {
    void text(char[] characters, int length);
  }

  private static final int PIECE = 8 * 1024;
  private static final String[] WINDOWS_1252 = windows1252();

  private final CharsetDecoder decoder;
  private final boolean utf8;
  private final CharBuffer characters = CharBuffer.allocate(PIECE);

  /** Octets of a character of which the rest has not come yet. */
  private final ByteBuffer begun = ByteBuffer.allocate(32);

  public TextDecoder(Charset charset) {
    utf8 = charset.equals(StandardCharsets.UTF_8);
    decoder =
        charset
            .newDecoder()
            .onMalformedInput(utf8 ? CodingErrorAction.REPORT : CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
  }

  private static String[] windows1252() {
    String[] table = new String[256];
    for (int i = 0; i < table.length; i++) {
      table[i] = new String(new byte[] {(byte) i}, HeaderText.WINDOWS_1252);
    }
    return table;
  }

  /** All octets, at once. */
  public static String decode(byte[] octets, int from, int to, Charset charset) {
    StringBuilder text = new StringBuilder(to - from);
    TextDecoder decoder = new TextDecoder(charset);
    Sink sink = (characters, length) -> text.append(characters, 0, length);
    decoder.octets(octets, from, to, sink);
    decoder.end(sink);
    return text.toString();
  }

  /** The next octets. */
  public void octets(byte[] octets, int from, int to, Sink sink) {
    int at = from;
    while (begun.position() > 0 && at < to) {
      begun.put(octets[at++]);
      begun.flip();
      run(begun, false, sink);
      begun.compact();
    }
    ByteBuffer in = ByteBuffer.wrap(octets, at, to - at);
    run(in, false, sink);
    begun.put(in);
  }

  /** There are no more: what is left of a character is told as it is. */
  public void end(Sink sink) {
    begun.flip();
    run(begun, true, sink);
    begun.clear();
    while (decoder.flush(characters).isOverflow()) {
      drain(sink);
    }
    drain(sink);
    decoder.reset();
  }

  private void run(ByteBuffer in, boolean last, Sink sink) {
    while (true) {
      CoderResult result = decoder.decode(in, characters, last);
      if (result.isError()) {
        malformed(in, result.length(), sink);
      } else if (result.isOverflow()) {
        drain(sink);
      } else {
        drain(sink);
        return;
      }
    }
  }

  private void malformed(ByteBuffer in, int length, Sink sink) {
    for (int i = 0; i < length; i++) {
      if (characters.remaining() < 2) {
        drain(sink);
      }
      characters.put(WINDOWS_1252[in.get() & 0xFF]);
    }
  }

  private void drain(Sink sink) {
    if (characters.position() > 0) {
      sink.text(characters.array(), characters.position());
      characters.clear();
    }
  }
}
