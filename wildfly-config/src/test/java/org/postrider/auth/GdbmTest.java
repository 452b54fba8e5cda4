package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GdbmTest {

  @TempDir Path directory;

  private static void write(Path file, ByteOrder order, Map<String, String> records)
      throws IOException {
    try (GdbmWriter writer = new GdbmWriter(file, "rw-r--r--", order)) {
      for (Map.Entry<String, String> record : records.entrySet()) {
        writer.put(record.getKey().getBytes(UTF_8), record.getValue().getBytes(UTF_8));
      }
      writer.finish();
    }
  }

  private static Map<String, String> readAll(Path file) throws IOException {
    Map<String, String> found = new HashMap<>();
    try (GdbmReader reader = GdbmReader.open(file)) {
      reader.forEach(
          GdbmReader.ALL,
          (key, value) -> {
            String name = new String(key, UTF_8);
            assertThat(found.put(name, new String(value, UTF_8))).as(name).isNull();
            assertThat(reader.get(key)).hasValue(value);
            return true;
          });
      int[] elements = new int[1];
      reader.forEach((start, keyLength, valueLength) -> elements[0]++ < 0, (key, value) -> false);
      assertThat(elements[0]).isEqualTo(found.size());
    }
    return found;
  }

  private static Map<String, String> accounts(int count) {
    Map<String, String> records = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      records.put(
          i % 7 == 0 ? "jürgen" + i : "user" + i + "@example.com",
          i % 11 == 0 ? "" : "uid=" + i + "|home=/home/" + i + "|_=");
    }
    return records;
  }

  @Property(tries = 150)
  void whatIsWrittenIsRead(
      @ForAll("records") Map<String, String> records, @ForAll boolean bigEndian) throws Exception {
    Path file = Files.createTempFile("gdbm", null);
    Files.delete(file);
    try {
      write(file, bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN, records);
      assertThat(readAll(file)).isEqualTo(records);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Provide
  Arbitrary<Map<String, String>> records() {
    return Arbitraries.maps(
            Arbitraries.strings().ofMaxLength(12), Arbitraries.strings().ofMaxLength(40))
        .ofMaxSize(600);
  }

  @Test
  void manyRecordsSpillAndAreFoundInBothByteOrders() throws Exception {
    Map<String, String> records = accounts(120_000);
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      Path file = directory.resolve(order.toString());
      write(file, order, records);
      assertThat(readAll(file)).isEqualTo(records);
      try (GdbmReader reader = GdbmReader.open(file)) {
        assertThat(reader.get("nobody".getBytes(UTF_8))).isEmpty();
        assertThat(reader.get(new byte[0])).isEmpty();
      }
    }
    try (var files = Files.list(directory)) {
      assertThat(files).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3000})
  void libgdbmReadsWhatIsWritten(int count) throws Exception {
    Map<String, String> records = accounts(count);
    records.replaceAll((key, value) -> value.isEmpty() ? "x" : value);
    Path file = directory.resolve("ours");
    write(file, ByteOrder.nativeOrder(), records);

    Map<String, String> dumped = new HashMap<>();
    gdbmtool("--read-only", file.toString(), "list")
        .lines()
        .map(line -> line.split(" ", 2))
        .forEach(pair -> dumped.put(pair[0], pair[1]));
    assertThat(dumped).isEqualTo(records);
    if (count > 0) {
      assertThat(gdbmtool("--read-only", file.toString(), "fetch", "jürgen0")).isEqualTo("x\n");
    }
    assertThat(gdbmtool("--read-only", file.toString(), "count")).contains(" " + count + " ");
  }

  @Test
  void libgdbmAddsToWhatIsWrittenAndBothStillReadIt() throws Exception {
    Map<String, String> records = accounts(500);
    Path file = directory.resolve("ours");
    write(file, ByteOrder.nativeOrder(), records);
    StringBuilder script = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      script.append("store new").append(i).append(" value").append(i).append('\n');
      records.put("new" + i, "value" + i);
    }
    Path input = Files.writeString(directory.resolve("script"), script);
    gdbmtool("--file=" + input, file.toString());
    assertThat(readAll(file)).isEqualTo(records);
  }

  @Test
  void readsWhatLibgdbmWrote() throws Exception {
    Map<String, String> records = accounts(2000);
    records.replaceAll((key, value) -> "v" + value);
    StringBuilder script = new StringBuilder();
    records.forEach((key, value) -> script.append("store " + key + " \"" + value + "\"\n"));
    Path input = Files.writeString(directory.resolve("script"), script);
    Path file = directory.resolve("theirs");
    gdbmtool("--newdb", "--file=" + input, file.toString());
    assertThat(readAll(file)).isEqualTo(records);
    try (GdbmReader reader = GdbmReader.open(file)) {
      assertThat(reader.mark()).isEmpty();
    }
  }

  private String gdbmtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("gdbmtool", "--norc", "--quiet"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectInput(nothing()).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private static ProcessBuilder.Redirect nothing() {
    return ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile());
  }

  @ParameterizedTest
  @ValueSource(strings = {"offsets32", "numsync32", "packed64", "numsync64"})
  void readsFilesOfOtherMachines(String variant) throws Exception {
    Path file = directory.resolve(variant);
    try (InputStream fixture = GdbmTest.class.getResourceAsStream("/gdbm/" + variant + ".gdbm")) {
      Files.copy(fixture, file);
    }
    Map<String, String> expected = new HashMap<>();
    for (int i = 0; i < 40; i++) {
      expected.put(
          i % 5 == 0 ? "jürgen" + i : "user" + i + "@example.com", "uid=" + i + "|home=/h/" + i);
    }
    assertThat(readAll(file)).isEqualTo(expected);
  }

  @Test
  void aMachineWithoutSignedCharactersHasAnotherHash() throws Exception {
    byte[] name = "jürgen".getBytes(UTF_8);
    assertThat(GdbmLayout.hash(name, true)).isNotEqualTo(GdbmLayout.hash(name, false));
    Path file = directory.resolve("file");
    write(file, ByteOrder.nativeOrder(), Map.of("jürgen", "uid=1"));
    byte[] octets = Files.readAllBytes(file);
    // Moved by hand to where the other kind of machine would have put it.
    boolean signed = System.getProperty("os.arch").equals("amd64");
    ByteBuffer buffer = ByteBuffer.wrap(octets).order(ByteOrder.nativeOrder());
    int bucket = 2 * 4096;
    int old = bucket + 112 + GdbmLayout.hash(name, signed) % 166 * 24;
    int other = GdbmLayout.hash(name, !signed);
    byte[] element = new byte[24];
    buffer.get(old, element);
    buffer.putInt(old, -1);
    buffer.put(bucket + 112 + other % 166 * 24, element);
    buffer.putInt(bucket + 112 + other % 166 * 24, other);
    Files.write(file, octets);
    assertThat(readAll(file)).isEqualTo(Map.of("jürgen", "uid=1"));
  }

  @Test
  void ofKeysThatComeTwiceTheFirstIsTold() throws Exception {
    try (GdbmWriter writer =
        new GdbmWriter(directory.resolve("file"), "rw-------", ByteOrder.LITTLE_ENDIAN)) {
      for (int i = 0; i < 30_000; i++) {
        writer.put(("name" + i).getBytes(UTF_8), new byte[0]);
      }
      for (int i = 29_000; i > 100; i--) {
        writer.put(("name" + i).getBytes(UTF_8), new byte[0]);
      }
      assertThatThrownBy(writer::finish)
          .isInstanceOf(GdbmDuplicateException.class)
          .hasMessageContaining("name29000")
          .extracting(thrown -> new String(((GdbmDuplicateException) thrown).key(), UTF_8))
          .isEqualTo("name29000");
    }
  }

  @Test
  void oneNameAMillionTimesIsToldAsWell() throws Exception {
    try (GdbmWriter writer =
        new GdbmWriter(directory.resolve("file"), "rw-------", ByteOrder.LITTLE_ENDIAN)) {
      for (int i = 0; i < 1_000_000; i++) {
        writer.put(new byte[] {'a'}, new byte[0]);
      }
      assertThatThrownBy(writer::finish)
          .isInstanceOf(GdbmDuplicateException.class)
          .hasMessageContaining("The key a ");
    }
  }

  @Test
  void keysOfOneHashAreKeptUntilABucketIsFull() throws Exception {
    Path file = directory.resolve("file");
    try (GdbmWriter writer = new GdbmWriter(file, "rw-------", ByteOrder.LITTLE_ENDIAN)) {
      for (int i = 0; i < 166; i++) {
        writer.put(collision(i), new byte[] {(byte) i});
      }
      writer.finish();
    }
    try (GdbmReader reader = GdbmReader.open(file)) {
      assertThat(reader.get(collision(0))).hasValue(new byte[] {0});
      assertThat(reader.get(collision(165))).hasValue(new byte[] {(byte) 165});
      assertThat(reader.get(collision(166))).isEmpty();
    }
    try (GdbmWriter writer =
        new GdbmWriter(directory.resolve("second"), "rw-------", ByteOrder.LITTLE_ENDIAN)) {
      for (int i = 0; i < 167; i++) {
        writer.put(collision(i), new byte[0]);
      }
      assertThatThrownBy(writer::finish)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nearly the same hash");
    }
  }

  /** Octets 0 and 24 have the same weight, so keys of one sum have one hash. */
  private static byte[] collision(int i) {
    byte[] key = new byte[25 + 24];
    int half = i / 100;
    key[0] = (byte) (i % 100);
    key[24] = (byte) (100 - i % 100);
    key[1] = (byte) half;
    key[25] = (byte) (10 - half);
    return key;
  }

  @Test
  void theMarkIsReadBack() throws Exception {
    Path file = directory.resolve("file");
    try (GdbmWriter writer = new GdbmWriter(file, "rw-------", ByteOrder.BIG_ENDIAN)) {
      writer.mark("0123456789abcdef");
      writer.finish();
    }
    try (GdbmReader reader = GdbmReader.open(file)) {
      assertThat(reader.mark().orElseThrow().strip()).isEqualTo("postrider pair 0123456789abcdef");
    }
  }

  @Test
  void otherFilesAreRefusedByName() throws Exception {
    byte[] other = new byte[512];
    assertRefused(other, "is no GDBM file");
    assertRefused("#userdb\n".getBytes(UTF_8), "is no GDBM file");
    ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN).putInt(12, 0x061561);
    assertRefused(other, "is a Berkeley DB file");
    ByteBuffer.wrap(other).putInt(12, 0x053162);
    assertRefused(other, "is a Berkeley DB file");
  }

  private void assertRefused(byte[] octets, String text) throws IOException {
    Path file = Files.write(directory.resolve("other"), octets);
    assertThatThrownBy(() -> GdbmReader.open(file))
        .isInstanceOf(GdbmException.class)
        .hasMessageStartingWith(file.toString())
        .hasMessageContaining(text)
        .hasMessageContaining("makeuserdb");
  }

  @Test
  void aFileCutOffAnywhereIsRefusedWithAReason() throws Exception {
    Path whole = directory.resolve("whole");
    write(whole, ByteOrder.LITTLE_ENDIAN, accounts(300));
    byte[] octets = Files.readAllBytes(whole);
    for (int length = 0; length < octets.length - GdbmReader.MARK_OCTETS; length += 97) {
      byte[] part = Arrays.copyOf(octets, length);
      assertThatThrownBy(() -> visit(part)).isInstanceOf(GdbmException.class);
    }
  }

  @Test
  void aBucketThatIsMetTwiceIsDamage() throws Exception {
    Path whole = directory.resolve("whole");
    write(whole, ByteOrder.LITTLE_ENDIAN, accounts(1000));
    byte[] octets = Files.readAllBytes(whole);
    ByteBuffer buffer = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
    int directoryAt = (int) buffer.getLong(8);
    for (int entry = 0; entry < 512; entry++) {
      buffer.putLong(directoryAt + entry * 8, buffer.getLong(directoryAt));
    }
    assertThatThrownBy(() -> visit(octets))
        .isInstanceOf(GdbmException.class)
        .hasMessageContaining("is damaged");
  }

  private static void visit(byte[] octets) throws IOException {
    Path file = Files.createTempFile("gdbm", null);
    try {
      Files.write(file, octets);
      long[] total = new long[1];
      try (GdbmReader reader = GdbmReader.open(file)) {
        reader.get("ann@example.com".getBytes(UTF_8));
        reader.forEach(
            GdbmReader.ALL,
            (key, value) -> {
              total[0] += key.length + value.length;
              reader.get(key);
              return true;
            });
        reader.forEach((start, keyLength, valueLength) -> false, (key, value) -> true);
        reader.mark();
      } finally {
        assertThat(total[0]).isLessThanOrEqualTo(octets.length);
      }
    } finally {
      Files.delete(file);
    }
  }

  @FuzzTest
  void anyFileIsReadOrRefused(byte[] octets) throws IOException {
    try {
      visit(octets);
    } catch (GdbmException refused) {
      assertThat(refused).hasMessageContaining("makeuserdb");
    }
  }

  @Property(tries = 300)
  void aFileWithWrongNumbersIsReadOrRefused(@ForAll("damages") List<Damage> damages)
      throws Exception {
    byte[] octets = SAMPLE.clone();
    ByteBuffer buffer = ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN);
    int buckets = buffer.getInt(24) == 4096 ? 3 * 4096 : 0;
    for (Damage damage : damages) {
      int at = damage.inHeader ? damage.at % 10 * 4 : buckets + damage.at % 3500 * 4;
      buffer.putInt(Math.min(at, octets.length - 4), damage.value);
    }
    anyFileIsReadOrRefused(octets);
  }

  record Damage(boolean inHeader, int at, int value) {}

  private static final byte[] SAMPLE = sample();

  private static byte[] sample() {
    try {
      Path file = Files.createTempFile("gdbm", null);
      Files.delete(file);
      write(file, ByteOrder.LITTLE_ENDIAN, accounts(200));
      byte[] octets = Files.readAllBytes(file);
      Files.delete(file);
      return octets;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Provide
  Arbitrary<List<Damage>> damages() {
    return Combinators.combine(
            Arbitraries.of(true, false, false),
            Arbitraries.integers().between(0, 10_000),
            Arbitraries.oneOf(
                Arbitraries.integers(), Arbitraries.integers().between(-4096, 20_000)))
        .as(Damage::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }
}
