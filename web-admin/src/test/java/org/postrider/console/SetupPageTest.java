package org.postrider.console;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.Administrators;
import org.postrider.auth.PasswordHash;
import org.postrider.auth.SetupCode;

class SetupPageTest {

  private static final String PASSWORD = "correct horse battery";

  @TempDir private Path home;

  private final SignInGate gate = new SignInGate();
  private final Notice notice = new Notice();
  private String code;

  @BeforeEach
  void aCodeIsWaiting() throws IOException {
    Files.createDirectories(home.resolve("etc"));
    code = SetupCode.in(home).create();
  }

  private SetupPage filled(String code, String name, String password, String again) {
    SetupPage page =
        new SetupPage(
            gate,
            new DataFiles(home),
            new Words(Locale.ENGLISH, Clock.systemUTC()),
            Given.answering(HttpServletRequest.class, Map.of("getRemoteAddr", "192.0.2.1")),
            notice);
    page.setCode(code);
    page.setName(name);
    page.setPassword(password);
    page.setAgain(again);
    return page;
  }

  @Test
  void theRightCodeMakesTheFirstAdministratorOnce() throws Exception {
    SetupPage page = filled(code.toLowerCase(Locale.ROOT), " ada ", PASSWORD, PASSWORD);
    assertThat(page.create()).isEqualTo("/sign-in?faces-redirect=true");
    String stored =
        Administrators.in(home).find("ada").orElseThrow().field("systempw").orElseThrow();
    assertThat(PasswordHash.verify(stored, PASSWORD.toCharArray())).isTrue();
    assertThat(SetupCode.in(home).isWaiting()).isFalse();
    assertThat(notice.take()).contains("ada");

    SetupPage second = filled(code, "eve", PASSWORD, PASSWORD);
    assertThat(second.create()).isNull();
    assertThat(second.getFaults().get("form")).startsWith("No set-up code is waiting");
    assertThat(Administrators.in(home).find("eve")).isEmpty();
  }

  @Test
  void aWrongCodeMakesNobody() throws Exception {
    SetupPage page = filled("AAAA-BBBB", "ada", PASSWORD, PASSWORD);
    assertThat(page.create()).isNull();
    assertThat(page.getFaults()).containsOnlyKeys("code");
    assertThat(Administrators.in(home).isEmpty()).isTrue();
    assertThat(SetupCode.in(home).isWaiting()).isTrue();
  }

  @Test
  void guessingIsSlowedBeforeTheCodeIsLookedAt() throws Exception {
    for (int i = 0; i < 4; i++) {
      filled("AAAA-BBBB", "ada", PASSWORD, PASSWORD).create();
    }
    SetupPage page = filled(code, "ada", PASSWORD, PASSWORD);
    assertThat(page.create()).isNull();
    assertThat(page.getFaults().get("form")).startsWith("Too many attempts. Wait");
    assertThat(Administrators.in(home).isEmpty()).isTrue();
  }

  @Test
  void everyFieldThatIsWrongIsNamed() {
    SetupPage page = filled(null, "no spaces", "short", null);
    assertThat(page.create()).isNull();
    assertThat(page.getFaults()).containsOnlyKeys("code", "name", "password");
  }

  @Test
  void passwordsMustBeLongDifferFromTheNameAndBeTypedTwice() {
    assertThat(fault("elevenchars", "elevenchars")).containsOnlyKeys("password");
    assertThat(fault("administrator", "administrator")).containsOnlyKeys("password");
    assertThat(fault("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa")).containsOnlyKeys("password");
    assertThat(fault("x".repeat(600), "x".repeat(600))).containsOnlyKeys("password");
    assertThat(fault(PASSWORD, PASSWORD + " ")).containsOnlyKeys("again");
  }

  private Map<String, String> fault(String password, String again) {
    SetupPage page = filled("AAAA-BBBB", "administrator", password, again);
    assertThat(page.create()).isNull();
    return page.getFaults();
  }

  @Test
  void aPasswordIsNeverShownAgain() {
    SetupPage page = filled(code, "ada", PASSWORD, PASSWORD);
    assertThat(page.getPassword()).isNull();
    assertThat(page.getAgain()).isNull();
  }
}
