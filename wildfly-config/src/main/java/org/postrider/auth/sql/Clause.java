package org.postrider.auth.sql;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A statement, or a part of one, as an administrator wrote it, with Courier's placeholders turned
 * into parameters: {@code WHERE user='$(local_part)' AND domain='$(domain)'} becomes {@code WHERE
 * user=? AND domain=?}. A text in quotes that has a placeholder in it becomes one parameter,
 * whatever else is in it; outside quotes a placeholder stands for a text.
 *
 * @param sql with a {@code ?} for each parameter
 * @param parameters what each is made of
 */
record Clause(String sql, List<Parameter> parameters) {

  /** What may stand between {@code $(} and {@code )}. */
  static final Set<String> NAMES =
      Set.of("local_part", "domain", "newpass", "newpass_crypt", "service");

  /** Parts that are joined. */
  record Parameter(List<Part> parts) {

    String value(Map<String, String> values) {
      StringBuilder text = new StringBuilder();
      for (Part part : parts) {
        text.append(part.isName ? values.getOrDefault(part.text, "") : part.text);
      }
      return text.toString();
    }
  }

  /** A text, or the name of a placeholder. */
  record Part(String text, boolean isName) {}

  Clause {
    parameters = List.copyOf(parameters);
  }

  /** A clause without placeholders. */
  static Clause of(String sql) {
    return new Clause(sql, List.of());
  }

  /** One parameter. */
  static Clause parameter(String name) {
    return new Clause("?", List.of(new Parameter(List.of(new Part(name, true)))));
  }

  /** This and another after it. */
  Clause and(Clause other) {
    List<Parameter> both = new ArrayList<>(parameters);
    both.addAll(other.parameters);
    return new Clause(sql + other.sql, both);
  }

  /** This and a text after it. */
  Clause and(String text) {
    return new Clause(sql + text, parameters);
  }

  /** Sets the parameters of a statement of this clause; what is not given is empty. */
  void bind(PreparedStatement statement, Dialect dialect, Map<String, String> values)
      throws SQLException {
    for (int i = 0; i < parameters.size(); i++) {
      dialect.set(statement, i + 1, parameters.get(i).value(values));
    }
  }

  /**
   * Reads what an administrator wrote.
   *
   * @param key of the setting, for the message
   * @throws IOException if it is no single clause; the message goes after "FILE cannot be used: "
   */
  static Clause parse(String key, String text, Dialect dialect) throws IOException {
    return new Reading(key, text.strip(), dialect).read();
  }

  /** One pass over a text. */
  private static final class Reading {

    private final String key;
    private final String text;
    private final Dialect dialect;
    private final StringBuilder sql = new StringBuilder();
    private final List<Parameter> parameters = new ArrayList<>();
    private int at;

    Reading(String key, String text, Dialect dialect) {
      this.key = key;
      this.text = text;
      this.dialect = dialect;
    }

    Clause read() throws IOException {
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == '\'' || c == '"' || c == '`') {
          quoted(c);
        } else if (text.startsWith("$(", at)) {
          sql.append('?');
          parameters.add(new Parameter(List.of(placeholder())));
        } else if (text.startsWith("--", at) || text.startsWith("/*", at)) {
          throw wrong("has a comment in it, which hides what follows: take it out");
        } else if (c == ';') {
          if (at < text.length() - 1) {
            throw wrong("has more than one statement");
          }
          at++;
        } else if (c == '?') {
          if (dialect != Dialect.PGSQL) {
            throw wrong("has a ? in it, which would stand for a parameter");
          }
          sql.append("??"); // JDBC's spelling of the operator
          at++;
        } else {
          sql.append(c);
          at++;
        }
      }
      return new Clause(sql.toString(), parameters);
    }

    private void quoted(char quote) throws IOException {
      int start = at++;
      boolean isText = quote == '\'' || (quote == '"' && dialect.doubleQuotesAreText());
      List<Part> parts = new ArrayList<>();
      StringBuilder plain = new StringBuilder();
      boolean hasName = false;
      while (true) {
        if (at >= text.length()) {
          throw wrong("has a quote that does not end: " + quote);
        }
        char c = text.charAt(at);
        if (c == quote) {
          at++;
          if (at == text.length() || text.charAt(at) != quote) {
            break;
          }
          plain.append(quote); // twice: the quote itself
          at++;
        } else if (c == '\\' && isText && dialect.backslashEscapes() && at + 1 < text.length()) {
          plain.append(text.charAt(at + 1));
          at += 2;
        } else if (isText && text.startsWith("$(", at)) {
          hasName = true;
          parts.add(new Part(plain.toString(), false));
          plain.setLength(0);
          parts.add(placeholder());
        } else if (text.startsWith("$(", at)) {
          throw wrong("has a placeholder in a quoted name");
        } else {
          plain.append(c);
          at++;
        }
      }
      if (hasName) {
        parts.add(new Part(plain.toString(), false));
        sql.append('?');
        parameters.add(new Parameter(List.copyOf(parts)));
      } else {
        sql.append(text, start, at);
      }
    }

    private Part placeholder() throws IOException {
      int end = text.indexOf(')', at);
      String name = end < 0 ? "" : text.substring(at + 2, end);
      if (!NAMES.contains(name)) {
        throw wrong(
            "has a placeholder that is none of "
                + String.join(", ", NAMES.stream().sorted().map(n -> "$(" + n + ")").toList()));
      }
      at = end + 1;
      return new Part(name, true);
    }

    private IOException wrong(String what) {
      return new IOException(key + " " + what);
    }
  }
}
