package org.postrider.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLSession;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.postrider.session.Conversation;
import org.postrider.session.Link;
import org.postrider.session.Policy;
import org.postrider.transcript.MemoryMail;

/** Whatever somebody says who has signed in, the conversation goes on or ends in order. */
class AnyConversationTest {

  /** Held, so that its level stays: thousands of sign-ins say nothing about a test. */
  private static final Logger SIGN_INS = Logger.getLogger("org.postrider.imapd");

  static {
    SIGN_INS.setLevel(Level.WARNING);
  }

  private static final String BEGINNING =
      "a LOGIN fred swordfish\r\nb APPEND INBOX {9+}\r\na: b\r\n\r\nc\r\nc SELECT INBOX\r\n";

  private static final List<String> COMMANDS =
      List.of(
          "NOOP",
          "SEARCH ",
          "UID SEARCH ",
          "FETCH ",
          "UID FETCH ",
          "STORE ",
          "UID STORE ",
          "COPY ",
          "UID COPY ",
          "MOVE ",
          "UID MOVE ",
          "EXPUNGE",
          "UID EXPUNGE ",
          "SELECT ",
          "EXAMINE ",
          "CREATE ",
          "DELETE ",
          "RENAME ",
          "LIST ",
          "LSUB ",
          "STATUS ",
          "SUBSCRIBE ",
          "APPEND ",
          "CLOSE",
          "UNSELECT",
          "ENABLE ",
          "ID ",
          "IDLE\r\nDONE",
          "NAMESPACE",
          "CAPABILITY",
          "CHECK",
          "LOGIN ",
          "AUTHENTICATE ");

  private static final List<String> ARGUMENTS =
      List.of(
          "1",
          "1:*",
          "*",
          "4294967295",
          "INBOX",
          "INBOX.a",
          "INBOX.a.b",
          "inbox.",
          "\"\"",
          "%",
          "*.*",
          "FLAGS",
          "(FLAGS UID)",
          "BODY[]",
          "BODY[TEXT]<0.1>",
          "BODY[1.2.MIME]",
          "RFC822.SIZE",
          "FAST",
          "FULL",
          "+FLAGS (\\Deleted)",
          "-FLAGS.SILENT (x)",
          "FLAGS ()",
          "ALL",
          "NOT SEEN",
          "OR 1 2",
          "RECENT",
          "KEYWORD x",
          "BEFORE 1-Jan-2000",
          "HEADER a b",
          "RETURN (MIN MAX)",
          "(MESSAGES RECENT)",
          "UTF8=ACCEPT",
          "NIL",
          "(\"a\" NIL)",
          "{3+}\r\nabc",
          "(\\Seen) {1+}\r\nx",
          "\"01-Jan-2000 00:00:00 +0000\" {0+}\r\n",
          "PLAIN",
          "AGZyZWQAc3dvcmRmaXNo",
          "x y");

  @Provide
  Arbitrary<String> conversations() {
    Arbitrary<String> arguments =
        Arbitraries.of(ARGUMENTS).list().ofMaxSize(3).map(list -> String.join(" ", list));
    return Arbitraries.of(COMMANDS)
        .flatMap(command -> arguments.map(words -> "x " + command + words + "\r\n"))
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .map(lines -> String.join("", lines));
  }

  @Property(tries = 1000)
  void commandsInAnyOrderWithAnyArgumentsAreAnswered(@ForAll("conversations") String said) {
    check(said.getBytes(StandardCharsets.UTF_8));
  }

  @FuzzTest
  void fuzzedOctetsAreAnswered(FuzzedDataProvider data) {
    check(data.consumeRemainingAsBytes());
  }

  private static void check(byte[] said) {
    ByteArrayOutputStream in = new ByteArrayOutputStream();
    in.writeBytes(BEGINNING.getBytes(StandardCharsets.UTF_8));
    in.writeBytes(said);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    MemoryMail mail = new MemoryMail(Map.of("fred", "swordfish"));
    OctetLink link =
        new OctetLink(new ByteArrayInputStream(in.toByteArray()), Channels.newChannel(out));
    new Conversation(link, mail, Commands.TABLE, Policy.DEFAULT).run();
    String answers = out.toString(StandardCharsets.ISO_8859_1);
    assertThat(answers)
        .startsWith("* OK ")
        .contains("\r\na OK ", "\r\nc OK ")
        .endsWith("\r\n")
        .doesNotContain("SERVERBUG", "Exception", "org.postrider", "java.");
  }

  /** Octets in, octets out. */
  private record OctetLink(InputStream in, WritableByteChannel out) implements Link {
    @Override
    public String id() {
      return "octets";
    }

    @Override
    public InetSocketAddress client() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }

    @Override
    public int port() {
      return 0;
    }

    @Override
    public Optional<SSLSession> tls() {
      return Optional.empty();
    }

    @Override
    public boolean secure() {
      return true;
    }

    @Override
    public boolean offersTls() {
      return false;
    }

    @Override
    public void startTls() throws IOException {
      throw new IOException("no TLS here");
    }

    @Override
    public void signedIn() {
      // There are no deadlines here.
    }

    @Override
    public void sayNoMore() {
      close();
    }

    @Override
    public void hangUp() {
      close();
    }

    @Override
    public void close() {
      // The octets end by themselves.
    }
  }
}
