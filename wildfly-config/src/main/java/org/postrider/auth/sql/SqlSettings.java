package org.postrider.auth.sql;

import java.io.IOException;
import java.util.Optional;
import org.postrider.auth.CourierRc;

/**
 * What {@code authmysqlrc}, {@code authpgsqlrc} or {@code authsqliterc} says: Courier's keys, each
 * with {@code MYSQL_}, {@code PGSQL_} or {@code SQLITE_} before it except {@code DEFAULT_DOMAIN}.
 *
 * <pre>
 * USER_TABLE                       the table
 * LOGIN_FIELD UID_FIELD GID_FIELD HOME_FIELD        id, uid, gid, home unless set
 * CRYPT_PWFIELD CLEAR_PWFIELD      at least one of them
 * NAME_FIELD MAILDIR_FIELD QUOTA_FIELD AUXOPTIONS_FIELD      optional, names or expressions
 * DEFAULTDELIVERY                  instead of MAILDIR_FIELD for the service courier
 * WHERE_CLAUSE                     and only such rows
 * SELECT_CLAUSE                    instead of all of these: a statement whose columns are username, cryptpw, clearpw,
 *                                  uid, gid, home, maildir, quota, fullname, options; the last four may be missing
 * ENUMERATE_CLAUSE                 a statement whose columns are name, uid, gid, home, maildir, options
 * CHPASS_CLAUSE                    a statement that sets a password
 * DEFAULT_DOMAIN                   the domain of a name without one
 * </pre>
 *
 * @param dialect the database
 * @param source where connections come from
 * @param defaultDomain without {@code @}
 * @param select ten columns, or the first six at least
 * @param selectForDelivery the same for the service courier
 * @param enumerate six columns; empty if accounts are not listed
 * @param change sets a password; empty if that is not possible
 */
record SqlSettings(
    Dialect dialect,
    SqlSource source,
    Optional<String> defaultDomain,
    Clause select,
    Clause selectForDelivery,
    Optional<Clause> enumerate,
    Optional<Clause> change) {

  /**
   * Reads a file's keys.
   *
   * @throws IOException if they do not make sense; the message goes after "FILE cannot be used: "
   */
  static SqlSettings of(Dialect dialect, CourierRc rc) throws IOException {
    return new Reading(dialect, rc).read();
  }

  /** From keys to clauses. */
  private record Reading(Dialect dialect, CourierRc rc) {

    SqlSettings read() throws IOException {
      Optional<Clause> select = clause("SELECT_CLAUSE");
      Optional<Clause> enumerate = clause("ENUMERATE_CLAUSE");
      Optional<Clause> change = clause("CHPASS_CLAUSE");
      boolean hasTable = rc.value(dialect.key("USER_TABLE")).isPresent();
      if (select.isEmpty() || hasTable) {
        enumerate = enumerate.isPresent() || select.isPresent() ? enumerate : Optional.of(list());
        change = change.isPresent() || select.isPresent() ? change : Optional.of(update());
      }
      return new SqlSettings(
          dialect,
          SqlSource.of(dialect, rc),
          rc.value("DEFAULT_DOMAIN")
              .map(domain -> domain.startsWith("@") ? domain.substring(1) : domain),
          select.isPresent() ? select.get() : select(maildir()),
          select.isPresent() ? select.get() : select(delivery()),
          enumerate,
          change);
    }

    private Optional<Clause> clause(String name) throws IOException {
      String key = dialect.key(name);
      Optional<String> value = rc.value(key);
      return value.isEmpty()
          ? Optional.empty()
          : Optional.of(Clause.parse(key, value.get(), dialect));
    }

    private Clause clause(String name, String otherwise) throws IOException {
      return clause(name).orElse(Clause.of(otherwise));
    }

    private Clause table() throws IOException {
      rc.required(dialect.key("USER_TABLE"));
      return clause("USER_TABLE").orElseThrow();
    }

    private Clause maildir() throws IOException {
      return clause("MAILDIR_FIELD", "''");
    }

    private Clause delivery() throws IOException {
      Optional<Clause> set = clause("DEFAULTDELIVERY");
      set = set.isPresent() ? set : clause("DEFAULTDELIVERY_FIELD");
      return set.isPresent() ? set.get() : maildir();
    }

    private Clause select(Clause maildir) throws IOException {
      Optional<Clause> crypt = clause("CRYPT_PWFIELD");
      Optional<Clause> clear = clause("CLEAR_PWFIELD");
      if (crypt.isEmpty() && clear.isEmpty()) {
        throw new IOException(
            "neither "
                + dialect.key("CRYPT_PWFIELD")
                + " nor "
                + dialect.key("CLEAR_PWFIELD")
                + " is set in it");
      }
      return Clause.of("SELECT ")
          .and(clause("LOGIN_FIELD", "id"))
          .and(", ")
          .and(crypt.orElse(Clause.of("''")))
          .and(", ")
          .and(clear.orElse(Clause.of("''")))
          .and(", ")
          .and(clause("UID_FIELD", "uid"))
          .and(", ")
          .and(clause("GID_FIELD", "gid"))
          .and(", ")
          .and(clause("HOME_FIELD", "home"))
          .and(", ")
          .and(maildir)
          .and(", ")
          .and(clause("QUOTA_FIELD", "''"))
          .and(", ")
          .and(clause("NAME_FIELD", "''"))
          .and(", ")
          .and(clause("AUXOPTIONS_FIELD", "''"))
          .and(" FROM ")
          .and(table())
          .and(whoseLogin());
    }

    private Clause list() throws IOException {
      Clause all =
          Clause.of("SELECT ")
              .and(clause("LOGIN_FIELD", "id"))
              .and(", ")
              .and(clause("UID_FIELD", "uid"))
              .and(", ")
              .and(clause("GID_FIELD", "gid"))
              .and(", ")
              .and(clause("HOME_FIELD", "home"))
              .and(", ")
              .and(maildir())
              .and(", ")
              .and(clause("AUXOPTIONS_FIELD", "''"))
              .and(" FROM ")
              .and(table());
      Optional<Clause> where = clause("WHERE_CLAUSE");
      return where.isEmpty() ? all : all.and(" WHERE ").and(where.get());
    }

    private Clause update() throws IOException {
      Clause set = Clause.of("UPDATE ").and(table()).and(" SET ");
      Optional<Clause> crypt = clause("CRYPT_PWFIELD");
      Optional<Clause> clear = clause("CLEAR_PWFIELD");
      if (clear.isPresent()) {
        set = set.and(clear.get()).and("=").and(Clause.parameter("newpass"));
      }
      if (crypt.isPresent()) {
        set =
            set.and(clear.isPresent() ? ", " : "")
                .and(crypt.get())
                .and("=")
                .and(Clause.parameter("newpass_crypt"));
      }
      return set.and(whoseLogin());
    }

    private Clause whoseLogin() throws IOException {
      Clause login =
          Clause.of(" WHERE ")
              .and(clause("LOGIN_FIELD", "id"))
              .and("=")
              .and(Clause.parameter(SqlAccounts.LOGIN));
      Optional<Clause> where = clause("WHERE_CLAUSE");
      return where.isEmpty() ? login : login.and(" AND (").and(where.get()).and(")");
    }
  }
}
