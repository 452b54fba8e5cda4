package org.postrider.console;

import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postrider.connector.ImapServerMXBean;
import org.postrider.connector.ListenerState;
import org.postrider.connector.SessionState;

/** What tests of the pages begin with. */
final class Given {

  private Given() {}

  static ListenerState listener(String name, String certificateEnds) {
    return new ListenerState(name, "127.0.0.1", 1993, "TLS", certificateEnds, 1, 10, 0);
  }

  static SessionState session(String id, String account, String address, String client, long idle) {
    return new SessionState(
        id, account, address, 40_000, client, "TLSv1.3", "selected", "INBOX", 600, idle, 12);
  }

  /** A mail server whose sessions can be ended. */
  static final class Server implements ImapServerMXBean {

    List<ListenerState> listeners = List.of();
    List<SessionState> sessions = List.of();
    final Map<String, String> ended = new HashMap<>();
    int asked;

    @Override
    public List<ListenerState> getListeners() {
      asked++;
      return listeners;
    }

    @Override
    public List<SessionState> getSessions() {
      return sessions;
    }

    @Override
    public boolean disconnect(String id, String reason) {
      boolean there = sessions.stream().anyMatch(session -> session.id().equals(id));
      if (there) {
        ended.put(id, reason);
      }
      return there;
    }
  }

  /**
   * An object that answers some methods of an interface from a map by their name, and all others
   * with null, false or zero. {@code getHeader Host} answers {@code getHeader("Host")}.
   */
  static <T> T answering(Class<T> type, Map<String, Object> answers) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              String call = method.getName();
              if (arguments != null && arguments.length == 1) {
                call += " " + arguments[0];
              }
              Object answer = answers.getOrDefault(call, answers.get(method.getName()));
              if (answer instanceof Exception failure) {
                throw failure;
              }
              if (answer instanceof Runnable action) {
                action.run();
                return null;
              }
              Class<?> wanted = method.getReturnType();
              return answer != null
                  ? answer
                  : wanted == boolean.class ? (Object) false : wanted == int.class ? 0 : null;
            }));
  }
}
