package org.postrider.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CourierRcTest {

  private static final String MARKER = "##NAME: MARKER:0\n";

  private static CourierRc parsed(String text) throws IOException {
    return CourierRc.parse((text + MARKER).getBytes(UTF_8));
  }

  @Test
  void keysAndValuesAreSeparatedByAnyBlanks() throws IOException {
    CourierRc rc =
        parsed("LDAP_URI\t\tldaps://a, ldaps://b  \t\n  LDAP_BASEDN o=example, c=com\r\n");
    assertThat(rc.value("LDAP_URI")).contains("ldaps://a, ldaps://b");
    assertThat(rc.value("LDAP_BASEDN")).contains("o=example, c=com");
    assertThat(rc.value("LDAP_MAIL")).isEmpty();
    assertThat(rc.value("LDAP_MAIL", "mail")).isEqualTo("mail");
  }

  @Test
  void aBackslashContinuesAValueOverCommentsAndAll() throws IOException {
    CourierRc rc =
        parsed("MYSQL_SELECT_CLAUSE\tSELECT a,\t\\\n\t\tb \\\n # c \\\n FROM t\nNEXT 1\n");
    assertThat(rc.value("MYSQL_SELECT_CLAUSE")).contains("SELECT a,\t b  # c  FROM t");
    assertThat(rc.value("NEXT")).contains("1");
    assertThat(parsed("KEY \\\n  value\n").value("KEY")).contains("value");
    assertThat(CourierRc.parse((MARKER + "KEY a\\").getBytes(UTF_8)).value("KEY")).contains("a");
  }

  @Test
  void aCommentIsNotContinued() throws IOException {
    CourierRc rc = parsed("# SELECT a, \\\nKEY value#1\n");
    assertThat(rc.value("KEY")).contains("value#1");
  }

  @Test
  void theFirstOfTwoLinesCountsAndAnEmptyValueIsNone() throws IOException {
    CourierRc rc = parsed("KEY one\nKEY two\nEMPTY\n");
    assertThat(rc.value("KEY")).contains("one");
    assertThat(rc.value("EMPTY")).isEmpty();
    assertThatThrownBy(() -> rc.required("EMPTY")).hasMessage("EMPTY is not set in it");
  }

  @Test
  void withoutTheMarkerItIsNotUsed() {
    assertThatThrownBy(() -> CourierRc.parse("KEY value\n".getBytes(UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("marker line is not found");
    assertThatThrownBy(() -> CourierRc.parse(("KEY value\n " + MARKER).getBytes(UTF_8)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void numbersAndSwitchesAreChecked() throws IOException {
    CourierRc rc = parsed("TIMEOUT 7\nON 1\nOFF 0\nWORD yes\n");
    assertThat(rc.number("TIMEOUT", 5, 1, 60)).isEqualTo(7);
    assertThat(rc.number("OTHER", 5, 1, 60)).isEqualTo(5);
    assertThat(rc.isOn("ON")).isTrue();
    assertThat(rc.isOn("OFF")).isFalse();
    assertThat(rc.isOn("OTHER")).isFalse();
    assertThatThrownBy(() -> rc.isOn("WORD")).hasMessageContaining("WORD is \"yes\"");
    assertThatThrownBy(() -> rc.number("TIMEOUT", 5, 8, 60)).hasMessageContaining("from 8 to 60");
  }

  @Test
  void sizesAreBounded() {
    assertThatThrownBy(() -> parsed("KEY " + "x".repeat(16 * 1024 + 1) + "\n"))
        .hasMessageContaining("line 1 has a value of more than 16384 characters");
    assertThatThrownBy(() -> CourierRc.parse(new byte[] {(byte) 0xE4}))
        .hasMessage("it is not UTF-8");
  }

  @Test
  void passwordsAreNotShown() throws IOException {
    assertThat(parsed("LDAP_BINDPW toto\n")).hasToString("CourierRc[LDAP_BINDPW]");
  }

  @Test
  void aFileThatLosesItsMarkerKeepsWhatItSaid(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("authldaprc");
    WatchedFile<CourierRc> watched =
        new WatchedFile<>(file, CourierRc.parse(MARKER.getBytes(UTF_8)), CourierRc::read);
    Files.writeString(file, "KEY broken\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThatThrownBy(watched::get)
        .isInstanceOfSatisfying(
            TemporaryFailureException.class,
            failed -> assertThat(failed.detail()).contains(file.toString()).contains("marker"));
    Files.writeString(file, "KEY first\n" + MARKER);
    assertThat(watched.get().value("KEY")).contains("first");
    Files.writeString(file, "KEY second, half wri");
    assertThat(watched.get().value("KEY")).contains("first");
    Files.writeString(file, "KEY second\n" + MARKER);
    assertThat(watched.get().value("KEY")).contains("second");
  }

  @Property(tries = 500)
  void anyTextIsReadOrRefused(@ForAll String text) {
    try {
      assertThat(CourierRc.parse((text + "\n" + MARKER).getBytes(UTF_8))).isNotNull();
    } catch (IOException refused) {
      assertThat(refused).hasMessageNotContaining("\n");
    }
  }
}
