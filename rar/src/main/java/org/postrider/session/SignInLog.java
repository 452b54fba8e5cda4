package org.postrider.session;

import java.util.Map;
import org.postrider.mail.Account;

/**
 * The lines by which an administrator follows who came and went, in Courier's words, so that
 * programs that read its log (fail2ban among them) read this one.
 */
public final class SignInLog {

  private static final System.Logger LOG = System.getLogger("org.postrider.imapd");

  private SignInLog() {}

  static void signedIn(Session session) {
    LOG.log(
        System.Logger.Level.INFO,
        () ->
            "LOGIN, user="
                + user(session)
                + origin(session)
                + ", protocol=IMAP"
                + (session.client().link().secure() ? ", starttls=1" : ""));
  }

  /**
   * A sign-in that was refused.
   *
   * @param method {@code , method=CRAM-MD5}; empty for LOGIN
   */
  public static void failed(Session session, String name, String method) {
    LOG.log(
        System.Logger.Level.INFO,
        () -> "LOGIN FAILED, user=" + field(name) + printable(method) + origin(session));
  }

  /** What a client says of itself. */
  public static void identified(Session session, Map<String, String> fields) {
    LOG.log(
        System.Logger.Level.INFO,
        () -> "ID, user=" + user(session) + origin(session) + ", " + printable(fields.toString()));
  }

  static void bye(Session session, String text) {
    LOG.log(
        System.Logger.Level.INFO,
        () -> "BYE, user=" + user(session) + origin(session) + ", " + text);
  }

  static void ended(Session session, long commands, long beganNanos) {
    long seconds = (System.nanoTime() - beganNanos) / 1_000_000_000L;
    LOG.log(
        System.Logger.Level.INFO,
        () ->
            "LOGOUT, user="
                + user(session)
                + origin(session)
                + ", commands="
                + commands
                + ", time="
                + seconds);
  }

  /** Whose session it is and from where, as the lines have it. */
  static String who(Session session) {
    return "user=" + user(session) + origin(session);
  }

  private static String user(Session session) {
    return session.signedInAs().map(Account::name).map(SignInLog::field).orElse("");
  }

  private static String origin(Session session) {
    return ", ip=["
        + session.client().address().getAddress().getHostAddress()
        + "], port=["
        + session.client().address().getPort()
        + "], session="
        + session.client().link().id();
  }

  /** A comma ends a field: no name makes up an address that is then banned. */
  private static String field(String text) {
    return printable(text).replace(',', '?');
  }

  /** What a client sends never makes a line of its own, nor fills the log. */
  private static String printable(String text) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < Math.min(text.length(), 256); i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
    }
    return line.toString();
  }
}
