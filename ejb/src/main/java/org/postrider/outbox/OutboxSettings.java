package org.postrider.outbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.postrider.connector.CourierSettings;
import org.postrider.connector.OutboxName;
import org.postrider.protocol.MailboxName;

/**
 * What the administrator decided about sending: Courier's settings, under their names in {@code
 * imapd}, and ours, which are system properties.
 *
 * @param mailbox {@code OUTBOX}; empty: nothing is ever sent
 * @param sendmail {@code SENDMAIL}, absolute
 * @param header {@code HEADERFROM}: the field in which the account is told; empty: none
 * @param several {@code OUTBOX_MULTIPLE_SEND}: whether one command may send more than one message
 * @param smtp by the mail session, else by {@code sendmail}
 * @param mailSession its name in JNDI
 * @param timeLimit for one message
 * @param atATime most messages being sent at one moment
 */
record OutboxSettings(
    Optional<MailboxName> mailbox,
    Path sendmail,
    String header,
    boolean several,
    boolean smtp,
    String mailSession,
    Duration timeLimit,
    int atATime) {

  private static final String DEFAULT_SENDMAIL = "/usr/sbin/sendmail";
  private static final String DEFAULT_SESSION = "java:jboss/mail/Postrider";
  private static final int DEFAULT_SECONDS = 60;
  private static final int DEFAULT_AT_A_TIME = 20;

  private static final Pattern FIELD = Pattern.compile("[!-9;-~]{1,76}");

  /**
   * @param properties by name; null where nobody set one
   * @throws IllegalArgumentException where a setting is none, with a sentence for the administrator
   */
  static OutboxSettings read(CourierSettings courier, Function<String, String> properties) {
    Path sendmail = Path.of(courier.get("SENDMAIL").orElse(DEFAULT_SENDMAIL));
    if (!sendmail.isAbsolute()) {
      throw new IllegalArgumentException(
          "SENDMAIL is " + sendmail + "; it is the whole path of a program, without arguments.");
    }
    String header = courier.values().getOrDefault("HEADERFROM", "X-IMAP-Sender").strip();
    if (!header.isEmpty() && !FIELD.matcher(header).matches()) {
      throw new IllegalArgumentException(
          "HEADERFROM is " + header + "; it is the name of a header field, without a colon.");
    }
    return new OutboxSettings(
        OutboxName.of(courier),
        sendmail,
        header,
        courier.flag("OUTBOX_MULTIPLE_SEND").orElse(false),
        smtp(properties, courier.get("SENDMAIL").isPresent()),
        mailSession(properties),
        Duration.ofSeconds(number(properties, "imap.outbox-seconds", DEFAULT_SECONDS, 3600)),
        number(properties, "imap.outbox-at-a-time", DEFAULT_AT_A_TIME, 1000));
  }

  /** Where nobody says: as on a Courier site, whose settings name a program, by that. */
  private static boolean smtp(Function<String, String> properties, boolean namesProgram) {
    String transport =
        set(properties, "imap.outbox-transport").orElse(namesProgram ? "sendmail" : "smtp");
    return switch (transport) {
      case "smtp" -> true;
      case "sendmail" -> false;
      default ->
          throw new IllegalArgumentException(
              "imap.outbox-transport is " + transport + "; it is one of sendmail, smtp.");
    };
  }

  private static String mailSession(Function<String, String> properties) {
    String name = set(properties, "imap.outbox-mail-session").orElse(DEFAULT_SESSION);
    if (!name.startsWith("java:")) { // anything else could be another machine's
      throw new IllegalArgumentException(
          "imap.outbox-mail-session is "
              + name
              + "; it is the JNDI name of a mail session of this WildFly, such as "
              + DEFAULT_SESSION
              + ".");
    }
    return name;
  }

  private static Optional<String> set(Function<String, String> properties, String name) {
    return Optional.ofNullable(properties.apply(name)).map(String::strip).filter(s -> !s.isEmpty());
  }

  private static int number(
      Function<String, String> properties, String name, int otherwise, int most) {
    String text = set(properties, name).orElse(Integer.toString(otherwise));
    try {
      int number = Integer.parseInt(text);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw notANumber(name, text, most);
    }
    throw notANumber(name, text, most);
  }

  private static IllegalArgumentException notANumber(String name, String text, int most) {
    return new IllegalArgumentException(
        name + " is " + text + "; it is a number from 1 to " + most + ".");
  }
}
