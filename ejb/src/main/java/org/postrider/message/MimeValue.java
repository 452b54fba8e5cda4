package org.postrider.message;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postrider.protocol.BodyStructure.Parameter;

/**
 * A field of the form {@code value; name=value; ...}: Content-Type and Content-Disposition. Read as
 * leniently as there is mail: missing semicolons, missing quotes, blanks, comments. Never fails.
 *
 * <p>Continued parameters ({@code name*0}, {@code name*1}) are joined. Parameters with a charset
 * stay encoded, under their name with the asterisk ({@code filename*} is {@code
 * utf-8''r%C3%A9sum%C3%A9}): so clients, which have to know RFC 2231 anyway, read them from every
 * server.
 *
 * @param value what stands before the first semicolon, in lower case; may be empty
 * @param parameters names in lower case, at most {@value #MAX_PARAMETERS}
 * @rfc 2045 5.1
 * @rfc 2231 3
 * @rfc 2231 6
 */
record MimeValue(String value, List<Parameter> parameters) {

  /** What follows this many is not looked at. */
  static final int MAX_PARAMETERS = 200;

  MimeValue {
    parameters = List.copyOf(parameters);
  }

  /** The first parameter of that name (lower case); null where there is none. */
  String parameter(String name) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(name)) {
        return parameter.value();
      }
    }
    return null;
  }

  static MimeValue parse(String text) {
    return parse(text, MAX_PARAMETERS);
  }

  /**
   * @param most parameters to look at; what follows them is passed over
   */
  static MimeValue parse(String text, int most) {
    Scanner in = new Scanner(text);
    String value = in.value();
    List<Parameter> raw = new ArrayList<>();
    boolean continued = false;
    while (raw.size() < most && in.nextParameter()) {
      String name = in.name();
      String parameterValue = in.parameterValue(name);
      if (parameterValue != null && !name.isEmpty()) {
        raw.add(new Parameter(name, parameterValue));
        continued |= name.indexOf('*') > 0 && name.indexOf('*') < name.length() - 1;
      }
    }
    return new MimeValue(value, continued ? joined(raw) : raw);
  }

  /**
   * Pieces of one parameter; sections in any order, numbered from 0 without gaps (what is behind a
   * gap is dropped).
   */
  private static final class Pieces {
    final Map<Integer, Parameter> sections = new LinkedHashMap<>();

    Parameter join(String name) {
      StringBuilder value = new StringBuilder();
      boolean encoded = false;
      for (int i = 0; sections.containsKey(i); i++) {
        encoded |= isEncoded(sections.get(i));
      }
      for (int i = 0; sections.containsKey(i); i++) {
        Parameter piece = sections.get(i);
        if (encoded && i == 0 && !isEncoded(piece)) {
          value.append("''");
        }
        if (encoded && !isEncoded(piece)) {
          percentEncode(piece.value(), value);
        } else {
          value.append(piece.value());
        }
      }
      return new Parameter(encoded ? name + '*' : name, value.toString());
    }

    private static boolean isEncoded(Parameter piece) {
      return piece.name().endsWith("*");
    }

    private static void percentEncode(String text, StringBuilder into) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c == '%' || c == '\'' || c == '*') {
          into.append('%').append(Integer.toHexString(c).toUpperCase(Locale.ROOT));
        } else {
          into.append(c);
        }
      }
    }
  }

  private static List<Parameter> joined(List<Parameter> raw) {
    Map<String, Object> order = new LinkedHashMap<>();
    for (Parameter parameter : raw) {
      int star = parameter.name().indexOf('*');
      int section = star > 0 ? sectionNumber(parameter.name(), star + 1) : -1;
      if (section < 0) {
        order.putIfAbsent(parameter.name(), parameter);
      } else {
        // The key can't be the name of a parameter: two different ones may be there, plain and in
        // pieces.
        String key = parameter.name().substring(0, star) + ' ';
        Pieces pieces = (Pieces) order.computeIfAbsent(key, name -> new Pieces());
        pieces.sections.putIfAbsent(section, parameter);
      }
    }
    List<Parameter> result = new ArrayList<>();
    order.forEach(
        (key, value) -> {
          if (value instanceof Parameter parameter) {
            result.add(parameter);
          } else if (value instanceof Pieces pieces && pieces.sections.containsKey(0)) {
            result.add(pieces.join(key.trim()));
          }
        });
    return result;
  }

  /** The number between {@code from} and the end (or a last asterisk); -1 where there is none. */
  private static int sectionNumber(String name, int from) {
    int to = name.endsWith("*") ? name.length() - 1 : name.length();
    if (from >= to || to - from > 4) {
      return -1;
    }
    int number = 0;
    for (int i = from; i < to; i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number;
  }

  /** Goes over the text once. */
  private static final class Scanner {
    private final String text;
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    private boolean atEnd() {
      return at >= text.length();
    }

    private char here() {
      return text.charAt(at);
    }

    /** Passes blanks and comments. */
    private void skipBlanks() {
      int depth = 0;
      while (!atEnd()) {
        char c = here();
        if (c == '(') {
          depth++;
        } else if (c == ')' && depth > 0) {
          depth--;
        } else if (c == '\\' && depth > 0) {
          at++;
        } else if (depth == 0 && c != ' ') {
          return;
        }
        at++;
      }
      at = text.length();
    }

    /** {@code text/plain}: with blanks and comments taken out of it. */
    String value() {
      StringBuilder value = new StringBuilder();
      skipBlanks();
      while (!atEnd() && here() != ';') {
        char c = here();
        if (c == ' ' || c == '(') {
          skipBlanks();
          // "multipart/mixed boundary=x" lacks its semicolon; "text / plain" only has blanks too
          // many.
          boolean slashIsNear = (!atEnd() && here() == '/') || value.toString().endsWith("/");
          if (!slashIsNear) {
            break;
          }
        } else {
          value.append(c);
          at++;
        }
      }
      return value.toString().toLowerCase(Locale.ROOT);
    }

    boolean nextParameter() {
      skipBlanks();
      while (!atEnd() && here() == ';') {
        at++;
        skipBlanks();
      }
      return !atEnd();
    }

    String name() {
      int start = at;
      while (!atEnd() && "=; (".indexOf(here()) < 0) {
        at++;
      }
      String name = text.substring(start, at).toLowerCase(Locale.ROOT);
      skipBlanks();
      return name;
    }

    /** Null where there is no value; what is no parameter is passed over. */
    String parameterValue(String name) {
      if (atEnd() || here() != '=') {
        if (!atEnd() && (name.isEmpty() || here() == '"')) {
          skipToSemicolon();
        }
        return null;
      }
      at++;
      skipBlanks();
      if (!atEnd() && here() == '"') {
        return quoted();
      }
      boolean isFileName = name.startsWith("filename") || name.startsWith("name");
      int start = at;
      while (!atEnd() && here() != ';' && (isFileName || (here() != ' ' && here() != '('))) {
        at++;
      }
      return text.substring(start, at).strip();
    }

    private String quoted() {
      StringBuilder value = new StringBuilder();
      at++;
      while (!atEnd() && here() != '"') {
        if (here() == '\\' && at + 1 < text.length()) {
          at++;
        }
        value.append(here());
        at++;
      }
      at++;
      return value.toString();
    }

    private void skipToSemicolon() {
      while (!atEnd() && here() != ';') {
        at++;
      }
    }
  }
}
