package org.postrider.mail;

import java.util.Optional;

/**
 * Whether accounts whose mail is on another server are passed on to it: Courier's {@code
 * IMAP_PROXY}, with the account option {@code mailhost}.
 *
 * @param on {@code IMAP_PROXY}
 * @param ownName {@code PROXY_HOSTNAME}: as {@code mailhost} names this server
 */
public record Forwarding(boolean on, String ownName) {

  /** All mail is here. */
  public static final Forwarding OFF = new Forwarding(false, "");

  /** The server that has an account's mail, as its option says; empty where that is this one. */
  public Optional<String> elsewhere(Account account) {
    return on
        ? account.option("mailhost").stream()
            .map(String::strip)
            .limit(1)
            .filter(host -> !host.isEmpty() && !host.equalsIgnoreCase(ownName))
            .findFirst()
        : Optional.empty();
  }
}
