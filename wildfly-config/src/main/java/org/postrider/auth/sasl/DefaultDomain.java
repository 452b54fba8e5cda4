package org.postrider.auth.sasl;

/**
 * Courier's {@code DEFDOMAIN} and {@code DOMAINSEP}: what is added to a name that has no domain.
 *
 * @param domain with its separator, {@code @example.com}; empty: nothing is added
 * @param separators a name that has one of these characters has a domain; empty: the first
 *     character of {@code domain} alone
 */
public record DefaultDomain(String domain, String separators) {

  /** Names are as they are typed. */
  public static final DefaultDomain NONE = new DefaultDomain("", "");

  /** The name with its domain. */
  public String complete(String name) {
    if (domain.isEmpty() || name.isEmpty()) {
      return name;
    }
    String marks = separators.isEmpty() ? domain.substring(0, 1) : separators;
    return name.chars().anyMatch(c -> marks.indexOf(c) >= 0) ? name : name + domain;
  }
}
