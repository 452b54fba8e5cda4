package org.postrider.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.protocol.Address;
import org.postrider.protocol.BodyStructure;
import org.postrider.protocol.Envelope;
import org.postrider.protocol.FetchData;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.Flags;
import org.postrider.protocol.Literal;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MessageThreads;
import org.postrider.protocol.Partial;
import org.postrider.protocol.Response;
import org.postrider.protocol.ResponseCode;
import org.postrider.protocol.Section;
import org.postrider.protocol.StatusItem;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.Tag;
import org.postrider.protocol.UidSet;

/** Responses and how they are spelled; the examples of the RFCs first. */
class ResponseWriterTest {

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private final ResponseWriter out = new ResponseWriter(Channels.newChannel(sent));

  @TempDir Path folder;

  @Test
  void statusResponses() throws IOException {
    assertWritten(
        Response.Status.ok(null, "IMAP4rev1 Service Ready"), "* OK IMAP4rev1 Service Ready");
    assertWritten(
        Response.Status.ok(new ResponseCode.Unseen(12), "Message 12 is first unseen"),
        "* OK [UNSEEN 12] Message 12 is first unseen");
    assertWritten(
        Response.Status.ok(new ResponseCode.UidValidity(3857529045L), "UIDs valid"),
        "* OK [UIDVALIDITY 3857529045] UIDs valid");
    assertWritten(
        Response.Status.ok(
            new ResponseCode.PermanentFlags(Flags.of(SystemFlag.DELETED, SystemFlag.SEEN), true),
            "Limited"),
        "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited");
    assertWritten(
        new Response.Status(
            Optional.of(new Tag("A003")),
            Response.Condition.OK,
            Optional.of(new ResponseCode.AppendUid(38505, UidSet.of(3955))),
            "APPEND completed"),
        "A003 OK [APPENDUID 38505 3955] APPEND completed");
    assertWritten(
        Response.Status.ok(
            new ResponseCode.CopyUid(
                38505,
                new UidSet.Builder().add(304).add(319, 320).build(),
                UidSet.ofRange(3956, 3958)),
            "Done"),
        "* OK [COPYUID 38505 304,319:320 3956:3958] Done");
    assertWritten(
        Response.Status.untagged(
            Response.Condition.NO,
            new ResponseCode.BadCharset(List.of("UTF-8")),
            "Unknown charset"),
        "* NO [BADCHARSET (\"UTF-8\")] Unknown charset");
  }

  @Test
  void aTextForPeopleNeverBecomesALineOfItsOwn() throws IOException {
    assertWritten(Response.Status.bye(null, "one\r\n* OK two é"), "* BYE one??* OK two ?");
  }

  @Test
  void mailboxData() throws IOException {
    assertWritten(
        new Response.Mailbox(false, List.of("\\Noselect"), ""), "* LIST (\\Noselect) \".\" \"\"");
    assertWritten(
        new Response.Mailbox(true, List.of(), "INBOX.été \"x\\"),
        "* LSUB () \".\" \"INBOX.&AOk-t&AOk- \\\"x\\\\\"");
    assertWritten(
        new Response.MailboxStatus(MailboxName.INBOX, Map.of(StatusItem.MESSAGES, 231L)),
        "* STATUS \"INBOX\" (MESSAGES 231)");
    assertWritten(
        new Response.Namespace(List.of("INBOX."), List.of(), List.of("#shared.", "shared.")),
        "* NAMESPACE ((\"INBOX.\" \".\")) NIL ((\"#shared.\" \".\")(\"shared.\" \".\"))");
    assertWritten(new Response.Id(Map.of()), "* ID NIL");
    assertWritten(new Response.Search(new long[] {2, 84, 882}), "* SEARCH 2 84 882");
    assertWritten(new Response.Search(new long[0]), "* SEARCH");
    assertWritten(
        new Response.Esearch(
            new Tag("A282"),
            true,
            OptionalLong.of(2),
            OptionalLong.empty(),
            OptionalLong.of(3),
            Optional.of(new long[] {2, 3, 4})),
        "* ESEARCH (TAG \"A282\") UID MIN 2 COUNT 3 ALL 2:4");
    assertWritten(new Response.Sort(new long[] {5, 3, 4, 1, 2}), "* SORT 5 3 4 1 2");
    assertWritten(
        new Response.Esearch(
            new Tag("E01"),
            true,
            OptionalLong.empty(),
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.of(new long[] {23765, 23764, 23763, 10, 11, 12, 9})),
        "* ESEARCH (TAG \"E01\") UID ALL 23765,23764,23763,10:12,9");
  }

  /** RFC 5256 sections 3 and 4. */
  @Test
  void threadsOfTheStandardsExamples() throws IOException {
    assertThreads("* THREAD", new long[0]);
    assertThreads(
        "* THREAD (2)(3 6 (4 23)(44 7 96))",
        new long[] {2, 3, 6, 4, 23, 44, 7, 96},
        0,
        0,
        1,
        2,
        3,
        2,
        3,
        4);
    assertThreads("* THREAD ((3)(5))", new long[] {0, 3, 5}, 0, 1, 1);
    assertThreads(
        "* THREAD (172)(174 (175)(176)(178)(181)(180))(179)(200 202)",
        new long[] {172, 174, 175, 176, 178, 181, 180, 179, 200, 202},
        0,
        0,
        1,
        1,
        1,
        1,
        1,
        0,
        0,
        1);
    assertThreads(
        "* THREAD ((177)(188 (184)(189))(185 186)(187))(190)",
        new long[] {0, 177, 188, 184, 189, 185, 186, 187, 190},
        0,
        1,
        1,
        2,
        2,
        1,
        2,
        1,
        0);
  }

  @Test
  void aThreadMayBeAsDeepAsAMailboxIsLarge() throws IOException {
    int size = 100_000;
    long[] messages = new long[size];
    int[] depths = new int[size];
    StringBuilder expected = new StringBuilder("* THREAD (1");
    messages[0] = 1;
    for (int i = 1; i < size; i++) {
      messages[i] = i + 1L;
      depths[i] = i / 2 + i % 2; // each second one also has a sister
    }
    out.write(new Response.Thread(new MessageThreads(messages, depths)));
    for (int i = 1; i < size; i += 2) {
      expected.append(i + 1 < size ? " (" : " ").append(i + 1);
      if (i + 1 < size) {
        expected.append(")(").append(i + 2);
      }
    }
    expected.append(")".repeat(size / 2));
    out.flush();
    assertThat(sent.toString(StandardCharsets.US_ASCII)).isEqualTo(expected + "\r\n");
  }

  private void assertThreads(String expected, long[] messages, int... depths) throws IOException {
    assertWritten(new Response.Thread(new MessageThreads(messages, depths)), expected);
  }

  @Test
  void namesGoInUtf8OnceTheClientHasEnabledIt() throws IOException {
    out.enableUtf8();
    assertWritten(
        new Response.Mailbox(false, List.of(), "INBOX.été"), "* LIST () \".\" \"INBOX.été\"");
  }

  /** RFC 3501 section 8. */
  @Test
  void theEnvelopeOfTheStandardsExample() throws IOException {
    Address terry = new Address("Terry Gray", null, "gray", "cac.washington.edu");
    Envelope envelope =
        new Envelope(
            "Wed, 17 Jul 1996 02:23:25 -0700 (PDT)",
            "IMAP4rev1 WG mtg summary and minutes",
            List.of(terry),
            List.of(terry),
            List.of(terry),
            List.of(new Address(null, null, "imap", "cac.washington.edu")),
            List.of(
                new Address(null, null, "minutes", "CNRI.Reston.VA.US"),
                new Address("John Klensin", null, "KLENSIN", "MIT.EDU")),
            List.of(),
            null,
            "<B27397-0100000@cac.washington.edu>");
    BodyStructure body =
        new BodyStructure.Text(
            "plain",
            List.of(new BodyStructure.Parameter("charset", "us-ascii")),
            new BodyStructure.Fields(null, null, "7bit", 3028),
            92,
            BodyStructure.Extension.NONE);
    assertWritten(
        new Response.Fetch(
            12,
            List.of(
                new FetchData.FlagsData(Flags.of(SystemFlag.SEEN)),
                new FetchData.InternalDateData(OffsetDateTime.parse("1996-07-17T02:44:25-07:00")),
                new FetchData.SizeData(4286),
                new FetchData.EnvelopeData(envelope),
                new FetchData.StructureData(body, false))),
        "* 12 FETCH (FLAGS (\\Seen) INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286"
            + " ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev1 WG mtg summary and"
            + " minutes\" ((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) ((\"Terry Gray\""
            + " NIL \"gray\" \"cac.washington.edu\")) ((\"Terry Gray\" NIL \"gray\""
            + " \"cac.washington.edu\")) ((NIL NIL \"imap\" \"cac.washington.edu\")) ((NIL NIL"
            + " \"minutes\" \"CNRI.Reston.VA.US\")(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\"))"
            + " NIL NIL \"<B27397-0100000@cac.washington.edu>\") BODY (\"text\" \"plain\""
            + " (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 3028 92))");
  }

  @Test
  void aMultipartWithExtensionData() throws IOException {
    BodyStructure.Fields fields = new BodyStructure.Fields("<1@x>", null, "base64", 100);
    BodyStructure image =
        new BodyStructure.Basic(
            "image",
            "png",
            List.of(),
            fields,
            new BodyStructure.Extension(
                "md5==",
                new BodyStructure.Disposition(
                    "attachment", List.of(new BodyStructure.Parameter("filename", "a b.png"))),
                List.of("de", "en"),
                "http://x/"));
    BodyStructure mixed =
        new BodyStructure.Multipart(
            "mixed",
            List.of(new BodyStructure.Parameter("boundary", "==")),
            List.of(image),
            BodyStructure.Extension.NONE);
    assertWritten(
        new Response.Fetch(1, List.of(new FetchData.StructureData(mixed, true))),
        "* 1 FETCH (BODYSTRUCTURE ((\"image\" \"png\" NIL \"<1@x>\" NIL \"base64\" 100 \"md5==\""
            + " (\"attachment\" (\"filename\" \"a b.png\")) (\"de\" \"en\") \"http://x/\")"
            + " \"mixed\" (\"boundary\" \"==\") NIL NIL NIL))");
  }

  @Test
  void textBeyondAsciiIsEncodedUntilUtf8IsEnabled() throws IOException {
    Envelope envelope =
        new Envelope(
            null, "Grüße", List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), null,
            null);
    Response.Fetch fetch = new Response.Fetch(1, List.of(new FetchData.EnvelopeData(envelope)));
    assertWritten(
        fetch,
        "* 1 FETCH (ENVELOPE (NIL \"=?utf-8?B?R3LDvMOfZQ==?=\" NIL NIL NIL NIL NIL NIL NIL NIL))");
    out.enableUtf8();
    assertWritten(fetch, "* 1 FETCH (ENVELOPE (NIL \"Grüße\" NIL NIL NIL NIL NIL NIL NIL NIL))");
  }

  @Test
  void sectionsAreNamedAsTheyWereAskedFor() throws IOException {
    assertWritten(
        body(
            new Section(List.of(4L, 2L), Section.Text.HEADER_FIELDS, List.of("Date", "X [y]")),
            null),
        "* 1 FETCH (BODY[4.2.HEADER.FIELDS (Date \"X [y]\")] {2}\r\nhi)");
    assertWritten(body(Section.WHOLE, new Partial(5, 2)), "* 1 FETCH (BODY[]<5> {2}\r\nhi)");
    assertWritten(
        body(new Section(List.of(1L), Section.Text.MIME, List.of()), null),
        "* 1 FETCH (BODY[1.MIME] {2}\r\nhi)");
  }

  private static Response body(Section section, Partial partial) {
    FetchItem.Body item =
        new FetchItem.Body(section, Optional.ofNullable(partial), true, FetchItem.Body.Name.BODY);
    byte[] octets = "hi".getBytes(StandardCharsets.US_ASCII);
    return new Response.Fetch(1, List.of(new FetchData.BodyData(item, new Literal.Octets(octets))));
  }

  @Test
  void aFileThatBecameShorterEndsTheConnection() throws IOException {
    Path file = Files.writeString(folder.resolve("m"), "short\n");
    FetchItem.Body item =
        new FetchItem.Body(Section.WHOLE, Optional.empty(), true, FetchItem.Body.Name.BODY);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      for (Literal literal :
          List.of(
              new Literal.FileRegion(channel, 0, 100),
              new Literal.CrlfRegion(channel, 0, 100, 0, 100))) {
        assertThatThrownBy(
                () ->
                    out.write(
                        new Response.Fetch(1, List.of(new FetchData.BodyData(item, literal)))))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("shorter");
      }
    }
  }

  private void assertWritten(Response response, String expected) throws IOException {
    sent.reset();
    out.write(response);
    out.flush();
    assertThat(sent.toString(StandardCharsets.UTF_8)).isEqualTo(expected + "\r\n");
  }
}
