package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.postrider.protocol.Flags;

class IncomingTest {

  private static Path folder;

  @BeforeContainer
  static void makeFolder() throws IOException {
    folder = Files.createTempDirectory("incoming");
    Files.createDirectory(folder.resolve("tmp"));
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    new Disk().removeTree(folder);
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of(
            "\r\n", "\r", "\n", "a", "\r\r\n", "line", "\0", "\r\n\r\n", "x".repeat(20_000))
        .list()
        .ofMaxSize(12);
  }

  /** As {@code Literal.CrlfRegion} is sent. */
  private static String onTheWire(byte[] disk) {
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    int before = 0;
    for (byte b : disk) {
      if (b == '\n' && before != '\r') {
        wire.write('\r');
      }
      wire.write(b);
      before = b;
    }
    return wire.toString(StandardCharsets.ISO_8859_1);
  }

  @Property(tries = 300)
  void whatComesGoesOutAgainWithItsLineEnds(@ForAll("pieces") List<String> pieces)
      throws IOException {
    String sent = String.join("", pieces);
    Path file;
    try (Incoming message = Incoming.receive(new Disk(), folder, Flags.NONE, null)) {
      for (String piece : pieces) {
        message.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.ISO_8859_1)));
      }
      message.seal();
      file = message.file();
      byte[] disk = Files.readAllBytes(file);
      String wire = onTheWire(disk);
      assertThat(wire).isEqualTo(sent.replaceAll("(?<!\r)\n", "\r\n"));
      assertThat(message.wireSize()).isEqualTo(wire.length());
      assertThat(message.base()).endsWith(",S=" + disk.length);
      assertThat(new String(disk, StandardCharsets.ISO_8859_1))
          .isEqualTo(sent.replaceAll("(?<!\r)\r\n", "\n"));
    }
    assertThat(file).doesNotExist();
  }
}
