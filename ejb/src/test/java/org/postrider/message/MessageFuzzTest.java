package org.postrider.message;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/**
 * Octets from a fuzzer through everything that reads messages. Run with {@code JAZZER_FUZZ=1} they
 * go on until one is found that throws; without, only the remembered ones are tried.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class MessageFuzzTest {

  @FuzzTest(maxDuration = "1h")
  void anyOctetsAreAMessage(byte[] octets) throws IOException {
    new AnyOctetsTest().partsAreWithinTheirParentsAndSizesAreThoseOfTheWire(octets);
  }

  @FuzzTest(maxDuration = "1h")
  void anyTextIsAHeaderValue(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    AddressParser.parse(text, 100);
    EncodedWords.decode(text);
    EncodedWords.decodeParameters(text);
    MimeValue.parse(text);
    DateField.parse(text);
  }

  @FuzzTest(maxDuration = "1h")
  void anyOctetsAreABody(byte[] octets) {
    for (String encoding : new String[] {"base64", "quoted-printable"}) {
      TransferDecoder decoder = new TransferDecoder(encoding);
      int half = octets.length / 2;
      decoder.decode(octets, 0, half);
      int length = decoder.decode(octets, half, octets.length);
      for (String charset : new String[] {"utf-8", "iso-2022-jp", "gb18030", "utf-16", "utf-7"}) {
        TextDecoder.decode(decoder.decoded(), 0, length, Charsets.named(charset));
      }
    }
  }
}
