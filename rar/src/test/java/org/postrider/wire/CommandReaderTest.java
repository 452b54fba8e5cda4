package org.postrider.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.protocol.MailboxNameException;

/**
 * The rules of RFC 3501 section 9, one table each. A backslash-r-backslash-n stands for a line end.
 */
class CommandReaderTest {

  private final List<String> continuations = new ArrayList<>();

  private CommandReader reader(String octets) throws IOException {
    byte[] bytes = octets.replace("\\r\\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    CommandReader reader =
        new CommandReader(new ByteArrayInputStream(bytes), () -> continuations.add("+"));
    reader.setLimits(Limits.SIGNED_IN);
    assertThat(reader.awaitCommand()).isTrue();
    return reader;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "abc\\r\\n | abc",
        "a]b \\r\\n | a]b",
        "\"\"\\r\\n | ``",
        "\"a b\"\\r\\n | a b",
        "\"a\\\\b\\\"c\"\\r\\n | a\\b\"c",
        "\"Grüße\"\\r\\n | Grüße",
        "{3}\\r\\na b\\r\\n | a b",
        "{3+}\\r\\na b\\r\\n | a b",
        "{0}\\r\\n\\r\\n | ``",
        "NIL\\r\\n | NIL",
      })
  void stringsComeInThreeSpellings(String octets, String value) throws Exception {
    assertThat(reader(octets).astring()).isEqualTo(value);
  }

  @Test
  void onlyASynchronizingLiteralIsInvited() throws Exception {
    reader("{1+}\r\na\r\n").astring();
    assertThat(continuations).isEmpty();
    reader("{1}\r\na\r\n").astring();
    assertThat(continuations).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\r\n",
        " a\r\n",
        "(\r\n",
        "\"a\r\n\"",
        "\"a\\b\"\r\n",
        "\"a\u0000\"\r\n",
        "{-1}\r\n",
        "{x}\r\n",
        "{1\r\n",
        "{1++}\r\na",
        "{99999999999999999999}\r\n",
        "{70000}\r\n",
        "{1}x\r\n",
        "{1}\r\n\u0000\r\n",
        "%\r\n"
      })
  void whatIsNoStringIsRefused(String octets) throws Exception {
    CommandReader reader = reader(octets);
    assertThatThrownBy(reader::astring).isInstanceOf(SyntaxException.class);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "4294967295,4294967295", "007,7"})
  void numbersAre32Bits(String octets, long value) throws Exception {
    assertThat(reader(octets + "\r\n").number()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "x", "4294967296", "99999999999999999999999"})
  void whatIsNoNumberIsRefused(String octets) throws Exception {
    CommandReader reader = reader(octets + "\r\n");
    assertThatThrownBy(reader::number).isInstanceOf(SyntaxException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2,4:7,9,12:*   | 2:2 4:7 9:9 12:0",
        "*:4,5:7        | 0:4 5:7",
        "*              | 0:0",
        "1:4294967295   | 1:4294967295",
        "3:1            | 3:1",
      })
  void sequenceSetsAreReadAsTheyCome(String octets, String ranges) throws Exception {
    StringBuilder read = new StringBuilder();
    reader(octets.strip() + "\r\n")
        .messageSet()
        .ranges()
        .forEach(range -> read.append(range.first()).append(':').append(range.last()).append(' '));
    assertThat(read.toString().strip()).isEqualTo(ranges);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "1:0", ",1", "1:", ":1", "1::2", "4294967296", "x", "-1", "**"})
  void whatIsNoSequenceSetIsRefused(String octets) throws Exception {
    CommandReader reader = reader(octets + "\r\n");
    assertThatThrownBy(
            () -> {
              reader.messageSet();
              reader.endOfLine();
            })
        .isInstanceOf(SyntaxException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'\" 7-Feb-1994 21:52:25 -0800\"',1994-02-07T21:52:25-08:00",
    "'\"17-Jul-1996 02:44:25 -0700\"',1996-07-17T02:44:25-07:00",
    "'\"01-JAN-2000 00:00:00 +0000\"',2000-01-01T00:00Z",
    "'\"31-Dec-2030 23:59:59 +1400\"',2030-12-31T23:59:59+14:00",
  })
  void dateTimesAreRead(String octets, String value) throws Exception {
    assertThat(reader(octets + "\r\n").dateTime()).isEqualTo(OffsetDateTime.parse(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7-Feb-1994 21:52:25 -0800",
        "\"7-Feb-94 21:52:25 -0800\"",
        "\"30-Feb-1994 21:52:25 -0800\"",
        "\"01-Feb-1994 24:00:00 +0000\"",
        "\"01-Feb-1994 21:60:00 +0000\"",
        "\"01-Feb-1994 21:52:25\"",
        "\"01-Feb-1994 21:52:25 PST\"",
        "\"01-Feb-1994 21:52:25 +9999\"",
        "\"00-Feb-1994 21:52:25 +0000\"",
        "\"01-Foo-1994 21:52:25 +0000\""
      })
  void whatIsNoDateTimeIsRefused(String octets) throws Exception {
    CommandReader reader = reader(octets + "\r\n");
    assertThatThrownBy(reader::dateTime).isInstanceOf(SyntaxException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "()                  | ()",
        "(\\Seen)            | (\\Seen)",
        "(\\SEEN \\draft $x) | (\\Seen \\Draft $x)",
        "(a A b)             | (a b)",
      })
  void flagListsAreRead(String octets, String flags) throws Exception {
    assertThat(reader(octets.strip() + "\r\n").flagList()).hasToString(flags);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\Seen",
        "(\\Recent)",
        "(\\Foo)",
        "(\\*)",
        "( \\Seen)",
        "(\\Seen",
        "(a(b)",
        "(\\)"
      })
  void whatIsNoFlagListIsRefused(String octets) throws Exception {
    CommandReader reader = reader(octets + "\r\n");
    assertThatThrownBy(reader::flagList).isInstanceOf(SyntaxException.class);
  }

  @Test
  void aNameIsDecodedByTheSpellingInForce() throws Exception {
    assertThat(reader("INBOX.&AOk-t&AOk-\r\n").mailbox()).hasToString("INBOX.été");
    CommandReader before = reader("\"INBOX.été\"\r\n");
    assertThatThrownBy(before::mailbox).isInstanceOf(MailboxNameException.class);
    CommandReader after = reader("\"INBOX.été\"\r\n");
    after.enableUtf8();
    assertThat(after.mailbox()).hasToString("INBOX.été");
  }

  @Test
  void theRestOfARefusedCommandIsDroppedWithItsLiterals() throws Exception {
    CommandReader reader = reader("x (bad {9+}\r\na1 NOOP\r\n more\r\nb2 next\r\n");
    assertThat(reader.tag().value()).isEqualTo("x");
    reader.sp();
    assertThatThrownBy(reader::atom).isInstanceOf(SyntaxException.class);
    reader.skipCommand();
    assertThat(reader.awaitCommand()).isTrue();
    assertThat(reader.tag().value()).isEqualTo("b2");
  }

  @Test
  void aLiteralTooLargeIsRefusedBeforeItIsInvited() throws Exception {
    CommandReader reader = reader("{65537}\r\n");
    assertThatThrownBy(reader::astring).isInstanceOf(LiteralTooBigException.class);
    assertThat(continuations).isEmpty();
  }

  @Test
  void aCommandWithoutEndIsRefusedAtItsBudget() throws Exception {
    CommandReader reader = reader("a".repeat(70_000));
    assertThatThrownBy(reader::astring)
        .isInstanceOf(SyntaxException.class)
        .hasMessageContaining("65536");
  }
}
