package org.postrider.console;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenSessionsTest {

  private final OpenSessions open = new OpenSessions();
  private final List<String> ended = new ArrayList<>();

  private HttpSession session(int number) {
    String id = "session " + number;
    return Given.answering(
        HttpSession.class,
        Map.of(
            "getId",
            id,
            "getServletContext",
            Given.answering(ServletContext.class, Map.of()),
            "invalidate",
            (Runnable) () -> ended.add(id)));
  }

  @Test
  void oneTooManyEndsTheOldest() {
    for (int i = 0; i < OpenSessions.MAX + 2; i++) {
      open.sessionCreated(new HttpSessionEvent(session(i)));
    }
    assertThat(ended).containsExactly("session 0", "session 1");
    assertThat(open.size()).isEqualTo(OpenSessions.MAX);
  }

  @Test
  void whoHasSignedInIsNotAmongThem() {
    open.sessionCreated(new HttpSessionEvent(session(1)));
    open.sessionCreated(new HttpSessionEvent(session(2)));
    open.signedIn(session(1));
    open.sessionDestroyed(new HttpSessionEvent(session(2)));
    assertThat(open.size()).isZero();
  }
}
