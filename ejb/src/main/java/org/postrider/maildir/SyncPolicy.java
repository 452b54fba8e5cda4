package org.postrider.maildir;

import java.util.Locale;

/** What the server waits for before it says OK. */
public enum SyncPolicy {
  /**
   * Nothing, as Courier: after a power cut or a crash of the system the last seconds may be
   * missing.
   */
  COURIER,

  /**
   * Messages that come, mailboxes that are made, renamed and removed, and every UID are on the
   * medium. Flags, removed messages, subscriptions and access lists follow within seconds.
   */
  FULL,

  /** All that is said to be done is on the medium. */
  EVERYTHING;

  /**
   * The policy that a setting names.
   *
   * @throws IllegalArgumentException with a sentence for the administrator
   */
  public static SyncPolicy parse(String text) {
    for (SyncPolicy policy : values()) {
      if (policy.name().toLowerCase(Locale.ROOT).equals(text)) {
        return policy;
      }
    }
    throw new IllegalArgumentException(
        "imap.sync is " + text + "; it is one of full, everything and courier.");
  }
}
