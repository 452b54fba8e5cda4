package org.postrider.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.search.MessageHeader.Text;

class MessageHeaderTest {

  private static final Instant ARRIVED = Instant.parse("2026-02-01T09:30:00Z");

  @TempDir Path directory;

  private MessageHeader read(String header) throws IOException {
    Path file = directory.resolve("message");
    Files.writeString(file, header + "\n\nbody\n");
    try (FileChannel channel = FileChannel.open(file)) {
      return MessageHeader.read(channel, ARRIVED);
    }
  }

  private String text(String header, Text text) throws IOException {
    return new String(read(header).texts().get(text.ordinal()), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Date: 31 Dec 2000 16:01:33 -0800|2001-01-01T00:01:33Z",
        "Date: Mon, 05 Jan 2026 12:00:00 +9999|2026-01-05T12:00:00Z",
        "Date: Mon, 05 Jan 2026 25:00:00 +0000|2026-01-05T00:00:00Z",
        "Date: 30 Feb 2026 12:00:00 +0000|2026-02-01T09:30:00Z",
        "Date: soon|2026-02-01T09:30:00Z",
        "X-Date: Mon, 05 Jan 2026 12:00:00 +0000|2026-02-01T09:30:00Z"
      })
  void theSentDateIsAPointInTimeElseTheInternalDate(String header, Instant sent)
      throws IOException {
    assertThat(Instant.ofEpochSecond(read(header).sent())).isEqualTo(sent);
    assertThat(read(header).arrived()).isEqualTo(ARRIVED.getEpochSecond());
  }

  @Test
  void namesAndAddressesAreThoseOfTheFirstAddress() throws IOException {
    String header =
        "From: =?UTF-8?Q?J=C3=BCrgen?= <\"j m\"@example.com>, other@example.com\n"
            + "To: undisclosed-recipients:;\nCc: (comment)\nCc: Carl <carl@example.com>";
    assertThat(text(header, Text.FROM)).isEqualTo("J M");
    assertThat(text(header, Text.DISPLAY_FROM)).isEqualTo("JU\u0308RGEN");
    assertThat(text(header, Text.TO)).isEqualTo("UNDISCLOSED-RECIPIENTS");
    assertThat(text(header, Text.DISPLAY_TO)).isEqualTo("UNDISCLOSED-RECIPIENTS");
    assertThat(text("From: joe@example.com", Text.DISPLAY_FROM)).isEqualTo("JOE@EXAMPLE.COM");
    assertThat(text("Subject: none", Text.FROM)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<01KF8JCEOCBS0045PS@xxx.yyy.com>",
        "<\"01KF8JCEOCBS0045PS\"@xxx.yyy.com>",
        "garbage <no.at> <@x> <x@> < 01KF8JCEOCBS0045PS@xxx.\n yyy.com > more",
        "<01KF8JCEOCBS\"0\\045PS\"@xxx.yyy.com>",
        "<broken <01KF8JCEOCBS0045PS@xxx.yyy.com>"
      })
  void anIdentifierIsOneHoweverItIsSpelled(String spelled) throws IOException {
    long id = MessageIds.first("<01KF8JCEOCBS0045PS@xxx.yyy.com>");
    assertThat(read("Message-ID: " + spelled).id()).isEqualTo(id);
    assertThat(read("References: " + spelled).references()).containsExactly(id);
    assertThat(MessageIds.first("<01kf8jceocbs0045ps@xxx.yyy.com>")).isNotEqualTo(id);
  }

  @Test
  void theFirstIdentifierOfInReplyToCountsWhereThereAreNoReferences() throws IOException {
    long one = MessageIds.first("<1@x>");
    long two = MessageIds.first("<2@x>");
    assertThat(read("References: <2@x> <1@x>\nIn-Reply-To: <3@x>").references())
        .containsExactly(two, one);
    assertThat(read("References: nothing\nIn-Reply-To: a <1@x> b <2@x>").references())
        .containsExactly(one);
    assertThat(read("In-Reply-To: your message").references()).isEmpty();
    assertThat(read("Subject: x").id()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "References: <a@b>", "References: <", "References: <\"", "Message-ID: \"<", "Subject: [x]",
        "From: <a@b>, ", "To: (", "Cc: \"", "Date: 1 ", "Subject: =?utf-8?q?x?= "
      })
  void hostileHeadersCostATimeThatGrowsWithTheirLength(String start) throws IOException {
    String name = start.substring(0, start.indexOf(' ') + 1);
    String folded = name + (start.substring(name.length()).repeat(100) + "\n ").repeat(3000);
    MessageHeader header =
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> read(folded + "x"));
    assertThat(header.references().length).isLessThanOrEqualTo(MessageHeader.MOST_REFERENCES);
    assertThat(header.texts()).allMatch(text -> text.length <= UnicodeCasemap.MAX_KEY + 8);
  }

  /** RFC 5051 section 2, and its order by octets of UTF-8, not of UTF-16. */
  @Test
  void textsAreComparedInTitleCaseTakenApart() {
    assertThat(key("\u01C4")).isEqualTo("Dz\u030C");
    assertThat(key("eric")).isEqualTo("ERIC");
    assertThat(key("\u00E9\u00DF\uFB01")).isEqualTo("E\u0301\u00DFfi");
    assertThat(key("\uD55C")).isEqualTo("\uD55C");
    TextPool pool = new TextPool();
    int plane1 = pool.number(UnicodeCasemap.key("\uD83D\uDE00"));
    int private1 = pool.number(UnicodeCasemap.key("\uE000"));
    int letter = pool.number(UnicodeCasemap.key("A"));
    int empty = pool.number(new byte[0]);
    int[] ranks = pool.ranks();
    assertThat(List.of(ranks[empty], ranks[letter], ranks[private1], ranks[plane1]))
        .containsExactly(0, 1, 2, 3);
  }

  private static String key(String text) {
    return new String(UnicodeCasemap.key(text), StandardCharsets.UTF_8);
  }

  /** The vectors of the function's authors: key 00 01 ... 0f, octets 00 01 02 .... */
  @Test
  void hashesAreSipHash() {
    byte[] octets = new byte[15];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) i;
    }
    assertThat(KeyedHash.of(new byte[0], 0x0706050403020100L, 0x0f0e0d0c0b0a0908L))
        .isEqualTo(0x726fdb47dd0e0e31L);
    assertThat(KeyedHash.of(octets, 0x0706050403020100L, 0x0f0e0d0c0b0a0908L))
        .isEqualTo(0xa129ca6149be45e5L);
  }
}
