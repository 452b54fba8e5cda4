package org.postrider.transcript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.postrider.transcript.Transcript.Expect;
import org.postrider.transcript.Transcript.Expect.Kind;
import org.postrider.transcript.Transcript.Piece;
import org.postrider.transcript.Transcript.Send;
import org.postrider.transcript.Transcript.Start;

class TranscriptParserTest {

  private static Transcript parse(String text) {
    return TranscriptParser.parse("test", URI.create("file:/test.imap"), text);
  }

  @Test
  void headAndLinesAreRead() {
    Transcript transcript =
        parse(
            """
            # why
            given INBOX 3, "INBOX.My Folder" 1; ordered
            needs mime

            C1: NOOP
            S1: * 3 EXISTS
            S1: OK …
            """);
    assertThat(transcript.given()).extracting("name").containsExactly("INBOX", "INBOX.My Folder");
    assertThat(transcript.given().getFirst().messages()).hasSize(3);
    assertThat(transcript.ordered()).isTrue();
    assertThat(transcript.needs()).containsExactly("mime");
    assertThat(transcript.start()).isEqualTo(Start.SELECTED);
    assertThat(transcript.steps())
        .containsExactly(
            new Send(1, 5, true, List.of(new Piece("NOOP", null, false))),
            new Expect(1, 6, Kind.UNTAGGED, "* 3 EXISTS"),
            new Expect(1, 7, Kind.TAGGED, "OK …"));
  }

  @Test
  void literalsAreCountedInOctets() {
    Transcript transcript =
        parse(
            """
            C1: APPEND INBOX {…+}
              | Grüße
              |
              / end
               more
            S1: * 1 FETCH (BODY[] {…}
              | Grüße
              )
            S1: OK …
            """);
    assertThat(transcript.steps())
        .startsWith(
            new Send(
                1,
                1,
                true,
                List.of(
                    new Piece("APPEND INBOX ", "Grüße\r\n\r\nend", false),
                    new Piece(" more", null, false))),
            new Expect(1, 6, Kind.UNTAGGED, "* 1 FETCH (BODY[] {9}\r\nGrüße\r\n)"));
  }

  @Test
  void octetsMayBeWrittenInHexadecimal() {
    Send send = (Send) parse("C1> x«00FF»y«41*3»\n").steps().getFirst();
    assertThat(TranscriptParser.wire(send.pieces().getFirst().text()))
        .containsExactly('x', 0, 0xFF, 'y', 'A', 'A', 'A');
  }

  @Test
  void whatIsNotTheLanguageIsNamedWithItsLine() {
    assertThatThrownBy(() -> parse("given INBOX 1\nC1: NOOP\nnonsense\n"))
        .hasMessageContaining("test.imap:3");
    assertThatThrownBy(() -> parse("orderly\nC1: NOOP\n")).hasMessageContaining("orderly");
    assertThatThrownBy(() -> parse("C1: X {…}\nS1: OK …\n")).hasMessageContaining("literal");
    assertThatThrownBy(() -> parse("# nothing\n")).hasMessageContaining("nothing is said");
  }
}
