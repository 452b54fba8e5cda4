package org.postrider.outbox;

import jakarta.mail.Session;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.postrider.connector.CourierSettings;
import org.postrider.maildir.ServerUser;
import org.postrider.protocol.MailboxName;

/**
 * The mailbox that sends what is put into it, if there is one. A message is sent first and stored
 * then, as with Courier: one that could not be sent is not there.
 *
 * <p>Any thread. Whoever sends waits for the mail server; only so many do at a time, and each not
 * for longer than is set.
 */
public final class Outbox {

  private final OutboxSettings settings;
  private final Transport transport;
  private final Semaphore places;

  Outbox(OutboxSettings settings, Transport transport) {
    this.settings = settings;
    this.transport = transport;
    this.places = new Semaphore(settings.atATime(), true);
  }

  /**
   * @param properties system properties by name; null where nobody set one
   * @throws IllegalArgumentException where a setting is none, with a sentence for the administrator
   */
  public static Outbox of(CourierSettings courier, Function<String, String> properties) {
    OutboxSettings settings = OutboxSettings.read(courier, properties);
    return new Outbox(
        settings,
        settings.smtp()
            ? new MailSession(
                () -> session(settings.mailSession()),
                settings.mailSession(),
                settings.timeLimit(),
                ownName())
            : new SendmailProgram(settings.sendmail(), settings.timeLimit(), ServerUser.current()));
  }

  /** The name is the administrator's, and of this server: {@link OutboxSettings} sees to that. */
  @SuppressWarnings("BanJNDI")
  private static Session session(String name) throws NamingException {
    return (Session) new InitialContext().lookup(name);
  }

  private static String ownName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** True for the account's own mailbox of that name. */
  public boolean is(MailboxName name) {
    return settings.mailbox().filter(name::equals).isPresent();
  }

  /** What sends the messages of one command. */
  public Sending sending(Sender sender) {
    return new Sending(this, sender);
  }

  boolean allowsSeveral() {
    return settings.several();
  }

  String header() {
    return settings.header();
  }

  /**
   * Sends one message.
   *
   * @throws UnsentException also where too many are being sent
   */
  void send(Letter letter, Sender sender) throws UnsentException {
    try {
      if (!places.tryAcquire(settings.timeLimit().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new UnsentException(
            "The server is sending as many messages as it can; try again in a while. Nothing was"
                + " sent.");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnsentException("The server is stopping. Nothing was sent.", e);
    }
    try {
      transport.send(letter, sender);
    } finally {
      places.release();
    }
  }
}
