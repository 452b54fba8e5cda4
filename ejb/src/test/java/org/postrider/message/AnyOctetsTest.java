package org.postrider.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.postrider.protocol.FetchItem;
import org.postrider.protocol.Partial;
import org.postrider.protocol.Section;

/** Whatever octets there are, they have a structure that agrees with itself. */
class AnyOctetsTest {

  private static final List<String> WORDS =
      List.of(
          "\n",
          "\r\n",
          "\r",
          "\0",
          " ",
          "--a",
          "--b",
          "--a--",
          "--b--",
          "text é \u00ff",
          "x".repeat(300),
          "From me\n",
          "Content-Type: multipart/mixed; boundary=a\n",
          "Content-Type: multipart/digest; boundary=\"b\"\r\n",
          "Content-Type: message/rfc822\n",
          "Content-Type: text/html; charset*0*=utf-8''; charset*1=x\n",
          "Subject: one\n two\n",
          "From: (a \"b <c@d>, x:y;\n",
          "To: a@b, <@c,@d:e@f>\n",
          "Content-Transfer-Encoding: base64\n",
          "=?utf-8?q?=41?=");

  @Provide
  Arbitrary<byte[]> messages() {
    Arbitrary<byte[]> words =
        Arbitraries.of(WORDS)
            .list()
            .ofMaxSize(40)
            .map(list -> Messages.octets(String.join("", list)));
    Arbitrary<byte[]> octets = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(9, words), net.jqwik.api.Tuple.of(1, octets));
  }

  @Property
  void partsAreWithinTheirParentsAndSizesAreThoseOfTheWire(@ForAll("messages") byte[] message)
      throws IOException {
    Structure structure = Messages.parse(message);
    assertThat(structure.whole().length()).isEqualTo(message.length);
    assertThat(structure.wireSize()).isEqualTo(Messages.widened(message).length);
    assertThat(WireSize.of(OctetSource.of(message))).isEqualTo(structure.wireSize());
    check(structure.message(), structure.whole(), message);
    assertThat(structure.bodyStructure()).isNotNull();
    assertThat(MessageParser.parseHeader(OctetSource.of(message))).isEqualTo(structure.envelope());
  }

  private static void check(Part part, Region parent, byte[] message) {
    Region header = part.header();
    Region body = part.body();
    assertThat(header.offset()).isGreaterThanOrEqualTo(parent.offset());
    assertThat(body.offset()).isEqualTo(header.end());
    assertThat(body.wireOffset()).isEqualTo(header.wireOffset() + header.wire());
    assertThat(body.end()).isLessThanOrEqualTo(parent.end());
    assertThat(wire(header, message)).isEqualTo(header.wire());
    assertThat(wire(body, message)).isEqualTo(body.wire());
    assertThat(part.lines()).isEqualTo(lines(body, message));
    long end = body.offset();
    for (Part child : part.parts()) {
      assertThat(child.header().offset()).isGreaterThanOrEqualTo(end);
      check(child, body, message);
      end = child.body().end();
    }
    if (part.hasMessage()) {
      assertThat(part.message().header().offset()).isEqualTo(body.offset());
      assertThat(part.message().body().end()).isEqualTo(body.end());
    }
  }

  private static byte[] piece(Region region, byte[] message) {
    return java.util.Arrays.copyOfRange(message, (int) region.offset(), (int) region.end());
  }

  private static long wire(Region region, byte[] message) {
    return Messages.widened(piece(region, message)).length;
  }

  private static long lines(Region region, byte[] message) {
    long lines = 0;
    for (byte octet : piece(region, message)) {
      lines += octet == '\n' ? 1 : 0;
    }
    return lines;
  }

  @Property(tries = 200)
  void literalsPutTogetherAreTheMessage(@ForAll("messages") byte[] message) throws IOException {
    Path directory = Files.createTempDirectory("postrider");
    try (FileChannel file = Messages.file(directory, message)) {
      Structure structure = MessageParser.parse(file);
      byte[] whole = get(structure, Section.WHOLE, Optional.empty(), file);
      assertThat(whole).isEqualTo(Messages.widened(message));
      byte[] header = get(structure, SectionsTest.section("HEADER"), Optional.empty(), file);
      byte[] text = get(structure, SectionsTest.section("TEXT"), Optional.empty(), file);
      assertThat(joined(header, text)).isEqualTo(whole);
      assertThat(inPieces(structure, Section.WHOLE, file)).isEqualTo(whole);
      for (String part : List.of("1", "2", "1.1", "1.2.1", "1.HEADER", "1.TEXT", "1.MIME")) {
        Section section = SectionsTest.section(part);
        assertThat(inPieces(structure, section, file))
            .isEqualTo(get(structure, section, Optional.empty(), file));
      }
      if (!structure.message().isMultipart()) {
        assertThat(get(structure, SectionsTest.section("1"), Optional.empty(), file))
            .isEqualTo(text);
      }
    } finally {
      try (var files = Files.list(directory)) {
        for (Path path : files.toList()) {
          Files.delete(path);
        }
      }
      Files.delete(directory);
    }
  }

  private static byte[] get(
      Structure structure, Section section, Optional<Partial> partial, FileChannel file)
      throws IOException {
    FetchItem.Body item = new FetchItem.Body(section, partial, true, FetchItem.Body.Name.BODY);
    return Messages.sent(structure.literal(item, file));
  }

  private static byte[] inPieces(Structure structure, Section section, FileChannel file)
      throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      byte[] piece = get(structure, section, Optional.of(new Partial(all.size(), 7)), file);
      all.writeBytes(piece);
      if (piece.length < 7) {
        return all.toByteArray();
      }
    }
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(first);
    all.writeBytes(second);
    return all.toByteArray();
  }

  @Property
  void anyTextIsAnAddressListOrNothing(@ForAll("addresses") String text) {
    var addresses = AddressParser.parse(text, 100);
    assertThat(addresses.size()).isLessThanOrEqualTo(101);
    int depth = 0;
    for (var address : addresses) {
      boolean end = address.mailbox() == null;
      depth += address.host() == null ? (end ? -1 : 1) : 0;
      assertThat(depth).isBetween(0, 1);
    }
    assertThat(depth).isZero();
  }

  @Provide
  Arbitrary<String> addresses() {
    return Arbitraries.of(
            List.of(
                "\"", "(", ")", "<", ">", "@", ",", ";", ":", "\\", "[", "]", ".", " ", "a", "bc"))
        .list()
        .ofMaxSize(30)
        .map(list -> String.join("", list));
  }
}
