package org.postrider.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * @rfc 2047 8
 */
class EncodedWordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "=?US-ASCII?Q?Keith_Moore?= <moore@cs.utk.edu> # Keith Moore <moore@cs.utk.edu>",
        "=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?= # Keld Jørn Simonsen",
        "=?ISO-8859-1?Q?Andr=E9?= Pirard # André Pirard",
        "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?="
            + " =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?= # If you can read this you"
            + " understand the example.",
        "(=?ISO-8859-1?Q?a?=) # (a)",
        "(=?ISO-8859-1?Q?a?= b) # (a b)",
        "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=) # (ab)",
        "(=?ISO-8859-1?Q?a?=   =?ISO-8859-1?Q?b?=) # (ab)",
        "(=?ISO-8859-1?Q?a_b?=) # (a b)",
        "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=) # (a b)",
        "=?US-ASCII*EN?Q?Keith_Moore?= # Keith Moore",
        "=?utf-8?B?w?= =?utf-8?B?6Q==?= # é",
        "=?utf-8?Q?=C3?= =?utf-8?Q?=A9?= # é",
        "=?no-such?Q?caf=E9?= # café",
        "=?utf-8?X?a?= # =?utf-8?X?a?=",
        "=?utf-8?Q?open # =?utf-8?Q?open",
        "=?=?utf-8?Q?a?= # =?a",
        "a =?utf-8?q??= b # a  b",
      })
  void wordsAreDecoded(String text, String decoded) {
    assertThat(EncodedWords.decode(text)).isEqualTo(decoded);
  }

  @Test
  void encodedParametersAreDecodedForASearch() {
    assertThat(EncodedWords.decodeParameters("attachment; filename*=iso-8859-1'de'gr%F6%DFe.txt"))
        .endsWith(" größe.txt");
    assertThat(EncodedWords.decodeParameters("attachment; filename*0=\"two \"; filename*1=parts"))
        .endsWith(" two parts");
  }
}
