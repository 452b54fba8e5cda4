package org.postrider.console;

import jakarta.enterprise.context.ApplicationScoped;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.postrider.connector.ImapServerMXBean;
import org.postrider.connector.ListenerState;
import org.postrider.connector.SessionState;

/**
 * The mail server of this JVM, asked through its MXBean. However many pages are open, it is asked
 * once a second at most; when it does not answer, the last answer stays, with its time. Any thread
 * may use this.
 */
@ApplicationScoped
public class MailServer {

  /**
   * One answer.
   *
   * @param at when it was given; null if there never was one
   * @param current false if the server has not answered since
   */
  public record Answer(
      Instant at, boolean current, List<ListenerState> listeners, List<SessionState> sessions) {}

  private static final Logger LOG = System.getLogger(MailServer.class.getName());
  private static final Duration KEPT = Duration.ofSeconds(1);

  private final Supplier<ImapServerMXBean> server;
  private final Clock clock;
  private Answer last = new Answer(null, false, List.of(), List.of());
  private Instant lastAsked = Instant.MIN;

  /** The one that the resource adapter has registered. */
  public MailServer() {
    this(MailServer::registered, Clock.systemUTC());
  }

  /**
   * @param server gives null while there is none
   */
  MailServer(Supplier<ImapServerMXBean> server, Clock clock) {
    this.server = server;
    this.clock = clock;
  }

  /** What it says now, or said last. */
  public synchronized Answer ask() {
    Instant now = clock.instant();
    if (lastAsked.isBefore(now.minus(KEPT))) {
      lastAsked = now;
      last = askNow(now);
    }
    return last;
  }

  /**
   * Ends a session; its client reads the reason in a {@code BYE}.
   *
   * @param id of the session
   * @param reason one line, for the person at the client
   * @return false if it has ended before, or the server does not answer
   */
  public boolean disconnect(String id, String reason) {
    ImapServerMXBean bean = server.get();
    boolean ended = bean != null && bean.disconnect(id, reason);
    synchronized (this) {
      lastAsked = Instant.MIN;
    }
    return ended;
  }

  private Answer askNow(Instant now) {
    try {
      ImapServerMXBean bean = server.get();
      if (bean != null) {
        return new Answer(
            now, true, List.copyOf(bean.getListeners()), List.copyOf(bean.getSessions()));
      }
    } catch (RuntimeException failure) {
      // Such as: it was undeployed between the question and the answer.
      // Said once; it is asked again every few seconds.
      LOG.log(
          last.current() ? Level.WARNING : Level.DEBUG,
          "The IMAP server's management bean does not answer",
          failure);
    }
    return new Answer(last.at(), false, last.listeners(), last.sessions());
  }

  private static ImapServerMXBean registered() {
    MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    try {
      ObjectName name = new ObjectName(ImapServerMXBean.OBJECT_NAME);
      return beans.isRegistered(name)
          ? JMX.newMXBeanProxy(beans, name, ImapServerMXBean.class)
          : null;
    } catch (MalformedObjectNameException impossible) {
      throw new IllegalStateException(ImapServerMXBean.OBJECT_NAME, impossible);
    }
  }
}
