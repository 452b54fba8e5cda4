package org.postrider.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.SetupCode.Verdict;

class SetupCodeTest {

  @TempDir Path home;

  @BeforeEach
  void makeDirectory() throws IOException {
    Files.createDirectories(home.resolve("etc"));
  }

  @Test
  void isWorthOneUse() throws Exception {
    SetupCode setup = SetupCode.in(home);
    assertThat(setup.isWaiting()).isFalse();
    assertThat(setup.check("any".toCharArray())).isEqualTo(Verdict.NONE);

    String code = setup.create();

    assertThat(code).matches("([A-HJ-NP-Z2-9]{4}-){4}[A-HJ-NP-Z2-9]{4}");
    assertThat(setup.isWaiting()).isTrue();
    assertThat(setup.check(code.toCharArray())).isEqualTo(Verdict.RIGHT);
    assertThat(setup.check(code.toLowerCase(Locale.ROOT).replace("-", " ").toCharArray()))
        .isEqualTo(Verdict.RIGHT);
    assertThat(setup.consume()).isTrue();
    assertThat(setup.consume()).isFalse();
    assertThat(setup.check(code.toCharArray())).isEqualTo(Verdict.NONE);
  }

  @Test
  void theFileHoldsOnlyADigest() throws Exception {
    String code = SetupCode.in(home).create();
    Path file = home.resolve("etc/setup-code");
    assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n").doesNotContain(code);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(file.getParent()).isDirectoryNotContaining("glob:**/.tmp.*");
  }

  @Test
  void guessingEnds() throws Exception {
    String code = SetupCode.in(home).create();
    for (int i = 0; i < SetupCode.WRONG_MAX; i++) {
      assertThat(SetupCode.in(home).check(("WRONG" + i).toCharArray())).isEqualTo(Verdict.WRONG);
    }
    assertThat(SetupCode.in(home).check("WRONG".toCharArray())).isEqualTo(Verdict.TOO_MANY);
    assertThat(SetupCode.in(home).check(code.toCharArray())).isEqualTo(Verdict.TOO_MANY);
  }

  @Test
  void aDamagedFileSaysSo() throws Exception {
    Files.writeString(home.resolve("etc/setup-code"), "not hex");
    assertThatThrownBy(() -> SetupCode.in(home).check("any".toCharArray()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is damaged");
  }
}
