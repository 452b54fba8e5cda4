package org.postrider.maildir;

import java.util.Set;

/**
 * Who asks for a mailbox, as access lists know people.
 *
 * @param name the account's address: what {@code user=} means
 * @param groups the account's options {@code group}
 * @param owner true where the mailbox is the account's own
 */
public record Identity(String name, Set<String> groups, boolean owner) {

  private static final String ADMINISTRATORS = "administrators";

  public Identity {
    groups = Set.copyOf(groups);
  }

  /** True for whoever has all rights everywhere. */
  boolean isAdministrator() {
    return groups.contains(ADMINISTRATORS);
  }

  /**
   * True where an identifier of an access list means this account.
   *
   * @param identifier in octets, without {@code -} in front
   */
  boolean isMeantBy(String identifier) {
    return switch (identifier) {
      case "anyone", "anonymous" -> true;
      case "owner" -> owner;
      case ADMINISTRATORS -> isAdministrator();
      default -> {
        int equals = identifier.indexOf('=');
        String whom = FileNames.text(identifier.substring(equals + 1)).orElse("");
        yield (identifier.startsWith("user=") && whom.equals(name))
            || (identifier.startsWith("group=") && groups.contains(whom));
      }
    };
  }
}
