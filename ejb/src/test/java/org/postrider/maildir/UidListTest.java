package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postrider.protocol.UidSet;

class UidListTest {

  /** Written by Courier-IMAP 5.0.13. */
  private static final String COURIER =
      """
      1 795347514 3
      1 1795347618.M790413P977V000000000000FE00I0000000000244041_0.mail,S=72
      2 1795347620.M11586P977V000000000000FE00I00000000002440F2_1.mail,S=19
      """;

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static MessageTable table(UidList list) {
    MessageTable table = new MessageTable();
    for (int i = 0; i < list.uids().length; i++) {
      table.add(list.uids()[i], list.bases()[i], "", null, 1, -1, -1);
    }
    return table;
  }

  private static byte[] written(UidList list) {
    return UidList.format(list.uidValidity(), list.uidNext(), table(list));
  }

  @Test
  void couriersListIsReadAndWrittenOctetForOctet() {
    UidList list = UidList.parse(octets(COURIER));
    assertThat(list.uidValidity()).isEqualTo(795347514);
    assertThat(list.uidNext()).isEqualTo(3);
    assertThat(list.uids()).containsExactly(1, 2);
    assertThat(list.bases()[1])
        .isEqualTo("1795347620.M11586P977V000000000000FE00I00000000002440F2_1.mail,S=19");
    assertThat(written(list)).isEqualTo(octets(COURIER));
  }

  @Test
  void anEmptyFolderHasFourteenOctets() {
    byte[] empty = UidList.format(795347514, 1, new MessageTable());
    assertThat(new String(empty, StandardCharsets.US_ASCII)).isEqualTo("1 795347514 1\n");
    assertThat(UidList.parse(empty).uids()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "1 5\n",
        "2 795347514 3\n1 a\n",
        "garbage\n",
        "1 795347514 3",
        "1 0 3\n",
        "1 795347514 0\n",
        "1 -5 3\n",
        "1 4294967296 3\n",
        "1 795347514 4294967298\n",
        "1 795347514 99999999999999999999\n",
        "\0\0\0\0\n"
      })
  void withoutAFirstLineThereIsNoList(String text) {
    assertThat(UidList.parse(octets(text))).isNull();
  }

  @Test
  void theFirstLineIsReadAsCouriersScanfReadsIt() {
    UidList list = UidList.parse(octets(" 1\t9   3 more\n1 a\n"));
    assertThat(list.uidValidity()).isEqualTo(9);
    assertThat(list.uidNext()).isEqualTo(3);
  }

  @Test
  void aLineWithoutItsEndIsATornOne() {
    UidList list = UidList.parse(octets("1 9 3\n1 a\n2 b"));
    assertThat(list.bases()).containsExactly("a");
  }

  @Test
  void linesThatSayNothingArePassedOver() {
    UidList list =
        UidList.parse(
            octets("1 9 9\nx y\n3\n4 \n0 zero\n4294967296 large\n5 five\n\n 6 six\n7  seven\n"));
    assertThat(list.uids()).containsExactly(5, 7);
    assertThat(list.bases()).containsExactly("five", " seven");
  }

  @Test
  void ofDoublesTheFirstCounts() {
    UidList list = UidList.parse(octets("1 9 9\n1 a\n1 b\n2 a\n3 c\n"));
    assertThat(list.uids()).containsExactly(1, 3);
    assertThat(list.bases()).containsExactly("a", "c");
  }

  @Test
  void unsortedLinesAreSorted() {
    UidList list = UidList.parse(octets("1 9 9\n5 e\n2 b\n7 g\n"));
    assertThat(list.uids()).containsExactly(2, 5, 7);
    assertThat(list.bases()).containsExactly("b", "e", "g");
  }

  @Test
  void theNextUidIsAboveAllThatAreListed() {
    assertThat(UidList.parse(octets("1 9 2\n7 a\n")).uidNext()).isEqualTo(8);
    assertThat(UidList.parse(octets("1 9 2\n7 a\n7 b\n8 a\n")).uidNext()).isEqualTo(9);
    assertThat(UidList.parse(octets("1 9 2\n4294967295 a\n")).uidNext())
        .isEqualTo(UidSet.MAX_UID + 1);
  }

  @Test
  void aLineThatNoFileNameCanHaveFilledIsPassedOver() {
    UidList list = UidList.parse(octets("1 9 3\n1 " + "x".repeat(20_000) + "\n2 b\n"));
    assertThat(list.bases()).containsExactly("b");
  }

  @Provide
  Arbitrary<Set<String>> names() {
    return Arbitraries.strings()
        .withCharRange('!', '~')
        .withCharRange('\u00a0', '\u00ff')
        .ofMinLength(1)
        .ofMaxLength(255)
        .set()
        .ofMaxSize(30);
  }

  @Property
  void whatIsWrittenIsRead(
      @ForAll @LongRange(min = 1, max = UidSet.MAX_UID) long validity,
      @ForAll("names") Set<String> names,
      @ForAll @LongRange(min = 1, max = 1000) long first) {
    MessageTable table = new MessageTable();
    long uid = first;
    for (String name : names) {
      table.add(uid, name, "", null, 1, -1, -1);
      uid += 1 + name.length();
    }
    UidList list = UidList.parse(UidList.format(validity, uid, table));
    assertThat(list.uidValidity()).isEqualTo(validity);
    assertThat(list.uidNext()).isEqualTo(uid);
    assertThat(List.of(list.bases())).isEqualTo(List.copyOf(names));
    assertThat(list.uids()).isEqualTo(table.uids());
  }

  @FuzzTest
  void anyOctetsAreNoListOrOneThatHolds(FuzzedDataProvider data) {
    holds(data.consumeRemainingAsBytes());
  }

  @Property
  void anyOctetsBehindAGoodFirstLineAreAListThatHolds(
      @ForAll List<@LongRange(min = 0, max = 20) Long> pieces) {
    String[] words = {
      "1", " ", "\n", "7", "a", "4294967295", "\0", "9 x\n", "x", "12 a\n", "-", "3 b\n", "\n\n"
    };
    StringBuilder text = new StringBuilder("1 5 9\n");
    for (long piece : pieces) {
      text.append(words[(int) (piece % words.length)]);
    }
    assertThat(holds(octets(text.toString()))).isTrue();
  }

  private static boolean holds(byte[] octets) {
    UidList list = UidList.parse(octets);
    if (list == null) {
      return false;
    }
    long last = 0;
    for (long uid : list.uids()) {
      assertThat(uid).isGreaterThan(last).isLessThanOrEqualTo(UidSet.MAX_UID);
      last = uid;
    }
    assertThat(list.uidNext()).isGreaterThan(last);
    assertThat(list.bases()).doesNotHaveDuplicates().hasSameSizeAs(list.uids());
    assertThat(UidList.parse(written(list)).bases()).isEqualTo(list.bases());
    return true;
  }
}
