package org.postrider.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postrider.protocol.BodyStructure;
import org.postrider.protocol.Envelope;
import org.postrider.protocol.Section;

/**
 * Small or middling messages that were made to cost much: each is read in less than two seconds and
 * little memory.
 */
class HostileMessagesTest {

  private static final int MEGABYTE = 1024 * 1024;

  @TempDir Path directory;

  static Stream<Arguments> messages() {
    return Stream.of(
        message("100,000 addresses", "To: " + "a@b, ".repeat(100_000) + "\n\n"),
        message("500,000 empty addresses", "To: " + ",".repeat(500_000) + "\n\n"),
        message("100,000 To fields", "To: a@b\n".repeat(100_000) + "\n"),
        message("1,000,000 folded lines", "To: a@b\n" + " \n".repeat(1_000_000) + "\n"),
        message("open comments", "From: " + "(".repeat(2 * MEGABYTE) + "\n\n"),
        message(
            "comments in literals",
            "From: " + "[(],".repeat(200_000) + ")".repeat(200_000) + "\n\n"),
        message("open quotes", "From: " + "\"a\\\"<".repeat(200_000) + "\n\n"),
        message("open brackets", "From: " + "<@[".repeat(200_000) + "\n\n"),
        message("groups", "From: " + "g:".repeat(200_000) + ";".repeat(200_000) + "\n\n"),
        message("10,000 multiparts deep", multiparts(10_000)),
        message(
            "1,000 boundaries open, then short lines",
            multiparts(1_000) + "--b\n".repeat(1_000_000)),
        message("long boundaries with one beginning", longBoundaries()),
        message("10,000 messages deep", "Content-Type: message/rfc822\n\n".repeat(10_000)),
        message("100,000 parts", multipart("--b\n\nx\n".repeat(100_000))),
        message("100,000 parts without a header", multipart("--b\n".repeat(500_000))),
        message(
            "9,000 messages with envelopes",
            multipart(
                ("--b\nContent-Type: message/rfc822\n\nTo: " + "a@b,".repeat(100) + "\n\n")
                    .repeat(9_000))),
        message(
            "9,000 parts with parameters",
            multipart(("--b\nContent-Type: a/b;" + "a=b;".repeat(200) + "\n\n").repeat(9_000))),
        message("20,000 parameters in pieces", "Content-Type: text/plain;" + pieces() + "\n\n"),
        message(
            "parameters without end",
            "Content-Type: text/plain;" + "a=\"\\\"".repeat(200_000) + "\n\n"),
        message(
            "comments in Content-Type", "Content-Type: text/plain" + "(".repeat(500_000) + "\n\n"),
        message("a header of 10 MB in one line", "Subject: " + "x".repeat(10 * MEGABYTE) + "\n\n"),
        message(
            "a header of 10 MB in fields", ("X: " + "y".repeat(60) + "\n").repeat(160_000) + "\n"),
        message("500,000 fields", "a:\n".repeat(500_000) + "\n"),
        message(
            "junk in a header",
            "Content-Type: multipart/mixed; boundary=b\n" + "--c\n".repeat(500_000) + "\n"),
        message("encoded words without end", "Subject: " + "=?utf-8?q?".repeat(200_000) + "\n\n"),
        message("a line of 20 MB", "\n" + "-".repeat(20 * MEGABYTE)),
        message("20 MB of line ends", multipart("\n".repeat(20 * MEGABYTE))),
        message("20 MB of carriage returns", multipart("\r".repeat(20 * MEGABYTE))),
        message("zeros", "\0".repeat(10 * MEGABYTE)));
  }

  private static Arguments message(String name, String message) {
    return Arguments.argumentSet(name, message);
  }

  private static String multipart(String body) {
    return "Content-Type: multipart/mixed; boundary=b\n\n" + body;
  }

  private static String multiparts(int depth) {
    StringBuilder message = new StringBuilder();
    for (int i = 0; i < depth; i++) {
      message
          .append("Content-Type: multipart/mixed; boundary=b")
          .append(i)
          .append("\n\n--b")
          .append(i)
          .append('\n');
    }
    return message.toString();
  }

  private static String longBoundaries() {
    StringBuilder message = new StringBuilder();
    String beginning = "x".repeat(190);
    for (int i = 0; i < 50; i++) {
      String boundary = beginning + i;
      message
          .append("Content-Type: multipart/mixed; boundary=")
          .append(boundary)
          .append("\n\n--")
          .append(boundary)
          .append('\n');
    }
    return message.append(("--" + beginning + "\n").repeat(50_000)).toString();
  }

  private static String pieces() {
    StringBuilder parameters = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      parameters.append("n*").append(i).append("*=%41;");
    }
    return parameters.toString();
  }

  @ParameterizedTest
  @MethodSource("messages")
  @Timeout(20)
  void hostileMessageCostsLittle(String text) throws IOException {
    byte[] message = Messages.octets(text);
    try (FileChannel file = Messages.file(directory, message)) {
      long start = System.nanoTime();
      Structure structure = MessageParser.parse(file);
      Envelope envelope = structure.envelope();
      BodyStructure body = structure.bodyStructure();
      for (Section section :
          List.of(
              SectionsTest.section("1.1"),
              new Section(List.of(), Section.Text.HEADER_FIELDS, List.of("to")))) {
        assertThat(structure.literal(Messages.item(section), file)).isNotNull();
      }
      MessageParser.parseHeader(file);
      try (HeaderFields fields = HeaderFields.of(file, HeaderCapture.MAX_FIELD)) {
        while (fields.next()) {
          EncodedWords.decode(fields.value());
        }
      }
      long milliseconds = (System.nanoTime() - start) / 1_000_000;
      // Several readings at once, on machines that are busy: the two seconds for one are far away.
      assertThat(milliseconds).isLessThan(4_000);
      assertThat(weight(envelope) + weight(body)).isLessThan(16 * MEGABYTE);
      assertThat(structure.wireSize()).isEqualTo(WireSize.of(file));
    }
  }

  /** About how many characters an answer has. */
  private static long weight(Object answer) {
    return answer.toString().toLowerCase(Locale.ROOT).length();
  }
}
