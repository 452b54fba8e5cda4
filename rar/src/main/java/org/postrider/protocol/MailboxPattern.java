package org.postrider.protocol;

/**
 * What LIST asks for: {@code *} stands for any characters, {@code %} for any but the separator.
 * Matched without backtracking over alternatives: time is the product of the lengths, whatever the
 * number of wildcards.
 *
 * @rfc 3501 6.3.8
 */
public final class MailboxPattern {

  private final String pattern;

  private MailboxPattern(String pattern) {
    this.pattern = pattern;
  }

  /** Reference and pattern joined, as the server interprets them; a leading INBOX is folded. */
  public static MailboxPattern of(String reference, String pattern) {
    String joined = pattern;
    if (!reference.isEmpty()) {
      boolean separated = reference.endsWith(".") || pattern.isEmpty() || pattern.startsWith(".");
      joined = separated ? reference + pattern : reference + MailboxName.SEPARATOR + pattern;
    }
    return new MailboxPattern(MailboxName.foldInbox(joined));
  }

  /** True where the whole name matches. */
  public boolean matches(String name) {
    boolean[] reachable = new boolean[pattern.length() + 1];
    reachable[0] = true;
    skipWildcards(reachable);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean[] next = new boolean[pattern.length() + 1];
      boolean any = false;
      for (int p = 0; p < pattern.length(); p++) {
        if (!reachable[p]) {
          continue;
        }
        char wanted = pattern.charAt(p);
        if (wanted == '*' || (wanted == '%' && c != MailboxName.SEPARATOR)) {
          next[p] = true;
          any = true;
        } else if (wanted == c) {
          next[p + 1] = true;
          any = true;
        }
      }
      if (!any) {
        return false;
      }
      reachable = next;
      skipWildcards(reachable);
    }
    return reachable[pattern.length()];
  }

  private void skipWildcards(boolean[] reachable) {
    for (int p = 0; p < pattern.length(); p++) {
      if (reachable[p] && (pattern.charAt(p) == '*' || pattern.charAt(p) == '%')) {
        reachable[p + 1] = true;
      }
    }
  }

  /**
   * True where the pattern ends in {@code %}, so that parents of deeper mailboxes are to be shown
   * as well.
   */
  public boolean endsInPercent() {
    return pattern.endsWith("%");
  }

  @Override
  public String toString() {
    return pattern;
  }
}
