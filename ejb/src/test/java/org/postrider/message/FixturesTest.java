package org.postrider.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages that were made to be difficult, in {@code mime/}, and the shapes they are given. */
class FixturesTest {

  private static Path fixtures() {
    try {
      return Path.of(FixturesTest.class.getResource("/mime").toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] fixture(String name) throws IOException {
    return Files.readAllBytes(fixtures().resolve(name + ".eml"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "malformed/000 # mixed(text/plain, text/plain, text/plain, text/html)",
        "malformed/001 # mixed(text/plain, text/plain)",
        "malformed/002 # text/plain",
        "malformed/003 # mixed(mixed(text/plain))",
        "malformed/004 # text/plain",
        "malformed/005 # mixed(mixed(text/plain))",
        "malformed/006 # mixed(mixed(text/plain))",
        "malformed/007 # mixed(mixed(text/plain))",
        "malformed/008 # mixed(mixed(text/plain), text/html)",
        "malformed/009 # mixed(mixed(text/plain, text/plain), text/plain)",
        "malformed/010 # rfc822(rfc822(text/plain))",
        "malformed/011 # mixed(mixed(text/plain, text/plain), text/plain)",
        "malformed/012 # mixed(mixed(rfc822(text/plain), rfc822(text/plain)), rfc822(text/plain))",
        "malformed/013 # mixed(text/plain, mixed(text/plain, mixed(text/plain, mixed(text/plain,"
            + " text/plain))))",
        "malformed/014 # mixed(text/plain, text/plain)",
        "malformed/015 # signed(text/plain, application/pgp-signature)",
        "malformed/016 # mixed(mixed(mixed(text/plain)), text/plain)",
        "malformed/017 # mixed(image/png)",
        "malformed/018 # text/plain",
        "malformed/019 # alternative(text/html, text/html, text/html, text/plain, text/plain,"
            + " text/html, text/plain, text/plain, text/plain)",
        "malformed/020 # related(alternative(text/html, text/plain), image/png)",
        "malformed/021 # related(alternative(text/html, text/plain), image/png)",
        "malformed/022 # mixed(text/plain, rfc822(text/plain))",
        "rfc/000 # mixed(text/plain, text/plain, parallel(audio/basic, image/jpeg), text/enriched,"
            + " rfc822(text/plain))",
        "rfc/001 # alternative(message/external-body, message/external-body,"
            + " message/external-body)",
        "rfc/002 # mixed(text/plain, rfc822(mixed(text/plain, image/gif)))",
        "rfc/003 # alternative(text/plain, text/enriched, application/x-whatever)",
        "rfc/004 # mixed(text/plain, digest(rfc822(text/plain), rfc822(text/plain)))",
        "rfc/005 # mixed(text/plain, text/plain)",
        "rfc/006 # alternative(text/plain, text/html)",
        "rfc/007 # mixed(text/plain, mixed(alternative(mixed(text/plain, image/jpeg, text/plain),"
            + " related(text/html, image/jpeg)), image/jpeg, application/x-excel,"
            + " rfc822(text/plain)), text/plain)",
        "rfc/008 # mixed(text/plain, rfc822(text/plain))",
        "rfc/009 # mixed(alternative(text/plain, text/html), rfc822(text/plain))",
        "thirdparty/000 # alternative(text/plain, text/plain)",
        "thirdparty/001 # alternative(text/plain, text/plain, text/plain)",
        "thirdparty/002 # mixed(text/plain, text/plain, text/plain)",
        "thirdparty/003 # mixed(text/plain, text/plain, text/plain, text/plain, text/plain)",
        "thirdparty/004 # mixed(text/plain, text/plain, text/plain, text/plain, text/plain,"
            + " text/plain)",
        "thirdparty/005 # mixed(text/plain, text/plain, text/plain, text/plain, text/plain)",
        "thirdparty/006 # mixed(signed(alternative(text/html, text/plain), signature/plain))",
        "thirdparty/007 # digest(rfc822(text/plain), rfc822(text/plain), rfc822(mixed(text/plain,"
            + " application/octet-stream)))",
        "thirdparty/008 # mixed(text/x-myown, rfc822(alternative(text/html,"
            + " alternative(alternative(text/plain, text/plain), text/plain))), text/plain)",
        "thirdparty/009 # mixed(text/plain, message/partial)",
        "thirdparty/010 # mixed(text/plain)",
        "thirdparty/011 # alternative(text/plain, related(text/html, image/png))",
        "thirdparty/012 # mixed(text/x-myown, rfc822(alternative(text/html, text/plain)))",
        "thirdparty/013 # mixed(alternative(text/plain, text/html), image/jpeg, audio/mp3,"
            + " video/avi)",
        "thirdparty/014 # alternative(text/plain, text/html)",
        "thirdparty/015 # mixed(text/plain, rfc822(text/plain), rfc822(text/plain),"
            + " rfc822(text/plain))",
        "thirdparty/016 # related(text/html, image/png)",
        "thirdparty/017 # alternative(text/plain, related(text/html, image/png))",
        "thirdparty/018 # mixed(related(text/html, image/png), image/png)",
        "thirdparty/019 # mixed(alternative(text/plain, related(text/html, image/png)), image/png)"
      })
  void difficultMessageHasAShape(String name, String shape) throws IOException {
    assertThat(MessageParserTest.shape(Messages.parse(fixture(name)).bodyStructure()))
        .isEqualTo(shape);
  }

  @Test
  void allOfThemAgreeWithThemselves() throws IOException {
    try (Stream<Path> files = Files.walk(fixtures())) {
      for (Path file : files.filter(path -> path.toString().endsWith(".eml")).toList()) {
        byte[] octets = Files.readAllBytes(file);
        new AnyOctetsTest().partsAreWithinTheirParentsAndSizesAreThoseOfTheWire(octets);
        new AnyOctetsTest().literalsPutTogetherAreTheMessage(octets);
      }
    }
  }
}
