package org.postrider.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OctetLinesTest {

  @TempDir Path directory;

  private static List<String> read(OctetLines lines) throws IOException {
    List<String> all = new ArrayList<>();
    while (lines.next()) {
      all.add((lines.isTooLong() ? "(long)" : lines.text(0)) + (lines.isWhole() ? "" : "(no end)"));
    }
    return all;
  }

  private static List<String> read(String text, int longest) throws IOException {
    return read(new OctetLines(text.getBytes(StandardCharsets.ISO_8859_1), longest));
  }

  @Test
  void linesEndInLf() throws Exception {
    assertThat(read("", 10)).isEmpty();
    assertThat(read("\n", 10)).containsExactly("");
    assertThat(read("a\n\nb\r\nc", 10)).containsExactly("a", "", "b\r", "c(no end)");
  }

  @Test
  void aLineThatIsTooLongIsToldAsSuchAndTheNextOneIsRead() throws Exception {
    assertThat(read("1234567890\n12345678901\nx\n", 10))
        .containsExactly("1234567890", "(long)", "x");
    assertThat(read("x".repeat(1_000_000) + "\ny", 10)).containsExactly("(long)", "y(no end)");
    assertThat(read("x".repeat(1_000_000), 10)).containsExactly("(long)(no end)");
  }

  @Property
  void allLinesAreThere(
      @ForAll
          @CharRange(from = '\t', to = '\r')
          @CharRange(from = 'x', to = 'z')
          @StringLength(max = 90)
          String text,
      @ForAll @IntRange(min = 1, max = 20) int longest)
      throws IOException {
    List<String> expected = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = text.indexOf('\n', at);
      String line = text.substring(at, end < 0 ? text.length() : end);
      expected.add((line.length() > longest ? "(long)" : line) + (end < 0 ? "(no end)" : ""));
      at += line.length() + 1;
    }
    assertThat(read(text, longest)).isEqualTo(expected);
  }

  @Test
  void aFileIsReadInPiecesHoweverLargeItIs() throws Exception {
    Path file = directory.resolve("file");
    Files.writeString(file, "first\n");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(200_000_000);
      sparse.seek(199_999_995);
      sparse.writeBytes("\nlast");
    }
    long before = allocated();
    try (OctetLines lines = OctetLines.of(new Disk(), file, 1_000, 1L << 30)) {
      assertThat(read(lines)).containsExactly("first", "(long)", "last(no end)");
    }
    assertThat(allocated() - before).isLessThan(10_000_000);
    assertThat(OctetLines.of(new Disk(), file, 1_000, 199_999_999)).isNull();
    assertThat(OctetLines.of(new Disk(), directory, 1_000, 1L << 30)).isNull();
    assertThat(OctetLines.of(new Disk(), directory.resolve("none"), 1_000, 1L << 30)).isNull();
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean)
            java.lang.management.ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }
}
