package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.Keytab.Name;

class KeytabTest {

  /** Two keys of one principal, as MIT Kerberos 1.20 wrote them. */
  private static final byte[] WRITTEN_BY_KADMIN =
      HexFormat.of()
          .parseHex(
              "0502000000510002000b4558414d504c452e4f52470004696d617000096c6f63616c686f73740000"
                  + "00016b0570190200120020dc5f59c89deafcab7c9d5e4018405eb395e236f0941813d30e95b6"
                  + "f1e1c0864600000002000000410002000b4558414d504c452e4f52470004696d617000096c6f"
                  + "63616c686f7374000000016b0570190200110010d5a0e6c85458d2a9a1a238b6185fc3390000"
                  + "0002");

  private static final Name IMAP = new Name(List.of("imap", "localhost"), "EXAMPLE.ORG");

  private static byte[] keytab(List<Name> names) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(octets);
    out.writeShort(0x0502);
    for (Name name : names) {
      byte[] record = record(name);
      out.writeInt(record.length);
      out.write(record);
    }
    return octets.toByteArray();
  }

  private static byte[] record(Name name) throws IOException {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(octets);
    out.writeShort(name.components().size());
    counted(out, name.realm().getBytes(UTF_8));
    for (String component : name.components()) {
      counted(out, component.getBytes(UTF_8));
    }
    out.writeInt(1);
    out.writeInt(1_700_000_000);
    out.writeByte(2);
    out.writeShort(17);
    counted(out, new byte[16]);
    return octets.toByteArray();
  }

  private static void counted(DataOutputStream out, byte[] octets) throws IOException {
    out.writeShort(octets.length);
    out.write(octets);
  }

  @Test
  void principalWithSeveralKeysIsThereOnce() throws Exception {
    Keytab keytab = Keytab.parse(WRITTEN_BY_KADMIN);
    assertThat(keytab.principals()).containsExactly(IMAP);
    assertThat(keytab.realmsOf("imap")).containsExactly("EXAMPLE.ORG");
    assertThat(keytab.realmsOf("pop")).isEmpty();
  }

  @Test
  void realmsAreInTheOrderOfTheFile() throws Exception {
    Keytab keytab =
        Keytab.parse(
            keytab(
                List.of(
                    new Name(List.of("host", "a"), "HOSTS"),
                    new Name(List.of("imap", "a"), "SECOND"),
                    new Name(List.of("imap", "b"), "FIRST"),
                    new Name(List.of("imap", "c"), "SECOND"),
                    new Name(List.of("imap"), "NO.HOST"),
                    new Name(List.of("imap", "a", "b"), "TOO.MANY"))));
    assertThat(keytab.realmsOf("imap")).containsExactly("SECOND", "FIRST");
  }

  @Test
  void holesArePassedOver() throws Exception {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(octets);
    out.writeShort(0x0502);
    out.writeInt(-7);
    out.write(new byte[7]);
    out.writeInt(record(IMAP).length);
    out.write(record(IMAP));
    out.writeInt(0);
    out.write(new byte[3]);
    assertThat(Keytab.parse(octets.toByteArray()).principals()).containsExactly(IMAP);
  }

  @Test
  void whatIsNoKeytabIsSaidToBeNone() {
    for (byte[] wrong : List.of(new byte[0], new byte[] {5}, new byte[] {5, 1, 0}, new byte[9])) {
      assertThatThrownBy(() -> Keytab.parse(wrong))
          .isInstanceOf(IOException.class)
          .hasMessage("it is no Kerberos keytab of version 5.2");
    }
  }

  @Test
  void fileThatEndsWithinARecordIsDamaged() {
    for (int length = 6; length < WRITTEN_BY_KADMIN.length; length++) {
      byte[] cut = Arrays.copyOf(WRITTEN_BY_KADMIN, length);
      if (length < 0x57 || length >= 0x5b) {
        assertThatThrownBy(() -> Keytab.parse(cut)).hasMessageContaining("damaged");
      }
    }
    for (int size : new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE, -9, 9, 1}) {
      byte[] wrong = {5, 2, 0, 0, 0, 0, 0, 1};
      java.nio.ByteBuffer.wrap(wrong).putInt(2, size);
      assertThatThrownBy(() -> Keytab.parse(wrong)).hasMessageContaining("damaged");
    }
  }

  @Test
  void fileThatIsFarTooLargeIsNotRead(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("large"), new byte[1024 * 1024 + 1]);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThatThrownBy(() -> Keytab.read(file)).hasMessageContaining("larger than 1048576 octets");
  }

  @Test
  void fileThatEverybodyCanReadIsNotUsed(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("keytab"), WRITTEN_BY_KADMIN);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> Keytab.read(file)).hasMessageContaining("chmod 600 " + file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(Keytab.read(file).principals()).containsExactly(IMAP);
  }

  @Property(tries = 200)
  void whatIsWrittenIsRead(
      @ForAll @Size(max = 20) List<@Size(max = 4) List<@StringLength(max = 9) String>> names)
      throws Exception {
    List<Name> all =
        names.stream().map(components -> new Name(sound(components), "EXAMPLE.ORG")).toList();
    assertThat(Keytab.parse(keytab(all)).principals())
        .containsExactlyElementsOf(all.stream().distinct().toList());
  }

  /** Without halves of characters, which no encoding has. */
  private static List<String> sound(List<String> components) {
    return components.stream().map(text -> new String(text.getBytes(UTF_8), UTF_8)).toList();
  }

  @FuzzTest(maxDuration = "30s")
  void anyOctetsAreAKeytabOrAnError(byte[] octets) {
    try {
      Keytab.parse(octets);
    } catch (IOException wrong) {
      assertThat(wrong).hasMessageContaining("keytab");
    }
  }
}
