package org.postrider.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.postrider.mail.MailException;
import org.postrider.protocol.MailboxNameException;
import org.postrider.session.CommandSpec;
import org.postrider.wire.CommandReader;
import org.postrider.wire.DisconnectException;
import org.postrider.wire.Limits;
import org.postrider.wire.SyntaxException;

/** Whatever a client sends is a command or refused, within the limits; nothing else comes of it. */
class CommandReadingTest {

  private static final List<String> WORDS =
      List.of(
          "UID",
          "FETCH",
          "STORE",
          "SEARCH",
          "APPEND",
          "SELECT",
          "LOGIN",
          "LIST",
          "STATUS",
          "COPY",
          "ID",
          "ENABLE",
          "AUTHENTICATE",
          "RENAME",
          "EXPUNGE",
          "1:*",
          "1,2",
          "*",
          "INBOX",
          "\"a b\"",
          "{3+}\r\nabc",
          "{3}\r\nabc",
          "(",
          ")",
          "((((",
          "\\Seen",
          "(\\Seen)",
          "FLAGS",
          "+FLAGS.SILENT",
          "BODY[",
          "]",
          "BODY.PEEK[HEADER.FIELDS (To)]",
          "<0.5>",
          "HEADER",
          "NOT",
          "OR",
          "ALL",
          "SUBJECT",
          "RETURN",
          "(MIN)",
          "CHARSET",
          "UTF-8",
          "SINCE",
          "1-Feb-2026",
          "\"01-Feb-2026 10:00:00 +0000\"",
          "&AOk-",
          "NIL",
          "\0",
          "\"",
          "~{1+}\r\nx",
          "{99999999999}",
          "é",
          "=",
          "MESSAGES",
          "PLAIN");

  @Provide
  Arbitrary<String> nearlyCommands() {
    return Arbitraries.of(WORDS)
        .list()
        .ofMinSize(1)
        .ofMaxSize(9)
        .map(words -> "a " + String.join(" ", words) + "\r\n");
  }

  @Property(tries = 20_000)
  void whatIsNearlyACommandIsReadOrRefused(@ForAll("nearlyCommands") String line) throws Exception {
    check(line.getBytes(StandardCharsets.UTF_8));
  }

  @Property(tries = 5000)
  void octetsOfAnyKindAreReadOrRefused(@ForAll byte[] octets) throws Exception {
    check(octets);
  }

  @FuzzTest
  void fuzzedOctetsAreReadOrRefused(FuzzedDataProvider data) throws Exception {
    check(data.consumeRemainingAsBytes());
  }

  /** Reads commands until the octets end, as a conversation does. */
  private static void check(byte[] octets) throws IOException {
    for (Limits limits : List.of(Limits.BEFORE_SIGN_IN, Limits.SIGNED_IN)) {
      CommandReader in = new CommandReader(new ByteArrayInputStream(octets), () -> {});
      in.setLimits(limits);
      int commands = 0;
      try {
        while (in.awaitCommand()) {
          readOne(in);
          assertThat(++commands).isLessThanOrEqualTo(octets.length);
        }
      } catch (EOFException e) {
        // The octets ended in the middle of a command.
      } catch (DisconnectException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private static void readOne(CommandReader in) throws IOException {
    try {
      in.tag();
      String name = in.sp().keyword();
      if (name.equals("UID")) {
        in.expectUids();
        name = in.sp().keyword();
      }
      CommandSpec spec = Commands.TABLE.find(name).orElse(null);
      if (spec == null) {
        in.skipCommand();
        return;
      }
      assertThat(spec.reader().read(in)).isNotNull();
      if (!name.equals("APPEND")) {
        in.endOfLine();
      }
      in.skipCommand();
    } catch (SyntaxException | MailboxNameException | MailException e) {
      assertThat(e.getMessage()).isNotBlank().doesNotContain("Exception");
      in.skipCommand();
    }
  }
}
