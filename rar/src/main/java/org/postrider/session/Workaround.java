package org.postrider.session;

import java.util.Locale;
import java.util.Optional;

/** A mistake of some clients that can be put up with. */
public enum Workaround {

  /** {@code LOGIN fred a(b)}: parentheses in a name or password that is not quoted. */
  UNQUOTED_LOGIN,

  /** No backslashes in the values of BODYSTRUCTURE's parameters, for clients that choke on them. */
  PLAIN_PARAMETERS,

  /**
   * LIST and LSUB tell {@code \Noinferiors} instead of {@code \HasNoChildren}, and no {@code
   * \HasChildren}, for clients that take an attribute they do not know for a mailbox that is not
   * there: Courier's {@code IMAP_OBSOLETE_CLIENT}.
   */
  NO_CHILDREN;

  /** As the setting calls it: {@code unquoted-login}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The one that the setting calls so. */
  public static Optional<Workaround> of(String word) {
    for (Workaround one : values()) {
      if (one.word().equals(word)) {
        return Optional.of(one);
      }
    }
    return Optional.empty();
  }
}
