package org.postrider.console;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SignInPageTest {

  private final List<String> done = new ArrayList<>();
  private final SignInGate gate = new SignInGate();
  private final OpenSessions open = new OpenSessions();
  private final HttpSession session = Given.answering(HttpSession.class, Map.of("getId", "before"));

  private final Map<String, Object> request =
      new HashMap<>(
          Map.of(
              "getRemoteAddr",
              "192.0.2.1",
              "getSession",
              session,
              "getServletContext",
              Given.answering(ServletContext.class, Map.of("getAttribute", open)),
              "login",
              (Runnable) () -> done.add("login"),
              "logout",
              (Runnable) () -> done.add("logout"),
              "changeSessionId",
              "after",
              "isUserInRole administrator",
              true));

  private SignInPage filled(String name, String password) {
    SignInPage page =
        new SignInPage(
            gate,
            new DataFiles(Path.of("nowhere")),
            new Words(Locale.ENGLISH, Clock.systemUTC()),
            Given.answering(HttpServletRequest.class, request));
    page.setName(name);
    page.setPassword(password);
    return page;
  }

  @Test
  void anAdministratorGoesOnToTheOverview() {
    SignInPage page = filled("ada", "right");
    assertThat(page.signIn()).isEqualTo("/index?faces-redirect=true");
    assertThat(done).containsExactly("login");
    assertThat(page.getFault()).isNull();
    assertThat(page.getPassword()).isNull();
  }

  @Test
  void aWrongPasswordIsRefusedInWordsThatTellNoMore() {
    request.put("login", new ServletException("ELY01151: no such user"));
    SignInPage page = filled("ada", "wrong");
    assertThat(page.signIn()).isNull();
    assertThat(page.getFault()).isEqualTo("Name or password is wrong.");
  }

  @Test
  void somebodyWithoutTheRoleIsSignedOutAgainAndToldTheSame() {
    request.put("isUserInRole administrator", false);
    SignInPage page = filled("mail@example.org", "right");
    assertThat(page.signIn()).isNull();
    assertThat(done).containsExactly("login", "logout");
    assertThat(page.getFault()).isEqualTo("Name or password is wrong.");
  }

  @Test
  void guessingIsSlowedBeforeThePasswordIsLookedAt() {
    request.put("login", new ServletException("no"));
    for (int i = 0; i < 4; i++) {
      filled("ada", "wrong" + i).signIn();
    }
    request.put("login", (Runnable) () -> done.add("login"));
    SignInPage page = filled("ada", "right");
    assertThat(page.signIn()).isNull();
    assertThat(page.getFault()).startsWith("Too many attempts. Wait");
    assertThat(done).isEmpty();
  }

  @Test
  void emptyFieldsAreNotAnAttempt() {
    SignInPage page = filled(null, null);
    assertThat(page.signIn()).isNull();
    assertThat(page.getFault()).isEqualTo("Enter your name and your password.");
    assertThat(done).isEmpty();
  }

  @Test
  void aNameInTheLogHasNoLineEndAndIsNotLong() {
    assertThat(SignInPage.quoted("a\r\nb")).isEqualTo("\"a??b\"");
    assertThat(SignInPage.quoted("x".repeat(1_000))).hasSize(82);
  }
}
