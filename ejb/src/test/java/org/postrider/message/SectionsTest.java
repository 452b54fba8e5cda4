package org.postrider.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.Literal;
import org.postrider.protocol.Partial;
import org.postrider.protocol.Section;

/**
 * The complex message of RFC 3501, section by section.
 *
 * @rfc 3501 6.4.5
 */
class SectionsTest {

  static final String COMPLEX =
      """
      From: outer@example.com
      To: you@example.com
      Subject: outer
      Content-Type: multipart/mixed; boundary=a

      preamble
      --a
      Content-Type: text/plain

      one
      --a
      Content-Type: application/octet-stream

      two
      --a
      Content-Type: message/rfc822
      Content-Description: three

      Subject: inner three
      Content-Type: multipart/mixed; boundary=b

      --b

      three one
      --b
      Content-Type: application/octet-stream

      three two
      --b--
      --a
      Content-Type: multipart/mixed; boundary=c

      --c
      Content-Type: image/gif

      four one
      --c
      Content-Type: message/rfc822

      Subject: inner four two
      Content-Type: multipart/mixed; boundary=d

      --d
      Content-Type: text/plain

      four two one
      --d
      Content-Type: multipart/alternative; boundary=e

      --e
      Content-Type: text/plain

      plain
      --e
      Content-Type: text/richtext

      rich
      --e--
      --d--
      --c--
      --a--
      epilogue
      """;

  @TempDir Path directory;

  private String get(String message, Section section, Partial partial) throws IOException {
    try (FileChannel file = Messages.file(directory, Messages.octets(message))) {
      FetchItem.Body item =
          new FetchItem.Body(section, Optional.ofNullable(partial), true, FetchItem.Body.Name.BODY);
      Literal literal = MessageParser.parse(file).literal(item, file);
      String sent = new String(Messages.sent(literal), StandardCharsets.UTF_8);
      assertThat(sent.length()).isEqualTo((int) literal.size());
      return sent;
    }
  }

  private String get(String message, String section) throws IOException {
    return get(message, section(section), null);
  }

  /** {@code 1.2.TEXT}, without lists of fields. */
  static Section section(String text) {
    List<Long> part = new java.util.ArrayList<>();
    Section.Text what = Section.Text.ALL;
    for (String word : text.isEmpty() ? new String[0] : text.split("\\.", -1)) {
      if (Character.isDigit(word.charAt(0))) {
        part.add(Long.valueOf(word));
      } else {
        what = Section.Text.valueOf(word);
      }
    }
    return new Section(part, what, List.of());
  }

  @ParameterizedTest
  @CsvSource({
    "1, one",
    "2, two",
    "3.1, three one",
    "3.2, three two",
    "4.1, four one",
    "4.1.MIME, 'Content-Type: image/gif~~'",
    "4.2.1, four two one",
    "4.2.2.1, plain",
    "4.2.2.2, rich",
    "3.HEADER, 'Subject: inner three~Content-Type: multipart/mixed; boundary=b~~'",
    "4.2.HEADER, 'Subject: inner four two~Content-Type: multipart/mixed; boundary=d~~'",
    "3.TEXT, '--b~~three one~--b~Content-Type: application/octet-stream~~three two~--b--'",
    "3.MIME, 'Content-Type: message/rfc822~Content-Description: three~~'",
    "4.2.2, '--e~Content-Type: text/plain~~plain~--e~Content-Type: text/richtext~~rich~--e--'",
  })
  void numbersLeadToTheParts(String section, String text) throws IOException {
    assertThat(get(COMPLEX, section)).isEqualTo(text.replace("~", "\r\n"));
  }

  @ParameterizedTest
  @CsvSource({
    "5",
    "1.1",
    "2.1",
    "3.3",
    "3.1.1",
    "4.3",
    "1.HEADER",
    "1.TEXT",
    "4.HEADER",
    "4.2.2.3",
    "9.9.9"
  })
  void whatIsNotThereIsEmpty(String section) throws IOException {
    assertThat(get(COMPLEX, section)).isEmpty();
  }

  @Test
  void wholeMessageIsHeaderAndText() throws IOException {
    assertThat(get(COMPLEX, "")).isEqualTo(COMPLEX.replace("\n", "\r\n"));
    assertThat(get(COMPLEX, "HEADER") + get(COMPLEX, "TEXT")).isEqualTo(get(COMPLEX, ""));
    assertThat(get(COMPLEX, "TEXT")).startsWith("preamble\r\n--a").endsWith("epilogue\r\n");
  }

  @Test
  void nestedMessageIsItsHeaderAndText() throws IOException {
    assertThat(get(COMPLEX, "3.HEADER") + get(COMPLEX, "3.TEXT")).isEqualTo(get(COMPLEX, "3"));
  }

  @Test
  void messageThatIsNoMultipartHasPartOne() throws IOException {
    String message = "Subject: x\n\nline\nline\n";
    assertThat(get(message, "1")).isEqualTo("line\r\nline\r\n");
    assertThat(get(message, "1.MIME")).isEqualTo("Subject: x\r\n\r\n");
    assertThat(get(message, "2")).isEmpty();
    assertThat(get(message, "1.1")).isEmpty();
  }

  @Test
  void messageThatIsAMessageHasItsPartsBehindOne() throws IOException {
    String message = "Content-Type: message/rfc822\n\nSubject: in\n\ntext";
    assertThat(get(message, "1")).isEqualTo("Subject: in\r\n\r\ntext");
    assertThat(get(message, "1.HEADER")).isEqualTo("Subject: in\r\n\r\n");
    assertThat(get(message, "1.TEXT")).isEqualTo("text");
    assertThat(get(message, "1.1")).isEqualTo("text");
    assertThat(get(message, "1.2")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 4", "7, 4", "8, 4", "9, 4", "10, 3", "11, 100"})
  void pieceIsCountedOnTheWire(int offset, int length) throws IOException {
    assertThat(get(COMPLEX, section("TEXT"), new Partial(offset, length)))
        .isEqualTo(get(COMPLEX, "TEXT").substring(offset, offset + length));
  }

  @Test
  void pieceBehindTheEndIsEmptyAndAcrossItIsShorter() throws IOException {
    assertThat(get(COMPLEX, section("1"), new Partial(3, 10))).isEmpty();
    assertThat(get(COMPLEX, section("1"), new Partial(1, 10))).isEqualTo("ne");
  }

  @Test
  void everyPieceOfALargeMessageIsWhatTheWholeHasThere() throws IOException {
    StringBuilder text = new StringBuilder("Subject: large\n\n");
    for (int i = 0; text.length() < 400_000; i++) {
      text.append("line ").append(i).append(i % 7 == 0 ? "\r\n" : "\n");
    }
    String message = text.toString();
    String whole = get(message, "");
    for (int offset = 0; offset < whole.length() + 10_000; offset += 9_973) {
      int from = Math.min(offset, whole.length());
      assertThat(get(message, section(""), new Partial(offset, 5_000)))
          .isEqualTo(whole.substring(from, Math.min(from + 5_000, whole.length())));
    }
  }

  @Test
  void headerFieldsAreChosenInTheirOrderWithTheirFolds() throws IOException {
    String message = "A: 1\nSubject: one\n two\nb: 2\r\nA : 3\njunk\nC: 4\n\nbody";
    assertThat(
            get(
                message,
                new Section(List.of(), Section.Text.HEADER_FIELDS, List.of("a", "SUBJECT")),
                null))
        .isEqualTo("A: 1\r\nSubject: one\r\n two\r\nA : 3\r\n\r\n");
    assertThat(
            get(
                message,
                new Section(List.of(), Section.Text.HEADER_FIELDS_NOT, List.of("a", "subject")),
                null))
        .isEqualTo("b: 2\r\nC: 4\r\n\r\n");
    assertThat(
            get(message, new Section(List.of(), Section.Text.HEADER_FIELDS, List.of("none")), null))
        .isEqualTo("\r\n");
    assertThat(
            get(
                COMPLEX,
                new Section(List.of(3L), Section.Text.HEADER_FIELDS, List.of("subject")),
                new Partial(9, 5)))
        .isEqualTo("inner");
  }

  @Test
  void hugeSelectionOfHeaderFieldsIsCutBetweenFields() throws IOException {
    String message = ("X: " + "y".repeat(1000) + "\n").repeat(1000) + "\n";
    String selection =
        get(message, new Section(List.of(), Section.Text.HEADER_FIELDS, List.of("X")), null);
    assertThat(selection.length())
        .isBetween(HeaderFields.MAX_SELECTION - 1_100, HeaderFields.MAX_SELECTION + 2);
    assertThat(selection).endsWith("y\r\n\r\n");
  }
}
