package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postrider.protocol.Flags;
import org.postrider.protocol.SystemFlag;

class MessageFileNameTest {

  @Test
  void theLastColonDividesBaseFromInfo() {
    assertThat(MessageFileName.parse("a:b:2,S")).isEqualTo(new MessageFileName("a:b", ":2,S"));
    assertThat(MessageFileName.parse("1900.exp:1,x"))
        .isEqualTo(new MessageFileName("1900.exp", ":1,x"));
    assertThat(MessageFileName.parse("plain")).isEqualTo(new MessageFileName("plain", ""));
  }

  @Test
  void flagsOnlyCountAfterColonTwoComma() {
    assertThat(MessageFileName.flags(":2,DFRST"))
        .isEqualTo(
            Flags.of(
                SystemFlag.DRAFT,
                SystemFlag.FLAGGED,
                SystemFlag.ANSWERED,
                SystemFlag.SEEN,
                SystemFlag.DELETED));
    assertThat(MessageFileName.flags(":2,")).isEqualTo(Flags.NONE);
    assertThat(MessageFileName.flags("")).isEqualTo(Flags.NONE);
    assertThat(MessageFileName.flags(":1,S")).isEqualTo(Flags.NONE);
    assertThat(MessageFileName.flags(":2,PSab")).isEqualTo(Flags.of(SystemFlag.SEEN));
  }

  @Test
  void flagsAreWrittenInTheOrderOfTheirLetters() {
    Flags all =
        Flags.of(
            SystemFlag.DELETED,
            SystemFlag.SEEN,
            SystemFlag.ANSWERED,
            SystemFlag.FLAGGED,
            SystemFlag.DRAFT);
    assertThat(MessageFileName.info(all, "")).isEqualTo(":2,DFRST");
    assertThat(MessageFileName.info(Flags.NONE, "")).isEqualTo(":2,");
    assertThat(MessageFileName.info(Flags.of(SystemFlag.ANSWERED), ":1,x")).isEqualTo(":2,R");
  }

  @Test
  void lettersOfOtherProgramsStay() {
    assertThat(MessageFileName.info(Flags.of(SystemFlag.SEEN), ":2,PFab")).isEqualTo(":2,PSab");
    assertThat(MessageFileName.info(Flags.NONE, ":2,S,W=12")).isEqualTo(":2,,W=12");
  }

  @Property
  void changingFlagsChangesNothingElse(
      @ForAll @CharRange(from = 'A', to = 'Z') @CharRange(from = 'a', to = 'z') String letters) {
    String info = ":2," + letters;
    Flags flags = MessageFileName.flags(info);
    String once = MessageFileName.info(flags, info);
    assertThat(MessageFileName.flags(once)).isEqualTo(flags);
    assertThat(MessageFileName.info(flags, once)).isEqualTo(once);
    String cleared = MessageFileName.info(Flags.NONE, once);
    assertThat(MessageFileName.info(flags, cleared)).isEqualTo(once);
    for (char c : letters.toCharArray()) {
      assertThat(once).contains(String.valueOf(c));
    }
  }

  /** The order that Courier-IMAP 5.0.13 gave these names. */
  @Test
  void arrivalsAreNumberedByLeadingNumberAndThenByOctets() {
    List<String> names =
        List.of(
            "abc.first",
            "1000.zzz.h",
            "1500.q.h",
            "1600.noflags",
            "1700.x.h",
            "1800.withflags",
            "1900.exp",
            "2000.bbb.h",
            "10000.aaa.h");
    List<String> shuffled = new ArrayList<>(names);
    Collections.reverse(shuffled);
    shuffled.sort(MessageFileName.ARRIVAL);
    assertThat(shuffled).isEqualTo(names);
  }

  @Test
  void aNumberThatIsTooLargeIsTheLargest() {
    assertThat(MessageFileName.ARRIVAL.compare("99999999999999999999999.a", "1.b")).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "1800.withflags:2S, 1800.withflags:2S",
    "1900.exp:1x, 1900.exp:1x",
    "1700.x.h, '1700.x.h:2,'"
  })
  void aNameThatHasAColonComesIntoCurAsItIs(String name, String moved) {
    assertThat(MessageFileName.fromNew(name)).isEqualTo(moved);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "a,S=72 72",
        "a,S=72,W=74 72",
        "a,S=1,S=2 2",
        "a -1",
        "a,S= -1",
        "a,S=x -1",
        "a,S=99999999999999999999 -1",
        "a,S=7:b,S=9 7"
      })
  void theSizeOnDiskIsInTheName(String base, long size) {
    assertThat(new StoredMessage(1, Flags.NONE, 1, base, "", -1, -1).diskSize()).isEqualTo(size);
  }

  @Test
  void namesAreMadeAsCourierMakesThem() {
    UniqueNames.UniqueName name = new UniqueNames.UniqueName(1795347618, 790413, "0");
    String host = name.scratch().substring(name.scratch().indexOf("_0.") + 3);
    assertThat(name.scratch()).isEqualTo("1795347618.M790413P" + UniqueNames.PID + "_0." + host);
    assertThat(name.base(0xFE00, 0x244041, 72))
        .isEqualTo(
            "1795347618.M790413P"
                + UniqueNames.PID
                + "V000000000000FE00I0000000000244041_0."
                + host
                + ",S=72");
    assertThat(host).matches("[A-Za-z0-9._-]+");
  }
}
