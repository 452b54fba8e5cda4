package org.postrider.outbox;

import jakarta.mail.Address;
import jakarta.mail.Authenticator;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import javax.naming.NamingException;

/**
 * A mail session (SMTP) of the application server. The envelope's recipients are the addresses in
 * To, Cc and Bcc; Bcc is not sent. All of them are accepted, or the message is sent to none.
 *
 * <p>The session's own settings count (host, port, TLS, password); what it lacks are time limits,
 * and a limit for the whole: each message is sent on a virtual thread, whose socket closes when it
 * is interrupted.
 */
final class MailSession implements org.postrider.outbox.Transport {

  private static final System.Logger LOG = System.getLogger(MailSession.class.getName());

  private static final Duration CONNECTING = Duration.ofSeconds(15);
  private static final Duration GIVING_UP = Duration.ofSeconds(5);

  /** What an SMTP server says no with. */
  private static final Pattern REPLY = Pattern.compile("[45][0-9][0-9][ -].*", Pattern.DOTALL);

  /** Finds the session, anew for each message. */
  @FunctionalInterface
  interface Source {
    Session find() throws NamingException;
  }

  private final Source source;
  private final String name;
  private final Duration timeLimit;
  private final String host;

  /**
   * @param name of the session, for the log
   * @param host what is put behind a sender's name that has no domain
   */
  MailSession(Source source, String name, Duration timeLimit, String host) {
    this.source = source;
    this.name = name;
    this.timeLimit = timeLimit;
    this.host = host;
  }

  @Override
  public void send(Letter letter, Sender sender) throws UnsentException {
    Attempt attempt = attempt(letter, sender);
    AtomicReference<UnsentException> failure = new AtomicReference<>();
    Thread thread =
        Thread.ofVirtual()
            .name("postrider-smtp")
            .start(
                () -> {
                  try {
                    attempt.run();
                  } catch (UnsentException e) {
                    failure.set(e);
                  } catch (RuntimeException e) {
                    LOG.log(System.Logger.Level.ERROR, "Sending failed by a mistake", e);
                    failure.set(attempt.uncertain("The message could not be sent", e));
                  }
                });
    try {
      if (!thread.join(timeLimit)) {
        thread.interrupt();
        thread.join(GIVING_UP);
        throw attempt.uncertain(
            "The mail server did not take the message within " + timeLimit.toSeconds() + " seconds",
            null);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw attempt.uncertain("The server is stopping", e);
    }
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  private Attempt attempt(Letter letter, Sender sender) throws UnsentException {
    try {
      Recipients recipients = Recipients.of(letter.file());
      List<Address> to = new ArrayList<>();
      for (String address : recipients.addresses()) {
        InternetAddress recipient = new InternetAddress();
        recipient.setAddress(address);
        to.add(recipient);
      }
      InternetAddress from = new InternetAddress();
      from.setAddress(
          sender.address().contains("@") ? sender.address() : sender.address() + "@" + host);
      Session session = bounded(source.find(), recipients.international());
      return new Attempt(
          session, to, new SpooledMessage(session, letter.without("Bcc", "Resent-Bcc"), from));
    } catch (UnsentException e) {
      throw e;
    } catch (IOException e) {
      throw new UnsentException(
          "The message could not be read again; please tell the server's administrator. Nothing"
              + " was sent.",
          e);
    } catch (NamingException e) {
      LOG.log(
          System.Logger.Level.ERROR,
          "No mail can be sent: there is no mail session "
              + name
              + " in this WildFly. configure.cli makes it; imap.outbox-mail-session names another.",
          e);
      throw new UnsentException(
          "The server has no way to send mail; please tell its administrator. Nothing was sent.",
          e);
    }
  }

  /** The session with time limits where it has none. */
  private Session bounded(Session found, boolean international) {
    Properties properties = new Properties();
    properties.putAll(found.getProperties());
    for (String protocol : List.of("mail.smtp.", "mail.smtps.")) {
      properties.putIfAbsent(
          protocol + "connectiontimeout",
          Long.toString(Math.min(CONNECTING.toMillis(), timeLimit.toMillis())));
      properties.putIfAbsent(protocol + "timeout", Long.toString(timeLimit.toMillis()));
    }
    if (international) {
      properties.put("mail.mime.allowutf8", "true");
    }
    return Session.getInstance(
        properties,
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return found.requestPasswordAuthentication(
                getRequestingSite(),
                getRequestingPort(),
                getRequestingProtocol(),
                getRequestingPrompt(),
                getDefaultUserName());
          }
        });
  }

  /** One message on its way. */
  private record Attempt(Session session, List<Address> to, SpooledMessage message) {

    void run() throws UnsentException {
      boolean sent = false;
      Transport transport = null;
      try {
        transport = session.getTransport();
        transport.connect();
        transport.sendMessage(message, to.toArray(Address[]::new));
        sent = true;
      } catch (MessagingException e) {
        throw refused(e);
      } finally {
        close(transport, sent);
      }
    }

    private static void close(Transport transport, boolean sent) {
      try {
        if (transport != null) {
          transport.close();
        }
      } catch (MessagingException e) {
        LOG.log(
            System.Logger.Level.DEBUG,
            () -> "The mail server went early, sent: " + sent + ": " + e);
      }
    }

    private UnsentException refused(MessagingException e) {
      String said = said(e);
      boolean certain =
          REPLY.matcher(said).matches() || (e instanceof SendFailedException && !message.isWhole());
      LOG.log(System.Logger.Level.DEBUG, "A message was not sent", e);
      String text = Readable.line(said);
      return certain
          ? new UnsentException("The message was not sent; the mail server said: " + text, e)
          : uncertain("The mail server can't be talked to: " + text, e);
    }

    /** Whether the message went depends on how far it had come. */
    UnsentException uncertain(String text, Exception cause) {
      return new UnsentException(
          text
              + (message.isWhole()
                  ? "; it had the whole message, and whether it was sent is not certain."
                  : ". Nothing was sent."),
          cause);
    }

    /** The innermost reason: the outer ones say that some address is not valid. */
    private static String said(MessagingException e) {
      Exception at = e;
      String text = "";
      for (int depth = 0; depth < 10 && at != null; depth++) {
        String message = at.getMessage() == null ? "" : at.getMessage();
        if (!message.isBlank() && (text.isEmpty() || !REPLY.matcher(text).matches())) {
          text = message;
        }
        at = at instanceof MessagingException outer ? outer.getNextException() : null;
      }
      return text.strip();
    }
  }
}
