package org.postrider.auth.oauth;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads JSON as RFC 8259 has it and nothing else, since what it reads decides who somebody is: no
 * member twice, no text behind the end, at most {@value #DEPTH_MAX} levels.
 */
final class JsonReader {

  private static final int DEPTH_MAX = 16;

  /** A number of more digits is none that means a time or a size. */
  private static final int NUMBER_MAX = 32;

  private final String text;
  private int position;

  private JsonReader(String text) {
    this.text = text;
  }

  /**
   * Reads an object.
   *
   * @throws JsonException if the text is anything else
   */
  static JsonObject object(String text) throws JsonException {
    JsonReader reader = new JsonReader(text);
    Object value = reader.value(0);
    reader.skipSpace();
    if (reader.position != text.length() || !(value instanceof JsonObject object)) {
      throw reader.wrong("one object and nothing else");
    }
    return object;
  }

  private Object value(int depth) throws JsonException {
    if (depth > DEPTH_MAX) {
      throw wrong("no deeper level");
    }
    skipSpace();
    return switch (peek()) {
      case '{' -> members(depth);
      case '[' -> elements(depth);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", JsonObject.NULL);
      default -> number();
    };
  }

  private JsonObject members(int depth) throws JsonException {
    Map<String, Object> members = new LinkedHashMap<>();
    position++;
    skipSpace();
    if (peek() == '}') {
      position++;
      return new JsonObject(members);
    }
    do {
      skipSpace();
      if (peek() != '"') {
        throw wrong("a name");
      }
      String name = string();
      skipSpace();
      expect(':');
      if (members.put(name, value(depth + 1)) != null) {
        throw wrong("a name that was not there before");
      }
      skipSpace();
    } while (continues('}'));
    return new JsonObject(members);
  }

  private List<Object> elements(int depth) throws JsonException {
    List<Object> elements = new ArrayList<>();
    position++;
    skipSpace();
    if (peek() == ']') {
      position++;
      return elements;
    }
    do {
      elements.add(value(depth + 1));
      skipSpace();
    } while (continues(']'));
    return elements;
  }

  /** A comma: true; the end: false. */
  private boolean continues(char end) throws JsonException {
    char c = peek();
    if (c != ',' && c != end) {
      throw wrong("a comma or " + end);
    }
    position++;
    return c == ',';
  }

  private String string() throws JsonException {
    StringBuilder string = new StringBuilder();
    position++;
    for (char c = next(); c != '"'; c = next()) {
      if (c < ' ') {
        throw wrong("no control character");
      }
      string.append(c == '\\' ? escaped() : c);
    }
    return string.toString();
  }

  private char escaped() throws JsonException {
    char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw wrong("an escape");
    };
  }

  private char unicode() throws JsonException {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      char c = next();
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw wrong("four hexadecimal digits");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  private Object word(String word, Object value) throws JsonException {
    if (!text.startsWith(word, position)) {
      throw wrong(word);
    }
    position += word.length();
    return value;
  }

  private BigDecimal number() throws JsonException {
    int start = position;
    if (peek() == '-') {
      position++;
    }
    int digits = digits();
    if (digits > 1 && text.charAt(position - digits) == '0') {
      throw wrong("no leading zero");
    }
    if (at('.')) {
      position++;
      digits();
    }
    if (at('e') || at('E')) {
      position++;
      if (at('+') || at('-')) {
        position++;
      }
      if (digits() > 3) {
        throw wrong("a smaller exponent");
      }
    }
    if (position - start > NUMBER_MAX) {
      throw wrong("a shorter number");
    }
    return new BigDecimal(text.substring(start, position));
  }

  private int digits() throws JsonException {
    int start = position;
    while (position < text.length()
        && text.charAt(position) >= '0'
        && text.charAt(position) <= '9') {
      position++;
    }
    if (position == start) {
      throw wrong("a digit");
    }
    return position - start;
  }

  private boolean at(char wanted) {
    return position < text.length() && text.charAt(position) == wanted;
  }

  private void expect(char wanted) throws JsonException {
    if (next() != wanted) {
      throw wrong(String.valueOf(wanted));
    }
  }

  private char peek() throws JsonException {
    if (position == text.length()) {
      throw wrong("more");
    }
    return text.charAt(position);
  }

  private char next() throws JsonException {
    char c = peek();
    position++;
    return c;
  }

  private void skipSpace() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private JsonException wrong(String expected) {
    return new JsonException("JSON, position " + position + ": expected " + expected);
  }
}
