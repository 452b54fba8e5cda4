package org.postrider.message;

import java.util.ArrayList;
import java.util.List;
import org.postrider.protocol.Address;

/**
 * Address lists of From, To and their kin. One pass, linear in the length of the text whatever it
 * says; comments may nest to any depth without costing more. Never fails: what is no address
 * becomes one as well as it can.
 *
 * <ul>
 *   <li>A comment is the name where there is no phrase: {@code joe@example.com (Joe)}.
 *   <li>An address without a domain gets an empty host, for a missing host would say that it begins
 *       a group.
 *   <li>A phrase alone, without an address, is the name of an empty mailbox; one word alone is a
 *       mailbox.
 *   <li>Quotes, comments and angle brackets that nothing closes are ordinary characters.
 * </ul>
 *
 * @rfc 5322 3.4
 * @rfc 5322 4.4
 * @rfc 3501 7.4.2
 */
public final class AddressParser {

  private static final Address GROUP_END = new Address(null, null, null, null);

  private final String text;
  private final int limit;
  private final List<Address> addresses = new ArrayList<>();
  private int at;

  /**
   * From here on no quote ends any more: a search that came to the end of the text is not made
   * twice.
   */
  private int openQuoteFrom = Integer.MAX_VALUE;

  /** From here on no comment ends any more. */
  private int openCommentFrom = Integer.MAX_VALUE;

  private AddressParser(String text, int limit) {
    this.text = text;
    this.limit = limit;
  }

  /**
   * @param text unfolded value of the field
   * @param limit most entries (groups cost two more); what follows is left out
   */
  public static List<Address> parse(String text, int limit) {
    return new AddressParser(text, limit).list();
  }

  private List<Address> list() {
    boolean inGroup = false;
    int start = 0;
    int at1 = -1;
    while (addresses.size() < limit) {
      char c = at < text.length() ? text.charAt(at) : ',';
      if (at >= text.length() && start >= text.length()) {
        break;
      }
      switch (c) {
        case '"', '(', '[' -> skipToken(c);
        case '@' -> {
          if (at1 < 0) {
            at1 = at;
          }
          at++;
        }
        case '<' -> {
          angle(start);
          start = at;
          at1 = -1;
        }
        case ':' -> {
          if (inGroup || at1 >= 0) {
            at++;
          } else {
            addresses.add(new Address(null, null, new Words(start, at).phrase(), null));
            inGroup = true;
            start = ++at;
          }
        }
        case ',', ';' -> {
          bare(start, at1, Math.min(at, text.length()));
          start = ++at;
          at1 = -1;
          if (c == ';' && inGroup) {
            addresses.add(GROUP_END);
            inGroup = false;
          }
        }
        default -> at++;
      }
    }
    if (inGroup) {
      addresses.add(GROUP_END);
    }
    return List.copyOf(addresses);
  }

  /** {@code phrase <route:local@domain>}, from the opening bracket to the comma that ends it. */
  private void angle(int start) {
    Words before = new Words(start, at);
    int open = at;
    at++;
    int lastAt = -1;
    int routeEnd = -1;
    boolean route = false;
    boolean closed = false;
    while (at < text.length() && !closed) {
      char c = text.charAt(at);
      if (c == '"' || c == '(' || c == '[') {
        skipToken(c);
        continue;
      }
      if (c == '>') {
        closed = true;
        continue;
      }
      if (c == '@') {
        if (lastAt < 0 && text.substring(open + 1, at).isBlank()) {
          route = true;
        } else {
          lastAt = at;
        }
      } else if (c == ':' && route && routeEnd < 0) {
        routeEnd = at;
        lastAt = -1;
      } else if (c == ',' && !(route && routeEnd < 0)) {
        break;
      } else if (c == '<') {
        break;
      }
      at++;
    }
    int end = at;
    String name = before.phrase();
    if (closed) {
      at++;
      Words after = new Words(at, skipToSeparator());
      name = name.isEmpty() ? before.comment() : name;
      name = name.isEmpty() ? after.comment() : name;
    }
    int from = routeEnd < 0 ? open + 1 : routeEnd + 1;
    String routeText = routeEnd < 0 ? null : new Words(open + 1, routeEnd).joined();
    if (lastAt < 0) {
      add(name, routeText, new Words(from, end).joined(), "");
    } else {
      add(name, routeText, new Words(from, lastAt).joined(), new Words(lastAt + 1, end).joined());
    }
    if (at < text.length() && text.charAt(at) == ',') {
      at++;
    }
  }

  /**
   * After a closing bracket nothing but comments belongs to the address; passes what else there is.
   */
  private int skipToSeparator() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == ',' || c == ';') {
        break;
      } else if (c == '"' || c == '(' || c == '[') {
        skipToken(c);
      } else if (c == '<') {
        break;
      } else {
        at++;
      }
    }
    return at;
  }

  /** {@code local@domain (name)}, or words without a meaning. */
  private void bare(int start, int at1, int end) {
    Words words = new Words(start, end);
    if (at1 >= 0) {
      String local = new Words(start, at1).joined();
      add(words.comment(), null, local, new Words(at1 + 1, end).joined());
      return;
    }
    String phrase = words.phrase();
    if (phrase.isEmpty()) {
      return;
    }
    if (phrase.indexOf(' ') < 0) {
      add(words.comment(), null, phrase, "");
    } else {
      add(phrase, null, "", "");
    }
  }

  private void add(String name, String route, String mailbox, String host) {
    addresses.add(new Address(name.isEmpty() ? null : name, route, mailbox, host));
  }

  /**
   * Passes a quoted string, comment or domain literal; only its first character where nothing ends
   * it.
   */
  private void skipToken(char opening) {
    at = tokenEnd(at, opening);
  }

  private int tokenEnd(int from, char opening) {
    if (opening == '[') {
      // A domain literal has no comma in it: looking no further than that keeps this linear.
      for (int i = from + 1; i < text.length() && i - from < 256; i++) {
        char c = text.charAt(i);
        if (c == ']') {
          return i + 1;
        }
        if (c == ',' || c == '<' || c == '>') {
          break;
        }
      }
      return from + 1;
    }
    boolean quote = opening == '"';
    if (from >= (quote ? openQuoteFrom : openCommentFrom)) {
      return from + 1;
    }
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (quote && c == '"' && i > from) {
        return i + 1;
      } else if (!quote && c == '(') {
        depth++;
      } else if (!quote && c == ')' && --depth == 0) {
        return i + 1;
      }
    }
    if (quote) {
      openQuoteFrom = from;
    } else {
      openCommentFrom = from;
    }
    return from + 1;
  }

  /** A stretch of text, taken apart: words without quotes, comments on their own. */
  private final class Words {
    private final StringBuilder phrase = new StringBuilder();
    private final StringBuilder comment = new StringBuilder();
    private final StringBuilder joined = new StringBuilder();

    Words(int from, int to) {
      int i = from;
      boolean blank = false;
      while (i < to) {
        char c = text.charAt(i);
        if (c == '"' || c == '(' || c == '[') {
          // The same tokens as when the list was taken apart, so that this is linear as well.
          int end = tokenEnd(i, c);
          if (end > i + 1 && end <= to) {
            if (c == '"') {
              blank = separate(blank);
              unescape(i + 1, end - 1, phrase);
              unescape(i + 1, end - 1, joined);
            } else if (c == '[') {
              blank = separate(blank);
              phrase.append(text, i, end);
              joined.append(text, i, end);
            } else {
              if (!comment.isEmpty()) {
                comment.append(' ');
              }
              unescape(i + 1, end - 1, comment);
              blank = true;
            }
            i = end;
            continue;
          }
        }
        if (c <= ' ') {
          blank = true;
        } else {
          blank = separate(blank);
          phrase.append(c);
          joined.append(c);
        }
        i++;
      }
    }

    private boolean separate(boolean blank) {
      if (blank && !phrase.isEmpty()) {
        phrase.append(' ');
      }
      return false;
    }

    private void unescape(int from, int to, StringBuilder into) {
      for (int i = from; i < to; i++) {
        char c = text.charAt(i);
        if (c == '\\' && i + 1 < to) {
          i++;
          c = text.charAt(i);
        }
        into.append(c);
      }
    }

    /** With one blank between words. */
    String phrase() {
      return phrase.toString();
    }

    String comment() {
      return comment.toString().strip();
    }

    /** Without blanks, as in a local part or a domain. */
    String joined() {
      return joined.toString();
    }
  }
}
