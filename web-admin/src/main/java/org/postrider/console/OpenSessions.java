package org.postrider.console;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The browser sessions that nobody has signed in to. Anybody can open one by asking for a page, so
 * they end after {@value #SECONDS} seconds without use, and there are at most {@value #MAX} of
 * them: one more ends the oldest. Any thread may use this.
 */
@WebListener
public final class OpenSessions implements HttpSessionListener, ServletContextListener {

  /** How long somebody may take to type a password. */
  static final int SECONDS = 600;

  /** A few kilobytes each. */
  static final int MAX = 2_000;

  /** As long as web.xml says: sessions of administrators. */
  static final int SIGNED_IN_SECONDS = 1_800;

  private final Map<String, HttpSession> byId = new LinkedHashMap<>();

  /** The one of this application. */
  static OpenSessions of(ServletContext application) {
    return (OpenSessions) application.getAttribute(OpenSessions.class.getName());
  }

  @Override
  public void contextInitialized(ServletContextEvent event) {
    event.getServletContext().setAttribute(OpenSessions.class.getName(), this);
  }

  @Override
  public void sessionCreated(HttpSessionEvent event) {
    HttpSession session = event.getSession();
    session.setMaxInactiveInterval(SECONDS);
    HttpSession oldest = enter(session);
    if (oldest != null) {
      end(oldest);
    }
  }

  @Override
  public void sessionDestroyed(HttpSessionEvent event) {
    remove(event.getSession().getId());
  }

  /** An administrator has signed in: the session is no longer an open one. */
  void signedIn(HttpSession session) {
    remove(session.getId());
    session.setMaxInactiveInterval(SIGNED_IN_SECONDS);
  }

  synchronized int size() {
    return byId.size();
  }

  private synchronized HttpSession enter(HttpSession session) {
    byId.put(session.getId(), session);
    if (byId.size() <= MAX) {
      return null;
    }
    Iterator<HttpSession> oldestFirst = byId.values().iterator();
    HttpSession oldest = oldestFirst.next();
    oldestFirst.remove();
    return oldest;
  }

  private synchronized void remove(String id) {
    byId.remove(id);
  }

  private static void end(HttpSession session) {
    try {
      session.invalidate();
    } catch (IllegalStateException alreadyEnded) {
      // Which is what was wanted.
    }
  }
}
