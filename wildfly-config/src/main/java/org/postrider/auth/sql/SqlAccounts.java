package org.postrider.auth.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.postrider.auth.CourierRc;
import org.postrider.auth.TemporaryFailureException;
import org.postrider.auth.WatchedFile;

/**
 * The accounts that one settings file leads to. The file is read again when it changes; connections
 * of the old settings are closed then. Any thread may use it.
 */
final class SqlAccounts {

  /** The placeholder, of ours, for the name with its domain. */
  static final String LOGIN = "login";

  private static final int QUERY_SECONDS = 10;
  private static final int LIST_SECONDS = 3600;
  private static final int FETCH_ROWS = 1000;
  private static final int COLUMNS_MIN = 6;
  private static final int OPEN_MAX = 16;

  private static final Map<Path, SqlAccounts> OPEN = new LinkedHashMap<>(16, 0.75f, true);

  private final Dialect dialect;
  private final WatchedFile<Optional<SqlSettings>> settings;
  private Opened opened;
  private volatile boolean isClear;
  private volatile Optional<String> lastHash = Optional.empty();

  private record Opened(SqlSettings settings, Connections connections) {}

  /**
   * A row; what the database does not say is empty.
   *
   * @param crypt a hash
   * @param clear a password
   */
  record Row(
      String name,
      String crypt,
      String clear,
      String uid,
      String gid,
      String home,
      String maildir,
      String quota,
      String fullName,
      String options) {

    /** Says nothing of passwords. */
    @Override
    public String toString() {
      return "Row[" + name + "]";
    }
  }

  private SqlAccounts(Path file, Dialect dialect) {
    this.dialect = dialect;
    settings =
        new WatchedFile<>(
            file,
            Optional.empty(),
            path -> Optional.of(SqlSettings.of(dialect, CourierRc.read(path))));
  }

  /**
   * The accounts of a settings file, the same object for every caller.
   *
   * @param file it need not be there yet
   */
  static SqlAccounts at(Path file, Dialect dialect) {
    Path path = file.toAbsolutePath().normalize();
    synchronized (OPEN) {
      SqlAccounts found = OPEN.computeIfAbsent(path, key -> new SqlAccounts(key, dialect));
      if (OPEN.size() > OPEN_MAX) {
        OPEN.remove(OPEN.keySet().iterator().next()).forget();
      }
      return found;
    }
  }

  private synchronized void forget() {
    if (opened != null) {
      opened.connections.close();
      opened = null;
    }
  }

  private synchronized Opened opened() throws TemporaryFailureException {
    Optional<SqlSettings> now = settings.get();
    if (now.isEmpty()) {
      throw new TemporaryFailureException(
          settings.path()
              + " is no longer there, which "
              + dialect.module()
              + " needs: put it back, or take "
              + dialect.module()
              + " out of authmodulelist and start the server again.");
    }
    if (opened == null || !opened.settings.equals(now.get())) {
      forget();
      opened = new Opened(now.get(), new Connections(dialect, now.get().source()));
    }
    return opened;
  }

  /**
   * Whether there is a settings file, or was one: where there never was, the module is one that
   * Courier would not have installed, and is skipped.
   *
   * @throws TemporaryFailureException if the settings are not usable
   */
  boolean isSetUp() throws TemporaryFailureException {
    return settings.wasEverThere(dialect.module());
  }

  /**
   * The first row for a name.
   *
   * @throws TemporaryFailureException if the settings are not usable or the database does not
   *     answer
   */
  Optional<Row> find(String name, String service) throws TemporaryFailureException {
    Opened now = opened();
    Clause select =
        service.equals("courier") ? now.settings.selectForDelivery() : now.settings.select();
    Optional<Row> found =
        now.connections.use(
            connection -> {
              try (PreparedStatement statement = connection.prepareStatement(select.sql())) {
                statement.setQueryTimeout(QUERY_SECONDS);
                statement.setMaxRows(1);
                select.bind(statement, dialect, values(now.settings, name, service));
                try (ResultSet result = statement.executeQuery()) {
                  return result.next() ? Optional.of(row(result)) : Optional.empty();
                }
              }
            });
    if (found.isPresent()) {
      isClear = found.get().crypt.isEmpty();
      lastHash = isClear ? lastHash : Optional.of(found.get().crypt);
    }
    return found;
  }

  /** A hash like those that were found last; empty if none was, or those had clear passwords. */
  Optional<String> lastHash() {
    return isClear ? Optional.of("") : lastHash;
  }

  /**
   * Every account, without passwords.
   *
   * @throws TemporaryFailureException as {@link #find}
   */
  void forEach(Consumer<Row> action) throws TemporaryFailureException {
    Opened now = opened();
    if (now.settings.enumerate().isEmpty()) {
      return; // there is a SELECT_CLAUSE, from which nobody can tell how to list
    }
    Clause clause = now.settings.enumerate().get();
    now.connections.use(
        connection -> {
          boolean auto = connection.getAutoCommit();
          connection.setAutoCommit(false); // else PostgreSQL fetches everything at once
          try (PreparedStatement statement = connection.prepareStatement(clause.sql())) {
            statement.setQueryTimeout(LIST_SECONDS);
            statement.setFetchSize(FETCH_ROWS);
            clause.bind(statement, dialect, Map.of());
            try (ResultSet result = statement.executeQuery()) {
              while (result.next()) {
                action.accept(listed(result));
              }
            }
            connection.commit();
          } finally {
            connection.setAutoCommit(auto);
          }
          return null;
        });
  }

  /**
   * Sets a password.
   *
   * @param hash of the new one
   * @return false if there is no statement for it, or it changed nothing
   * @throws TemporaryFailureException as {@link #find}
   */
  boolean change(String name, String service, String newPassword, String hash)
      throws TemporaryFailureException {
    Opened now = opened();
    if (now.settings.change().isEmpty()) {
      return false;
    }
    Clause clause = now.settings.change().get();
    Map<String, String> values = values(now.settings, name, service);
    values.put("newpass", newPassword);
    values.put("newpass_crypt", hash);
    return now.connections.use(connection -> changed(connection, clause, values));
  }

  private boolean changed(Connection connection, Clause clause, Map<String, String> values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(clause.sql())) {
      statement.setQueryTimeout(QUERY_SECONDS);
      clause.bind(statement, dialect, values);
      return statement.executeUpdate() > 0;
    }
  }

  private static Map<String, String> values(SqlSettings settings, String name, String service) {
    int at = name.lastIndexOf('@');
    String domain = at < 0 ? settings.defaultDomain().orElse("") : name.substring(at + 1);
    String local = at < 0 ? name : name.substring(0, at);
    Map<String, String> values = new LinkedHashMap<>();
    values.put("local_part", local);
    values.put("domain", domain);
    values.put("service", service);
    values.put(LOGIN, at < 0 && !domain.isEmpty() ? name + "@" + domain : name);
    return values;
  }

  private static Row row(ResultSet result) throws SQLException {
    int columns = columns(result);
    return new Row(
        text(result, 1, columns),
        text(result, 2, columns),
        text(result, 3, columns),
        text(result, 4, columns),
        text(result, 5, columns),
        text(result, 6, columns),
        text(result, 7, columns),
        text(result, 8, columns),
        text(result, 9, columns),
        text(result, 10, columns));
  }

  private static Row listed(ResultSet result) throws SQLException {
    int columns = columns(result);
    return new Row(
        text(result, 1, columns),
        "",
        "",
        text(result, 2, columns),
        text(result, 3, columns),
        text(result, 4, columns),
        text(result, 5, columns),
        "",
        "",
        text(result, 6, columns));
  }

  private static int columns(ResultSet result) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    if (columns < COLUMNS_MIN - 1) {
      throw new SQLException(
          "the statement gives "
              + columns
              + " columns, and at least "
              + COLUMNS_MIN
              + " are needed");
    }
    return columns;
  }

  private static String text(ResultSet result, int column, int columns) throws SQLException {
    String text = column <= columns ? result.getString(column) : null;
    return text == null ? "" : text;
  }
}
