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
  private final boolean endsInPercent;

  private MailboxPattern(String pattern) {
    this.pattern = withoutRuns(pattern);
    this.endsInPercent = pattern.endsWith("%");
  }

  /** Several wildcards after each other mean what one of them does. */
  private static String withoutRuns(String pattern) {
    StringBuilder text = new StringBuilder(pattern.length());
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      char before = text.isEmpty() ? 0 : text.charAt(text.length() - 1);
      if (isWildcard(c) && isWildcard(before)) {
        text.setCharAt(text.length() - 1, c == '*' ? c : before);
      } else {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static boolean isWildcard(char c) {
    return c == '*' || c == '%';
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

  /** True where the pattern says so itself, before any wildcard. */
  public boolean beginsWith(String text) {
    return pattern.startsWith(text);
  }

  /** True where the whole name matches. */
  public boolean matches(String name) {
    boolean[] reached = reached(name);
    return reached != null && reached[pattern.length()];
  }

  /** True where a name that begins like this could match: this one, or a longer one. */
  public boolean canMatchFrom(String beginning) {
    return reached(beginning) != null;
  }

  /**
   * Where the matching stands after some text: in front of which characters of the pattern; null
   * where nothing matches any more.
   */
  private boolean[] reached(String name) {
    boolean[] reachable = new boolean[pattern.length() + 1];
    reachable[0] = true;
    int last = skipWildcards(reachable, 0);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean[] next = new boolean[pattern.length() + 1];
      int nextLast = -1;
      for (int p = 0; p <= last && p < pattern.length(); p++) {
        if (!reachable[p]) {
          continue;
        }
        char wanted = pattern.charAt(p);
        if (wanted == '*' || (wanted == '%' && c != MailboxName.SEPARATOR)) {
          next[p] = true;
          nextLast = p;
        } else if (wanted == c) {
          next[p + 1] = true;
          nextLast = p + 1;
        }
      }
      if (nextLast < 0) {
        return null;
      }
      reachable = next;
      last = skipWildcards(reachable, nextLast);
    }
    return reachable;
  }

  /** Answers the last one that is reachable. */
  private int skipWildcards(boolean[] reachable, int from) {
    int last = from;
    for (int p = 0; p <= last && p < pattern.length(); p++) {
      if (reachable[p] && isWildcard(pattern.charAt(p))) {
        reachable[p + 1] = true;
        last = Math.max(last, p + 1);
      }
    }
    return last;
  }

  /**
   * True where the pattern ends in {@code %}, so that parents of deeper mailboxes are to be shown
   * as well.
   */
  public boolean endsInPercent() {
    return endsInPercent;
  }

  @Override
  public String toString() {
    return pattern;
  }
}
