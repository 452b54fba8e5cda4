package org.postrider.console;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GuardTest {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final List<String> done = new ArrayList<>();
  private final Map<String, String> headers = new HashMap<>();
  private final Map<String, Object> request =
      new HashMap<>(
          Map.of(
              "getMethod",
              "GET",
              "getServletPath",
              "/index.xhtml",
              "getDispatcherType",
              DispatcherType.REQUEST,
              "getContentLengthLong",
              300L,
              "getParameterMap",
              Map.of(),
              "getHeader Host",
              "mail.example.org:8443",
              "logout",
              (Runnable) () -> done.add("logout")));

  private void ask() throws Exception {
    HttpServletResponse response =
        (HttpServletResponse)
            Proxy.newProxyInstance(
                GuardTest.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) -> {
                  switch (method.getName()) {
                    case "setHeader" -> headers.put((String) arguments[0], (String) arguments[1]);
                    case "setStatus", "sendError" -> done.add("error " + arguments[0]);
                    default -> throw new AssertionError(method);
                  }
                  return null;
                });
    FilterChain chain = (in, out) -> done.add("page");
    new Guard(Clock.fixed(NOON, ZoneOffset.UTC))
        .doFilter(Given.answering(HttpServletRequest.class, request), response, chain);
  }

  @Test
  void aPageMayLoadNothingFromElsewhereAndBeInNoFrame() throws Exception {
    ask();
    assertThat(done).containsExactly("page");
    assertThat(headers.get("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(headers)
        .containsEntry("Cache-Control", "no-store")
        .containsEntry("X-Frame-Options", "DENY")
        .containsEntry("X-Content-Type-Options", "nosniff")
        .containsEntry("Referrer-Policy", "same-origin");
  }

  @Test
  void aFormOfAnotherSiteIsRefused() throws Exception {
    request.put("getMethod", "POST");
    request.put("getHeader Sec-Fetch-Site", "cross-site");
    request.put("getHeader Origin", "https://mail.example.org:8443");
    ask();
    assertThat(done).containsExactly("error 403");
  }

  @Test
  void aFormThatDoesNotSayWhereItComesFromIsRefused() throws Exception {
    request.put("getMethod", "POST");
    ask();
    request.put("getHeader Origin", "null");
    ask();
    request.put("getHeader Origin", "https://mail.example.org");
    ask();
    assertThat(done).containsExactly("error 403", "error 403", "error 403");
  }

  @Test
  void ourOwnFormsPass() throws Exception {
    request.put("getMethod", "POST");
    request.put("getHeader Origin", "https://mail.example.org:8443");
    ask();
    request.put("getHeader Sec-Fetch-Site", "same-origin");
    ask();
    assertThat(done).containsExactly("page", "page");
  }

  @Test
  void aFormThatIsTooLargeOrDoesNotSayHowLargeIsNotRead() throws Exception {
    request.put("getMethod", "POST");
    request.put("getHeader Sec-Fetch-Site", "same-origin");
    request.put("getContentLengthLong", Guard.FORM_MAX_OCTETS + 1);
    ask();
    request.put("getContentLengthLong", -1L);
    ask();
    request.put("getContentLengthLong", Guard.FORM_MAX_OCTETS);
    request.put("getParameterMap", new IllegalStateException("too many"));
    ask();
    assertThat(done).containsExactly("error 413", "error 413", "error 413");
  }

  @Test
  void aPageThatRefreshesItselfWithNobodyThereIsSignedOutInTheEnd() throws Exception {
    request.put("getRemoteUser", "ada");
    request.put("getHeader Postrider-Live", "1");
    request.put("getSession", used(Guard.IDLE_MAX));
    ask();
    request.put("getSession", used(Guard.IDLE_MAX.plusMillis(1)));
    ask();
    assertThat(done).containsExactly("page", "logout", "invalidate", "error 401");
  }

  private HttpSession used(Duration ago) {
    return Given.answering(
        HttpSession.class,
        Map.of(
            "getAttribute " + Guard.LAST_USE,
            NOON.minus(ago).toEpochMilli(),
            "invalidate",
            (Runnable) () -> done.add("invalidate")));
  }
}
