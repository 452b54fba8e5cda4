package org.postrider.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postrider.protocol.Address;
import org.postrider.protocol.BodyStructure;
import org.postrider.protocol.BodyStructure.Parameter;
import org.postrider.protocol.Envelope;

class MessageParserTest {

  /** {@code mixed(text/plain, rfc822(mixed(text/plain)))}. */
  static String shape(BodyStructure structure) {
    return switch (structure) {
      case BodyStructure.Multipart multipart -> {
        List<String> parts = new ArrayList<>();
        multipart.parts().forEach(part -> parts.add(shape(part)));
        yield multipart.subtype() + "(" + String.join(", ", parts) + ")";
      }
      case BodyStructure.Message message -> message.subtype() + "(" + shape(message.body()) + ")";
      case BodyStructure.Text text -> "text/" + text.subtype();
      case BodyStructure.Basic basic -> basic.type() + "/" + basic.subtype();
    };
  }

  static String shape(String message) {
    return shape(Messages.parse(message).bodyStructure());
  }

  @Test
  void complexMessageOfTheRfcHasItsShape() {
    assertThat(shape(SectionsTest.COMPLEX))
        .isEqualTo(
            "mixed(text/plain, application/octet-stream, rfc822(mixed(text/plain,"
                + " application/octet-stream)), mixed(image/gif, rfc822(mixed(text/plain,"
                + " alternative(text/plain, text/richtext)))))");
  }

  /**
   * @rfc 3501 7.4.2
   */
  @Test
  void textHasTheFieldsThatTheRfcLists() {
    BodyStructure.Text text =
        (BodyStructure.Text) Messages.parse("Subject: x\n\none\ntwo\n").bodyStructure();
    assertThat(text.parameters()).containsExactly(new Parameter("charset", "us-ascii"));
    assertThat(text.fields()).isEqualTo(new BodyStructure.Fields(null, null, "7bit", 10));
    assertThat(text.lines()).isEqualTo(2);
    assertThat(text.extension()).isEqualTo(BodyStructure.Extension.NONE);
  }

  @Test
  void extensionFieldsAreRead() {
    BodyStructure.Basic part =
        (BodyStructure.Basic)
            Messages.parse(
                    """
                    Content-Type: IMAGE/Jpeg; Name="a \\"b\\".jpg" (comment)
                    Content-ID: <1@x>
                    Content-Description: a
                     picture
                    Content-Transfer-Encoding: BASE64
                    Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==
                    Content-Disposition: Attachment; filename=my file.jpg; size=12
                    Content-Language: de, en-GB
                    Content-Location: http://example.com/
                     a.jpg

                    abcd\
                    """)
                .bodyStructure();
    assertThat(part.type() + "/" + part.subtype()).isEqualTo("image/jpeg");
    assertThat(part.parameters()).containsExactly(new Parameter("name", "a \"b\".jpg"));
    assertThat(part.fields())
        .isEqualTo(new BodyStructure.Fields("<1@x>", "a picture", "base64", 4));
    assertThat(part.extension().md5()).isEqualTo("Q2hlY2sgSW50ZWdyaXR5IQ==");
    assertThat(part.extension().disposition())
        .isEqualTo(
            new BodyStructure.Disposition(
                "attachment",
                List.of(new Parameter("filename", "my file.jpg"), new Parameter("size", "12"))));
    assertThat(part.extension().language()).containsExactly("de", "en-GB");
    assertThat(part.extension().location()).isEqualTo("http://example.com/a.jpg");
  }

  /**
   * @rfc 3501 7.4.2
   */
  @Test
  void envelopeIsReadAndDefaulted() {
    Envelope envelope =
        Messages.parse(
                """
                Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)
                From: Terry Gray <gray@cac.washington.edu>
                Subject: IMAP4rev1 WG mtg
                 summary and minutes
                To: imap@cac.washington.edu
                Cc: minutes@CNRI.Reston.VA.US,
                 John Klensin <KLENSIN@MIT.EDU>
                To: second@example.com
                Sender:
                Message-Id: <B27397-0100000@cac.washington.edu>

                """)
            .envelope();
    Address gray = new Address("Terry Gray", null, "gray", "cac.washington.edu");
    assertThat(envelope.date()).isEqualTo("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)");
    assertThat(envelope.subject()).isEqualTo("IMAP4rev1 WG mtg summary and minutes");
    assertThat(envelope.from()).containsExactly(gray);
    assertThat(envelope.sender()).containsExactly(gray);
    assertThat(envelope.replyTo()).containsExactly(gray);
    assertThat(envelope.to())
        .containsExactly(
            new Address(null, null, "imap", "cac.washington.edu"),
            new Address(null, null, "second", "example.com"));
    assertThat(envelope.cc())
        .containsExactly(
            new Address(null, null, "minutes", "CNRI.Reston.VA.US"),
            new Address("John Klensin", null, "KLENSIN", "MIT.EDU"));
    assertThat(envelope.bcc()).isEmpty();
    assertThat(envelope.inReplyTo()).isNull();
    assertThat(envelope.messageId()).isEqualTo("<B27397-0100000@cac.washington.edu>");
  }

  @Test
  void eightBitHeadersAreUtf8OrElseWindows1252() {
    assertThat(Messages.parse("Subject: größe\n\n").envelope().subject()).isEqualTo("größe");
    byte[] latin = "Subject: größe € \n\n".getBytes(HeaderText.WINDOWS_1252);
    assertThat(Messages.parse(latin).envelope().subject()).isEqualTo("größe €");
  }

  @Test
  void controlCharactersNeverReachAnEnvelope() {
    assertThat(Messages.parse("Subject: a\0b\rc\td\r\n e\n\n").envelope().subject())
        .isEqualTo("a b c d e");
  }

  @ParameterizedTest
  @CsvSource({
    "'', text/plain",
    "'\n', text/plain",
    "'Subject: only a header', text/plain",
    "'From me Mon Jan 1\nContent-Type: text/html\n\n', text/html",
    "'no header at all\nContent-Type: text/html\n', text/plain",
    "'Content-Type: text/html\njunk\nX: y\n\nbody', text/html",
    "'Content-Type: text\n\n', text/plain",
    "'Content-Type: /\n\n', text/plain",
    "'Content-Type: TEXT / HTML ; x\n\n', text/html",
    "'Content-Type: multipart/mixed\n\nbody', text/plain",
    "'Content-Type: multipart/mixed; boundary=b\n\nbody', text/plain",
    "'Content-Type: multipart/mixed; boundary=b\n\n--b--\n', text/plain",
    "'Content-Type: multipart/mixed; boundary=b\n\n--b', mixed(text/plain)",
    "'Content-Type: multipart/mixed; boundary=b\n\n"
        + "--b\n"
        + "--b \t\n"
        + "--b junk\n"
        + "--bad\n"
        + "--b--junk', 'mixed(text/plain, text/plain, text/plain)'",
    "'Content-Type: multipart/mixed boundary=b\n--b\nContent-Type: a/b\n--b--', mixed(a/b)",
    "'Content-Type: multipart/digest; boundary=b\n\n"
        + "--b\n\n"
        + "Subject: x\n\n"
        + "y\n"
        + "--b\n"
        + "Content-Type: text/html\n\n"
        + "', 'digest(rfc822(text/plain), text/html)'",
    "'Content-Type: message/global\n\nContent-Type: text/html\n\n', global(text/html)",
    "'Content-Type: message/rfc822\n\nthis is no message', rfc822(text/plain)",
    "'Content-Type: message/delivery-status\n\nX: y', message/delivery-status",
  })
  void brokenMessagesHaveALegalStructure(String message, String shape) {
    assertThat(shape(message)).isEqualTo(shape);
    assertThat(shape(message.replace("\n", "\r\n"))).isEqualTo(shape);
  }

  @Test
  void outerBoundaryEndsAllThatIsWithin() {
    String message =
        """
        Content-Type: multipart/mixed; boundary=a

        --a
        Content-Type: message/rfc822

        Content-Type: multipart/mixed; boundary=ab

        --ab
        Content-Type: multipart/mixed; boundary="ab--"

        --ab--
        Content-Type: text/html

        one
        --a
        Content-Type: text/plain

        two
        --a--
        """;
    assertThat(shape(message)).isEqualTo("mixed(rfc822(mixed(mixed(text/html))), text/plain)");
  }

  @Test
  void linesAndSizesAreThoseOfTheWire() {
    String part = "Content-Type: text/plain\n\nline\r\nlone \r in it\nlast\n--b--\n";
    BodyStructure.Multipart structure =
        (BodyStructure.Multipart)
            Messages.parse("Content-Type: multipart/mixed; boundary=b\n\n--b\n" + part)
                .bodyStructure();
    BodyStructure.Text text = (BodyStructure.Text) structure.parts().getFirst();
    assertThat(text.fields().octets()).isEqualTo("line\r\nlone \r in it\r\nlast".length());
    assertThat(text.lines()).isEqualTo(2);
  }

  @Test
  void whatIsTooDeepIsAFileOfUnknownKind() {
    StringBuilder message = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      message
          .append("Content-Type: multipart/mixed; boundary=b")
          .append(i)
          .append("\n\n--b")
          .append(i)
          .append('\n');
    }
    String shape = shape(message.toString());
    assertThat(shape).contains("application/octet-stream");
    assertThat(shape.chars().filter(c -> c == '(').count()).isEqualTo(MessageParser.MAX_DEPTH);
    String messages = shape("Content-Type: message/rfc822\n\n".repeat(100));
    assertThat(messages.chars().filter(c -> c == '(').count()).isEqualTo(MessageParser.MAX_DEPTH);
  }

  @Test
  void partsBeyondTheBoundBelongToTheLastOne() {
    String message =
        "Content-Type: multipart/mixed; boundary=b\n\n"
            + "--b\n\nx\n".repeat(MessageParser.MAX_PARTS + 5);
    Part root = Messages.parse(message).message();
    assertThat(root.parts()).hasSize(MessageParser.MAX_PARTS - 1);
    assertThat(root.parts().getLast().body().end()).isEqualTo(message.length());
  }

  /**
   * @rfc 2231 3
   * @rfc 2231 4
   */
  @Test
  void continuedParametersAreJoined() {
    assertThat(
            MimeValue.parse(
                    "message/external-body; access-type=URL; URL*0=\"ftp://\";"
                        + " URL*1=\"cs.utk.edu/\"")
                .parameters())
        .containsExactly(
            new Parameter("access-type", "URL"), new Parameter("url", "ftp://cs.utk.edu/"));
    assertThat(
            MimeValue.parse(
                    "application/x-stuff; title*0*=us-ascii'en'This%20is%20even%20more%20;"
                        + " title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"")
                .parameters())
        .containsExactly(
            new Parameter(
                "title*",
                "us-ascii'en'This%20is%20even%20more%20%2A%2A%2Afun%2A%2A%2A%20isn%27t it!"));
    assertThat(MimeValue.parse("a/b; name*=utf-8''x%20y; name=z").parameters())
        .containsExactly(new Parameter("name*", "utf-8''x%20y"), new Parameter("name", "z"));
    assertThat(MimeValue.parse("a/b; n*1=b; n*0=a; n*3=d").parameters())
        .containsExactly(new Parameter("n", "ab"));
  }
}
