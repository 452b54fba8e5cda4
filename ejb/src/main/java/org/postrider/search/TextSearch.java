package org.postrider.search;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.postrider.message.BodyReader;
import org.postrider.message.Charsets;
import org.postrider.message.EncodedWords;
import org.postrider.message.HeaderFields;
import org.postrider.message.Part;
import org.postrider.message.TextDecoder;

/**
 * Looks for some texts in the body of one message, all at once, and stops when all are found.
 *
 * <p>The body is what its text parts say ({@code text/*}, and the reports that are {@code
 * message/*}), decoded; and the header fields of messages within. Of the headers of other parts,
 * only a search in the whole text is concerned: there the names of attached files are. Attachments
 * of other kinds are not read.
 */
final class TextSearch {

  /** Octets of a header field that are searched. */
  static final int MAX_FIELD = 128 * 1024;

  private static final int HELD = 32;

  private final FileChannel file;
  private final List<TextMatcher> inBody;
  private final List<TextMatcher> inParts;

  /**
   * @param inBody texts that have to be in the body
   * @param inParts texts that may as well be in the headers of parts
   */
  TextSearch(FileChannel file, List<TextMatcher> inBody, List<TextMatcher> inParts) {
    this.file = file;
    this.inBody = List.copyOf(inBody);
    this.inParts = List.copyOf(inParts);
  }

  /** As deep as parts are, which the parser bounds. */
  void message(Part message) throws IOException {
    contents(message);
  }

  private void contents(Part part) throws IOException {
    if (part.hasMessage()) {
      header(part.message(), true);
      contents(part.message());
    } else if (part.isMultipart()) {
      for (Part child : part.parts()) {
        if (done()) {
          return;
        }
        header(child, false);
        contents(child);
      }
    } else if (part.type().equals("text") || part.type().equals("message")) {
      text(part);
    }
  }

  private boolean done() {
    return inBody.stream().allMatch(TextMatcher::found)
        && inParts.stream().allMatch(TextMatcher::found);
  }

  private void header(Part part, boolean message) throws IOException {
    if ((inParts.isEmpty() && !message) || part.header().length() == 0) {
      return;
    }
    try (HeaderFields fields = HeaderFields.of(file, part.header(), MAX_FIELD)) {
      while (fields.next()) {
        String text = searchable(fields);
        inParts.forEach(matcher -> matcher.text(text));
        if (message) {
          inBody.forEach(matcher -> matcher.text(text));
        }
      }
    }
  }

  /** {@code Name: value}, with what it encodes decoded. */
  static String searchable(HeaderFields field) {
    return field.name() + ": " + decodedValue(field);
  }

  static String decodedValue(HeaderFields field) {
    boolean hasParameters = field.name().toLowerCase(Locale.ROOT).startsWith("content-");
    String value = field.value();
    return hasParameters ? EncodedWords.decodeParameters(value) : EncodedWords.decode(value);
  }

  private void text(Part part) throws IOException {
    List<TextMatcher> open = new ArrayList<>();
    for (List<TextMatcher> some : List.of(inBody, inParts)) {
      for (TextMatcher matcher : some) {
        if (!matcher.found()) {
          matcher.start();
          open.add(matcher);
        }
      }
    }
    if (open.isEmpty()) {
      return;
    }
    Charset charset = Charsets.named(part.parameter("charset"));
    if (Charsets.isAsciiInside(charset) && open.stream().allMatch(TextMatcher::isAscii)) {
      BodyReader.read(
          file,
          part,
          (octets, from, to) -> {
            open.forEach(matcher -> matcher.octets(octets, from, to));
            return !allFound(open);
          });
      return;
    }
    Characters characters = new Characters(open);
    TextDecoder decoder = new TextDecoder(charset);
    BodyReader.read(
        file,
        part,
        (octets, from, to) -> {
          decoder.octets(octets, from, to, characters);
          return !allFound(open);
        });
    decoder.end(characters);
    characters.end();
  }

  private static boolean allFound(List<TextMatcher> matchers) {
    for (TextMatcher matcher : matchers) {
      if (!matcher.found()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Composes and folds text on its way: the last letter of a piece waits for accents at the
   * beginning of the next.
   */
  private static final class Characters implements TextDecoder.Sink {
    private final List<TextMatcher> matchers;
    private final StringBuilder held = new StringBuilder();

    Characters(List<TextMatcher> matchers) {
      this.matchers = matchers;
    }

    @Override
    public void text(char[] characters, int length) {
      int last = length - 1;
      while (last > 0 && length - last < HELD && CaseFolding.combines(characters[last])) {
        last--;
      }
      held.append(characters, 0, last);
      pass(held.toString());
      held.setLength(0);
      held.append(characters, last, length - last);
    }

    void end() {
      pass(held.toString());
      held.setLength(0);
    }

    private void pass(String text) {
      char[] folded = CaseFolding.fold(text);
      for (TextMatcher matcher : matchers) {
        matcher.folded(folded, folded.length);
      }
    }
  }
}
