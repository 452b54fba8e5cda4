package org.postrider.auth.sql;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Optional;

/** The databases that Courier knows, and in what their SQL and their settings differ. */
enum Dialect {
  /** MySQL and MariaDB. */
  MYSQL(true, true),
  /** PostgreSQL. */
  PGSQL(false, false),
  /** SQLite. */
  SQLITE(true, false);

  private final boolean doubleQuotesAreText;
  private final boolean backslashEscapes;

  Dialect(boolean doubleQuotesAreText, boolean backslashEscapes) {
    this.doubleQuotesAreText = doubleQuotesAreText;
    this.backslashEscapes = backslashEscapes;
  }

  /**
   * The one of a module's option {@code database}: {@code mysql}, {@code pgsql}, {@code sqlite}.
   */
  static Optional<Dialect> named(String name) {
    for (Dialect dialect : values()) {
      if (dialect.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(dialect);
      }
    }
    return Optional.empty();
  }

  /** Courier's name of the module: {@code authmysql}. */
  String module() {
    return "auth" + name().toLowerCase(Locale.ROOT);
  }

  /** Courier's settings file: {@code authmysqlrc}. */
  String file() {
    return module() + "rc";
  }

  /** A key of that file: {@code MYSQL_DATABASE}. */
  String key(String key) {
    return name() + "_" + key;
  }

  /** Whether {@code "a"} may be text; elsewhere it is always a name. */
  boolean doubleQuotesAreText() {
    return doubleQuotesAreText;
  }

  /** Whether {@code \} in text goes with what follows it. */
  boolean backslashEscapes() {
    return backslashEscapes;
  }

  /**
   * Sets a parameter as if it stood there as text in quotes, which takes the type of what it is
   * compared with: PostgreSQL does that for parameters of no type only.
   */
  void set(PreparedStatement statement, int index, String value) throws SQLException {
    if (this == PGSQL) {
      statement.setObject(index, value, Types.OTHER);
    } else {
      statement.setString(index, value);
    }
  }
}
