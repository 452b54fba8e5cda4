package org.postrider.connector;

import java.util.List;
import java.util.Optional;
import org.postrider.protocol.MailboxName;
import org.postrider.protocol.MailboxNameException;

/** Courier's setting {@code OUTBOX}: the mailbox that sends what is put into it. */
public final class OutboxName {

  private OutboxName() {}

  /**
   * The mailbox; empty where none sends.
   *
   * @throws IllegalArgumentException where the setting is none, with a sentence for the
   *     administrator
   */
  public static Optional<MailboxName> of(CourierSettings courier) {
    Optional<String> set = courier.get("OUTBOX");
    if (set.isEmpty()) {
      return Optional.empty();
    }
    try {
      if (set.get().startsWith(".")) {
        return Optional.of(MailboxName.parse("INBOX" + set.get()));
      }
    } catch (MailboxNameException e) {
      throw notAnOutbox(set.get(), e);
    }
    throw notAnOutbox(set.get(), null);
  }

  private static IllegalArgumentException notAnOutbox(String set, MailboxNameException cause) {
    return new IllegalArgumentException(
        "OUTBOX is " + set + "; it is the name of a folder after a dot, such as .Outbox.", cause);
  }

  /** What CAPABILITY says of it; nothing where the name can't stand there. */
  static List<String> capabilities(CourierSettings courier) {
    return of(courier)
        .map(MailboxName::value)
        .filter(name -> name.chars().allMatch(OutboxName::isAtomCharacter))
        .map(name -> List.of("XCOURIEROUTBOX=" + name))
        .orElse(List.of());
  }

  private static boolean isAtomCharacter(int c) {
    return c > ' ' && c < 0x7F && "(){%*\"\\]&".indexOf(c) < 0;
  }
}
