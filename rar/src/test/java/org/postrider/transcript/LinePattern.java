package org.postrider.transcript;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line that is expected of the server, with its {@code …} and {@code $name}. Lines that came are
 * compared octet by octet: both sides are texts with one character an octet.
 */
final class LinePattern {

  private static final Pattern VARIABLE = Pattern.compile("\\$([a-z][a-zA-Z0-9]*)");

  /** Lists whose order means nothing; words in group 1. */
  private static final Pattern WORDS =
      Pattern.compile(
          "(?:FLAGS|PERMANENTFLAGS|LIST|LSUB) \\(([^()]*)\\)|(?:CAPABILITY|ENABLED) ([^\\]\r\n]*)");

  private static final Pattern ITEMS =
      Pattern.compile("(\\* (?:\\d+|\\$\\w+) FETCH |\\* STATUS \\S+ )\\((.*)\\)", Pattern.DOTALL);

  /** More items than this are compared in the order of the file. */
  private static final int PERMUTED_ITEMS_MAX = 5;

  private LinePattern() {}

  /** True where the text says something that is known only when it is seen. */
  static boolean isOpen(String text) {
    return text.contains("…") || VARIABLE.matcher(text).find();
  }

  /** The text with all variables replaced; one that is not bound stays as it is. */
  static String fill(String text, Map<String, String> bound) {
    return VARIABLE
        .matcher(text)
        .replaceAll(
            match -> Matcher.quoteReplacement(bound.getOrDefault(match.group(1), match.group())));
  }

  /** True where the line is as expected; variables first seen in it are then bound. */
  static boolean matches(String expected, String got, Map<String, String> bound) {
    for (String order : orders(expected)) {
      Map<String, Integer> seen = new HashMap<>();
      Matcher matcher = Pattern.compile(regex(order, bound, seen), Pattern.DOTALL).matcher(got);
      if (matcher.matches()) {
        seen.forEach((name, group) -> bound.put(name, matcher.group(group)));
        return true;
      }
    }
    return false;
  }

  private static String regex(
      String expected, Map<String, String> bound, Map<String, Integer> seen) {
    StringBuilder regex = new StringBuilder();
    Matcher words = WORDS.matcher(expected);
    int at = 0;
    while (words.find(at)) {
      int group = words.group(1) == null ? 2 : 1;
      appendText(regex, expected.substring(at, words.start(group)), bound, seen);
      appendWords(regex, words.group(group));
      at = words.end(group);
    }
    appendText(regex, expected.substring(at), bound, seen);
    return regex.toString();
  }

  /** These words in any order, one space between them; {@code …} at the end: among others. */
  private static void appendWords(StringBuilder regex, String list) {
    List<String> words = new ArrayList<>(List.of(list.strip().split(" ")));
    words.removeIf(String::isEmpty);
    boolean open = words.remove("…");
    for (String word : words) {
      regex.append("(?=(?:[^ )\\]]+ )*");
      for (String part : word.splitWithDelimiters("…", 0)) {
        regex.append(part.equals("…") ? "[^ )\\]]*" : quote(part));
      }
      regex.append("(?:[ )\\]]|$))");
    }
    if (open) {
      regex.append("[^)\\]]*");
    } else if (!words.isEmpty()) {
      regex.append("[^ )\\]]+(?: [^ )\\]]+){").append(words.size() - 1).append('}');
    }
  }

  private static void appendText(
      StringBuilder regex, String text, Map<String, String> bound, Map<String, Integer> seen) {
    Matcher open = Pattern.compile("…|" + VARIABLE.pattern()).matcher(text);
    int at = 0;
    while (open.find()) {
      regex.append(quote(text.substring(at, open.start())));
      at = open.end();
      String name = open.group(1);
      if (name == null) {
        regex.append(".*");
      } else if (bound.containsKey(name)) {
        regex.append(quote(bound.get(name)));
      } else if (seen.containsKey(name)) {
        regex.append('\\').append(seen.get(name)).append("(?:)");
      } else {
        seen.put(name, seen.size() + 1);
        regex.append("([^ ()\\[\\]{}\"\r\n]+)");
      }
    }
    regex.append(quote(text.substring(at)));
  }

  /** Quoted for a regular expression, as octets. */
  private static String quote(String text) {
    if (text.isEmpty()) {
      return "";
    }
    return Pattern.quote(new String(TranscriptParser.wire(text), StandardCharsets.ISO_8859_1));
  }

  /**
   * The line, and, where it is a list of items with values, the same in every other order of them.
   */
  private static List<String> orders(String expected) {
    Matcher matcher = ITEMS.matcher(expected);
    if (!matcher.matches()) {
      return List.of(expected);
    }
    List<String> words = words(matcher.group(2));
    int items = words.size() / 2;
    boolean listed =
        words.size() % 2 == 0 && words.stream().noneMatch(word -> word.startsWith("…"));
    if (!listed || items < 2 || items > PERMUTED_ITEMS_MAX) {
      return List.of(expected);
    }
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < words.size(); i += 2) {
      pairs.add(words.get(i) + " " + words.get(i + 1));
    }
    List<String> orders = new ArrayList<>();
    permute(pairs, 0, orders, matcher.group(1));
    return orders;
  }

  private static void permute(List<String> pairs, int from, List<String> orders, String head) {
    if (from == pairs.size()) {
      orders.add(head + "(" + String.join(" ", pairs) + ")");
      return;
    }
    for (int i = from; i < pairs.size(); i++) {
      List<String> next = new ArrayList<>(pairs);
      next.add(from, next.remove(i));
      permute(next, from + 1, orders, head);
    }
  }

  /**
   * The words of a list: atoms with their brackets, quoted strings, literals, lists in parentheses.
   */
  private static List<String> words(String list) {
    List<String> words = new ArrayList<>();
    int start = 0;
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < list.length(); i++) {
      char c = list.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (quoted) {
        continue;
      } else if (c == '(' || c == '[') {
        depth++;
      } else if (c == ')' || c == ']') {
        depth--;
      } else if (c == '{' && depth == 0) {
        i = endOfLiteral(list, i) - 1;
      } else if (c == ' ' && depth == 0) {
        words.add(list.substring(start, i));
        start = i + 1;
      }
    }
    words.add(list.substring(start));
    return words;
  }

  /** Behind the literal that begins here; behind everything where its size is open. */
  private static int endOfLiteral(String list, int at) {
    int end = list.indexOf("}\r\n", at);
    if (end < 0 || !list.substring(at + 1, end).chars().allMatch(Character::isDigit)) {
      return list.length();
    }
    int size = Integer.parseInt(list.substring(at + 1, end));
    int i = end + 3;
    while (size > 0 && i < list.length()) {
      int c = list.codePointAt(i);
      size -= TranscriptParser.wireLength(Character.toString(c));
      i += Character.charCount(c);
    }
    return i;
  }
}
