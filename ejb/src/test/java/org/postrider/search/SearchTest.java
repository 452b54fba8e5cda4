package org.postrider.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.protocol.Flags;
import org.postrider.protocol.SearchKey;
import org.postrider.protocol.SearchKey.And;
import org.postrider.protocol.SearchKey.Body;
import org.postrider.protocol.SearchKey.Dated;
import org.postrider.protocol.SearchKey.Flagged;
import org.postrider.protocol.SearchKey.Header;
import org.postrider.protocol.SearchKey.Not;
import org.postrider.protocol.SearchKey.Or;
import org.postrider.protocol.SearchKey.Text;
import org.postrider.protocol.SystemFlag;
import org.postrider.protocol.UidSet;

class SearchTest {

  private static final String MESSAGE =
      """
      From: =?utf-8?Q?J=C3=BCrgen_?= =?utf-8?Q?M=C3=BCller?= <jm@example.com>
      To: Team <team@example.org>
      Subject: =?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?=
       =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=
      Date: Wed, 01 Jan 2003 00:30:00 +0200
      X-Empty:
      MIME-Version: 1.0
      Content-Type: multipart/mixed; boundary=b

      preamble is nobody's text
      --b
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      A caf=C3=A9 in a soft li=
      ne, and Stra=C3=9Fe.
      --b
      Content-Type: text/html; charset=utf-16be
      Content-Transfer-Encoding: base64

      %s
      --b
      Content-Type: application/pdf; name*=utf-8''r%%C3%%A9sum%%C3%%A9.pdf
      Content-Transfer-Encoding: base64

      aGlkZGVudGV4dA==
      --b
      Content-Type: message/rfc822

      Subject: forwarded thing

      innermost words
      --b--
      """
          .formatted(
              Base64.getMimeEncoder(60, new byte[] {'\n'})
                  .encodeToString("<p>Привет, мир</p>".getBytes(StandardCharsets.UTF_16BE)));

  @TempDir Path directory;

  private int opened;

  private boolean matches(SearchKey key) throws IOException {
    return matches(key, MESSAGE.getBytes(StandardCharsets.UTF_8));
  }

  private boolean matches(SearchKey key, byte[] message) throws IOException {
    Path path = directory.resolve("message");
    Files.write(path, message);
    opened = 0;
    return Search.of(key)
        .matches(
            new SearchableMessage() {
              @Override
              public long uid() {
                return 7;
              }

              @Override
              public Flags flags() {
                return Flags.of(SystemFlag.SEEN).withKeywords(List.of("work"));
              }

              @Override
              public OffsetDateTime internalDate() {
                return OffsetDateTime.parse("2004-02-29T23:59:59-08:00");
              }

              @Override
              public long wireSize() {
                return 1000;
              }

              @Override
              public FileChannel open() throws IOException {
                opened++;
                return FileChannel.open(path);
              }
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "in a soft line, and",
        "CAFÉ",
        "cafe\u0301",
        "STRAßE",
        "привет, МИР",
        "innermost words",
        "forwarded THING"
      })
  void bodyIsSearchedDecoded(String text) throws IOException {
    assertThat(matches(new Body(text))).isTrue();
    assertThat(matches(new Text(text))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=C3=A9",
        "aGlkZGVu",
        "hiddentext",
        "preamble",
        "cafe ",
        "Jürgen",
        "--b",
        "message/rfc822"
      })
  void bodyHasNeitherCodeNorAttachmentsNorHeaders(String text) throws IOException {
    assertThat(matches(new Body(text))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jürgen müller", "résumé.pdf", "application/PDF", "subject: if you can"})
  void textHasTheHeadersOfMessageAndParts(String text) throws IOException {
    assertThat(matches(new Text(text))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "subject, read this you understand, true",
    "FROM, jürgen müller <jm@, true",
    "from, team, false",
    "x-empty, '', true",
    "x-missing, '', false",
    "x-empty, a, false",
    "bcc, team, false",
    "content-type, multipart, true",
  })
  void headerFieldsAreSearchedDecoded(String field, String text, boolean found) throws IOException {
    assertThat(matches(new Header(field, text))).isEqualTo(found);
  }

  @ParameterizedTest
  @CsvSource({
    "true, ON, 2003-01-01, true",
    "true, ON, 2002-12-31, false",
    "true, BEFORE, 2003-01-01, false",
    "true, BEFORE, 2003-01-02, true",
    "true, SINCE, 2003-01-01, true",
    "true, SINCE, 2003-01-02, false",
    "false, ON, 2004-02-29, true",
    "false, SINCE, 2004-03-01, false",
  })
  void datesAreComparedInTheirOwnZone(
      boolean sent, Dated.Comparison comparison, LocalDate date, boolean expected)
      throws IOException {
    assertThat(matches(new Dated(sent, comparison, date))).isEqualTo(expected);
  }

  @Test
  void messageWithoutADateIsOnNone() throws IOException {
    byte[] message = "Subject: x\n\n".getBytes(StandardCharsets.US_ASCII);
    Dated before = new Dated(true, Dated.Comparison.BEFORE, LocalDate.of(2100, 1, 1));
    assertThat(matches(before, message)).isFalse();
    assertThat(matches(new Not(before), message)).isTrue();
  }

  @Test
  void whatTheStoreKnowsOpensNoFile() throws IOException {
    SearchKey unseen = new Not(new Flagged(SystemFlag.SEEN));
    assertThat(matches(new And(List.of(new Body("café"), new Header("a", "b"), unseen)))).isFalse();
    assertThat(opened).isZero();
    assertThat(matches(new Or(new Text("nowhere"), new SearchKey.Keyword("WORK")))).isTrue();
    assertThat(matches(new And(List.of(new SearchKey.Larger(999), new SearchKey.Smaller(1001)))))
        .isTrue();
    assertThat(matches(new SearchKey.Uids(UidSet.of(8)))).isFalse();
    assertThat(matches(new SearchKey.All())).isTrue();
    assertThat(opened).isZero();
  }

  @Test
  void manyKeysOpenTheFileOnce() throws IOException {
    assertThat(
            matches(
                new And(
                    List.of(
                        new Body("café"),
                        new Body("мир"),
                        new Text("team@"),
                        new Text("innermost"),
                        new Header("subject", "you"),
                        new Dated(true, Dated.Comparison.ON, LocalDate.of(2003, 1, 1)),
                        new Not(new Body("nowhere"))))))
        .isTrue();
    assertThat(opened).isEqualTo(1);
  }

  @Test
  void emptyTextIsInEveryMessage() throws IOException {
    assertThat(matches(new Body(""))).isTrue();
    assertThat(matches(new Text(""))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "us-ascii, windows-1252, true",
    "no-such-set, windows-1252, true",
    "us-ascii, utf-8, true",
    "iso-8859-1, iso-8859-1, true",
    "gb2312, GBK, true",
    "iso-2022-jp, iso-2022-jp, false"
  })
  void charactersAreReadAsTheyAreMeant(String label, String charset, boolean accents)
      throws IOException {
    String text = accents ? (charset.equals("GBK") ? "中文" : "Größe") : "日本";
    byte[] message =
        ("Content-Type: text/plain; charset=" + label + "\n\nx " + text + " y\n")
            .getBytes(Charset.forName(charset));
    assertThat(matches(new Body(text), message)).isTrue();
    assertThat(matches(new Body("X " + text + " Y"), message)).isTrue();
  }

  @Test
  void textIsFoundAcrossEveryBorderOfTheBuffers() throws IOException {
    for (int before = 65_500; before < 65_570; before++) {
      for (String encoding : List.of("7bit", "base64")) {
        String body = "x".repeat(before) + "Needle" + "é".repeat(3);
        String encoded =
            encoding.equals("7bit")
                ? body
                : Base64.getMimeEncoder().encodeToString(body.getBytes(StandardCharsets.UTF_8));
        byte[] message =
            ("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
                    + encoding
                    + "\n\n"
                    + encoded)
                .getBytes(StandardCharsets.UTF_8);
        assertThat(
                matches(new And(List.of(new Body("nEEdle"), new Body("needleÉe\u0301"))), message))
            .isTrue();
        assertThat(matches(new Or(new Body("needles"), new Body("needleéééé")), message)).isFalse();
      }
    }
  }

  @Test
  void longTextsAreFoundToo() throws IOException {
    String text = "ab".repeat(100) + "c";
    byte[] message = ("\n" + "ab".repeat(40_000) + "C").getBytes(StandardCharsets.US_ASCII);
    assertThat(matches(new Body(text), message)).isTrue();
    assertThat(matches(new Body("b" + text.replace("c", "d")), message)).isFalse();
  }
}
