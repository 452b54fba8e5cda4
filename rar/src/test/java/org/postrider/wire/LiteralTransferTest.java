package org.postrider.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.postrider.protocol.Literal;

/** Widening of line ends, against the plainest possible oracle. */
class LiteralTransferTest {

  @Property(tries = 300)
  void anyPieceOfTheWidenedFileIsSentExactly(
      @ForAll("texts") byte[] file,
      @ForAll @IntRange(max = 60) int skip,
      @ForAll @IntRange(max = 60) int length)
      throws IOException {
    byte[] wide = widened(file);
    int from = Math.min(skip, wide.length);
    int to = Math.min(from + length, wide.length);
    assertThat(sent(file, from, to - from)).isEqualTo(Arrays.copyOfRange(wide, from, to));
  }

  @Example
  void lineEndsThatLieOnTheEdgeOfAPieceAreWidenedOnce() throws IOException {
    for (String end : new String[] {"\n", "\r\n"}) {
      for (int length = 32 * 1024 - 3; length <= 32 * 1024 + 3; length++) {
        byte[] file = ("x".repeat(length) + end + "tail" + end).getBytes(StandardCharsets.US_ASCII);
        byte[] wide = widened(file);
        assertThat(sent(file, 0, wide.length)).isEqualTo(wide);
      }
    }
  }

  @Provide
  Arbitrary<byte[]> texts() {
    return Arbitraries.bytes()
        .between((byte) 'a', (byte) 'c')
        .edgeCases(none -> none.none())
        .injectDuplicates(0.2)
        .array(byte[].class)
        .ofMaxSize(40)
        .map(
            octets -> {
              for (int i = 0; i < octets.length; i++) {
                octets[i] =
                    octets[i] == 'b' ? (byte) '\n' : octets[i] == 'c' ? (byte) '\r' : octets[i];
              }
              return octets;
            });
  }

  private static byte[] widened(byte[] file) {
    ByteArrayOutputStream wide = new ByteArrayOutputStream();
    for (int i = 0; i < file.length; i++) {
      if (file[i] == '\n' && (i == 0 || file[i - 1] != '\r')) {
        wide.write('\r');
      }
      wide.write(file[i]);
    }
    return wide.toByteArray();
  }

  private static byte[] sent(byte[] file, long skip, long size) throws IOException {
    Path path = Files.createTempFile("widen", ".eml");
    try {
      Files.write(path, file);
      ByteArrayOutputStream taken = new ByteArrayOutputStream();
      ByteBuffer room = ByteBuffer.allocate(7);
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        LiteralTransfer.widen(
            new Literal.CrlfRegion(channel, 0, file.length, skip, size),
            () -> {
              if (!room.hasRemaining()) {
                taken.write(room.array(), 0, room.position());
                room.clear();
              }
              return room;
            });
      }
      taken.write(room.array(), 0, room.position());
      return taken.toByteArray();
    } finally {
      Files.delete(path);
    }
  }
}
