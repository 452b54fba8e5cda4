package org.postrider.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * @rfc 2045 6.7
 */
class TransferDecoderTest {

  private static byte[] decoded(String encoding, byte[] octets, int step) {
    TransferDecoder decoder = new TransferDecoder(encoding);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int from = 0; from < octets.length; from += step) {
      int length = decoder.decode(octets, from, Math.min(octets.length, from + step));
      all.write(decoder.decoded(), 0, length);
    }
    return all.toByteArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "Now's the time =|for all folk to come=| to the aid. # Now's the time for all folk to come"
            + " to the aid.",
        "a =  |b=09c=3d=3D # a b\tc==",
        "a=zz b=4 c=4zd= # a=zz b=4 c=4zd",
        "=\r|x=C3=A9 # xé",
      })
  void quotedPrintableIsDecoded(String encoded, String text) {
    for (int step = 1; step < 12; step++) {
      byte[] octets =
          decoded("quoted-printable", Messages.octets(encoded.replace('|', '\n')), step);
      assertThat(new String(octets, StandardCharsets.UTF_8)).isEqualTo(text);
    }
  }

  @Property
  void base64IsDecodedInPiecesOfAnySize(
      @ForAll byte[] octets, @ForAll @IntRange(min = 1, max = 100) int step) {
    byte[] encoded = Base64.getMimeEncoder().encode(octets);
    assertThat(decoded("base64", encoded, step)).isEqualTo(octets);
  }

  @Property
  void otherEncodingsAreAsTheyAre(@ForAll byte[] octets) {
    assertThat(decoded("8bit", octets, 10)).isEqualTo(octets);
  }

  @Property
  void anythingIsDecodedSomehow(
      @ForAll byte[] octets, @ForAll @IntRange(min = 1, max = 9) int step) {
    assertThat(decoded("quoted-printable", octets, step).length).isLessThanOrEqualTo(octets.length);
    assertThat(decoded("base64", octets, step).length).isLessThanOrEqualTo(octets.length);
    String text = TextDecoder.decode(octets, 0, octets.length, StandardCharsets.UTF_8);
    assertThat(text.length()).isLessThanOrEqualTo(octets.length);
  }
}
