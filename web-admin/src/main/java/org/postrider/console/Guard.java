package org.postrider.console;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/**
 * Stands in front of every page. It sends the headers that tell a browser what a page may do,
 * refuses a form that another site has sent, and ends a session that nobody uses even if its page
 * still refreshes itself. Any thread may use it.
 */
public final class Guard extends HttpFilter {

  /** A page that refreshes itself says so with this request header: that is no use of a session. */
  static final String LIVE = "Postrider-Live";

  /** How long a page may go on refreshing itself with nobody there. */
  static final Duration IDLE_MAX = Duration.ofMinutes(30);

  /** The longest form. Ours have a few hundred octets; a browser says before how many it sends. */
  static final long FORM_MAX_OCTETS = 64 * 1024;

  static final String LAST_USE = Guard.class.getName() + ".lastUse";

  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");

  /**
   * Everything from here, nothing inline, in no frame. The referrer stays within the console; with
   * {@code no-referrer} a browser would send forms with {@code Origin: null}.
   */
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
              + " 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
          "X-Frame-Options",
          "DENY",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "same-origin",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
          "Strict-Transport-Security",
          "max-age=31536000");

  private final transient Clock clock;

  /** Reads the system's clock. */
  public Guard() {
    this(Clock.systemUTC());
  }

  Guard(Clock clock) {
    this.clock = clock;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HEADERS.forEach(response::setHeader);
    // Pages are never kept. The files of /static are, but the browser asks each time if they are
    // the newest.
    boolean file = request.getServletPath().startsWith("/static/");
    response.setHeader("Cache-Control", file ? "no-cache" : "no-store");
    if (request.getDispatcherType() == DispatcherType.REQUEST) {
      if (!SAFE_METHODS.contains(request.getMethod())) {
        if (!isFromHere(request)) {
          response.sendError(HttpServletResponse.SC_FORBIDDEN);
          return;
        }
        if (!isReadable(request)) {
          // Without an error page, which would read the form again.
          response.setStatus(HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE);
          return;
        }
      }
      if (isUnused(request)) {
        request.logout();
        request.getSession().invalidate();
        response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
        return;
      }
    }
    chain.doFilter(request, response);
  }

  /**
   * Whether one of our own pages sent this form. A browser says so in {@code Sec-Fetch-Site}, an
   * older one in {@code Origin}; what says neither is not a browser with our cookie.
   */
  static boolean isFromHere(HttpServletRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return site.equals("same-origin");
    }
    String host = request.getHeader("Host");
    return host != null && ("https://" + host).equals(request.getHeader("Origin"));
  }

  private static boolean isReadable(HttpServletRequest request) {
    long octets = request.getContentLengthLong();
    if (octets < 0 || octets > FORM_MAX_OCTETS) {
      return false;
    }
    try {
      return request.getParameterMap() != null;
    } catch (RuntimeException tooManyFields) {
      return false;
    }
  }

  private boolean isUnused(HttpServletRequest request) {
    HttpSession session = request.getSession(false);
    if (session == null || request.getRemoteUser() == null) {
      return false;
    }
    long now = clock.millis();
    if (request.getHeader(LIVE) == null) {
      session.setAttribute(LAST_USE, now);
      return false;
    }
    return session.getAttribute(LAST_USE) instanceof Long lastUse
        && now - lastUse > IDLE_MAX.toMillis();
  }
}
