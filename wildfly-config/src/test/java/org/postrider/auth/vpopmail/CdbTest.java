package org.postrider.auth.vpopmail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With files that tinycdb writes. */
class CdbTest {

  @TempDir Path directory;

  /** Has tinycdb make one of {@code key, blank, data} lines. */
  static Path make(Path file, String lines) throws Exception {
    Path text = Files.writeString(Files.createTempFile("cdb", ""), lines);
    Process process =
        new ProcessBuilder("cdb", "-c", "-m", file.toString(), text.toString()).inheritIO().start();
    assertThat(process.waitFor()).isZero();
    Files.delete(text);
    return file;
  }

  private static Optional<String> find(Path file, String key) throws IOException {
    return Cdb.find(file, key.getBytes(UTF_8)).map(data -> new String(data, UTF_8));
  }

  @Test
  void findsWhatAnotherProgramWrote() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      lines.append("user").append(i).append(" hash").append(i).append(":1:0:Büro\n");
    }
    Path file = make(directory.resolve("a.cdb"), lines.toString());
    for (int i = 0; i < 20_000; i += 17) {
      assertThat(find(file, "user" + i)).hasValue("hash" + i + ":1:0:Büro");
      assertThat(find(file, "nobody" + i)).isEmpty();
    }
    assertThat(find(file, "")).isEmpty();
  }

  @Test
  void emptyDatabaseHasNothing() throws Exception {
    assertThat(find(make(directory.resolve("a.cdb"), ""), "a")).isEmpty();
  }

  @Test
  void fileThatIsNoDatabaseIsSaid() throws Exception {
    Path file = Files.writeString(directory.resolve("a.cdb"), "ann:x:1:0::/home:\n");
    assertThatThrownBy(() -> find(file, "ann")).hasMessage("it is damaged or no constant database");
    Files.writeString(file, "x".repeat(100_000));
    assertThatThrownBy(() -> find(file, "ann")).hasMessage("it is damaged or no constant database");
  }

  @Test
  void tableWithoutAnEmptySlotDoesNotHoldALookUpForLong() throws Exception {
    int slots = 5_000_000;
    ByteBuffer octets = ByteBuffer.allocate(2048 + slots * 8).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 256; i++) {
      octets.putInt(2048).putInt(slots);
    }
    while (octets.hasRemaining()) {
      octets.putInt(1).putInt(1);
    }
    Path file = Files.write(directory.resolve("a.cdb"), octets.array());
    assertThatThrownBy(() -> find(file, "ann")).hasMessage("it is damaged or no constant database");
  }

  @FuzzTest
  void anyFileIsAnsweredOrRefused(FuzzedDataProvider data) throws Exception {
    byte[] key = data.consumeBytes(20);
    Path file = Files.createTempFile("fuzz", ".cdb");
    try {
      Files.write(file, data.consumeRemainingAsBytes());
      assertThat(Cdb.find(file, key)).isNotNull();
    } catch (IOException refused) {
      assertThat(refused).hasMessage("it is damaged or no constant database");
    } finally {
      Files.delete(file);
    }
  }
}
