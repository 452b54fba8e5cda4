package org.postrider.auth.sql;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.naming.InitialContext;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.NoInitialContextException;
import javax.sql.DataSource;
import org.postrider.auth.TemporaryFailureException;

/**
 * The connections of one settings file. Those of a datasource are kept and bounded by the server;
 * those of a driver here: at most {@value #MOST} at a time, of which {@value #KEPT} are kept while
 * nobody needs them. Any thread may use them.
 */
final class Connections implements AutoCloseable {

  private static final int MOST = 16;
  private static final int KEPT = 4;
  private static final int WAIT_SECONDS = 10;
  private static final int VALID_SECONDS = 3;
  private static final long ASK_AFTER_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** The drivers that this class's loader sees. */
  private static final class Drivers {
    static final List<Driver> ALL =
        ServiceLoader.load(Driver.class, Connections.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
  }

  /** What is done with a connection. */
  @FunctionalInterface
  interface Work<R> {
    R with(Connection connection) throws SQLException;
  }

  private record Idle(Connection connection, long since) {}

  private final Dialect dialect;
  private final SqlSource source;
  private final Semaphore places = new Semaphore(MOST, true);
  private final Deque<Idle> idle = new ArrayDeque<>();
  private boolean closed;

  /** None is made yet. */
  Connections(Dialect dialect, SqlSource source) {
    this.dialect = dialect;
    this.source = source;
  }

  /**
   * Works with a connection, which is in auto-commit.
   *
   * @throws TemporaryFailureException if none can be had in time, or the work fails
   */
  <R> R use(Work<R> work) throws TemporaryFailureException {
    Optional<DataSource> datasource = datasource();
    try {
      if (datasource.isPresent()) {
        try (Connection connection = datasource.get().getConnection()) {
          return work.with(connection);
        }
      }
      return withDriver(work);
    } catch (SQLException failed) {
      throw new TemporaryFailureException(
          dialect.module()
              + ": the database "
              + (datasource.isPresent() ? "of " + source.datasource() + " " : "")
              + "does not answer as it should: "
              + firstLine(failed)
              + ". See whether it runs, and the keys of "
              + dialect.file()
              + ".",
          failed);
    }
  }

  private static String firstLine(SQLException failed) {
    return String.valueOf(failed.getMessage()).lines().findFirst().orElse("no reason given");
  }

  /** Empty if a driver is to be used. */
  @SuppressWarnings("BanJNDI") // a name in java: from the administrator's file, never a URL
  private Optional<DataSource> datasource() throws TemporaryFailureException {
    try {
      if (new InitialContext().lookup(source.datasource()) instanceof DataSource found) {
        return Optional.of(found);
      }
      throw new TemporaryFailureException(source.datasource() + " is no datasource.");
    } catch (NoInitialContextException outsideOfAnyServer) {
      return Optional.empty();
    } catch (NameNotFoundException none) {
      if (!source.isNamed()) {
        return Optional.empty();
      }
      throw new TemporaryFailureException(
          "There is no datasource "
              + source.datasource()
              + ", which "
              + dialect.key("DATASOURCE")
              + " in "
              + dialect.file()
              + " names: add it to the server (/subsystem=datasources) or take the key away.",
          none);
    } catch (NamingException failed) {
      throw new TemporaryFailureException(
          "The datasource " + source.datasource() + " cannot be had: " + failed.getMessage() + ".",
          failed);
    }
  }

  private <R> R withDriver(Work<R> work) throws SQLException, TemporaryFailureException {
    try {
      if (!places.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new TemporaryFailureException(
            dialect.module()
                + ": all "
                + MOST
                + " connections have been busy for "
                + WAIT_SECONDS
                + " s: see what the database waits for.");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new TemporaryFailureException("Interrupted while waiting for a connection.");
    }
    try {
      Connection connection = kept();
      connection = connection == null ? connect() : connection;
      boolean whole = false;
      try {
        R result = work.with(connection);
        whole = true;
        return result;
      } finally {
        if (whole) {
          keep(connection);
        } else {
          closeQuietly(connection);
        }
      }
    } finally {
      places.release();
    }
  }

  /** One that still works, or null. */
  private Connection kept() {
    while (true) {
      Idle found;
      synchronized (idle) {
        found = idle.pollFirst();
      }
      if (found == null) {
        return null;
      }
      long age = System.nanoTime() - found.since;
      try {
        if (age < ASK_AFTER_NANOS
            || (age < KEPT_NANOS && found.connection.isValid(VALID_SECONDS))) {
          return found.connection;
        }
      } catch (SQLException gone) {
        // the next one
      }
      closeQuietly(found.connection);
    }
  }

  private void keep(Connection connection) {
    synchronized (idle) {
      if (!closed && idle.size() < KEPT) {
        idle.addFirst(new Idle(connection, System.nanoTime()));
        return;
      }
    }
    closeQuietly(connection);
  }

  private Connection connect() throws SQLException, TemporaryFailureException {
    if (source.urls().isEmpty()) {
      throw new TemporaryFailureException(
          dialect.module()
              + " has no database: there is no datasource "
              + source.datasource()
              + ", and in "
              + dialect.file()
              + " "
              + source.missing()
              + ".");
    }
    for (String url : source.urls()) {
      for (Driver driver : Drivers.ALL) {
        if (driver.acceptsURL(url)) {
          Connection made = driver.connect(url, source.driverProperties());
          if (made != null) {
            return made;
          }
        }
      }
    }
    throw new TemporaryFailureException(
        dialect.module()
            + " has no JDBC driver for "
            + source.urls().getFirst().replaceFirst("^(jdbc:[a-z0-9]+:).*", "$1")
            + " Put its jar into modules/org/postrider/custom/main of the server, or name a"
            + " datasource by "
            + dialect.key("DATASOURCE")
            + " in "
            + dialect.file()
            + ".");
  }

  private static void closeQuietly(Connection connection) {
    try {
      connection.close();
    } catch (SQLException ignored) {
      // it was given up
    }
  }

  /** Closes those that nobody uses; others when they are given back. */
  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(kept -> closeQuietly(kept.connection));
      idle.clear();
    }
  }
}
