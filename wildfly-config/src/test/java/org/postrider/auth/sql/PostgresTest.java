package org.postrider.auth.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.SiteDirectory;

/** With a real PostgreSQL. */
class PostgresTest {

  private static PostgresServer server;

  @TempDir Path home;

  private SiteDirectory site;

  @BeforeAll
  static void start() throws Exception {
    server = PostgresServer.start();
    sql(SqlLoginModuleTest.TABLE);
    sql(
        "INSERT INTO passwd SELECT 'user' || n || '@example.com', '"
            + SqlLoginModuleTest.SECRET
            + "', NULL, NULL, n, n, '/srv/' || n, NULL, NULL, NULL, NULL FROM"
            + " generate_series(1, 20000) n");
    sql("CREATE TABLE numbered (id integer primary key, pw text)");
    sql("INSERT INTO numbered VALUES (7, 'secret')");
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  private static void sql(String statement) throws Exception {
    try (Connection connection = DriverManager.getConnection(server.url());
        Statement made = connection.createStatement()) {
      made.execute(statement);
    }
  }

  @BeforeEach
  void writeSettings() throws Exception {
    site = new SiteDirectory(home);
    site.modules("authpgsql");
    settings("PGSQL_USER_TABLE passwd\nPGSQL_CRYPT_PWFIELD crypt\nPGSQL_NAME_FIELD name\n");
  }

  private void settings(String lines) throws Exception {
    site.write("authpgsqlrc", server.settings() + lines + SqlLoginModuleTest.MARKER);
  }

  @Test
  void signsInListsAndChanges() throws Exception {
    assertThat(site.signIn("user77@example.com", "secret").uid()).isEqualTo(77);
    assertThat(site.rejects("user77@example.com", "wrong")).isTrue();
    assertThat(site.rejects("' OR '1'='1", "secret")).isTrue();
    assertThat(site.accounts()).hasSize(20_000);
    assertThat(
            site.chain()
                .changePassword(
                    "imap", "user78@example.com", "secret".toCharArray(), "neu".toCharArray()))
        .isTrue();
    assertThat(site.rejects("user78@example.com", "neu")).isFalse();
  }

  @Test
  void parameterTakesTheTypeOfItsColumnAsTextInQuotesDoes() throws Exception {
    settings(
        "PGSQL_SELECT_CLAUSE SELECT id, '', pw, 1, 1, '/srv', '' FROM numbered WHERE"
            + " id='$(local_part)'\n");
    assertThat(site.signIn("7", "secret").name()).isEqualTo("7");
  }

  @Test
  void manyAtATimeShareFewConnections() throws Exception {
    List<Future<Boolean>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 1; i <= 200; i++) {
        String name = "user" + (1000 + i) + "@example.com";
        answers.add(threads.submit(() -> site.rejects(name, "secret")));
      }
    }
    for (Future<Boolean> answer : answers) {
      assertThat(answer.get()).isFalse();
    }
  }

  @Test
  void databaseThatIsDownIsATemporaryFailure() throws Exception {
    try (PostgresServer other = PostgresServer.start()) {
      site.write(
          "authpgsqlrc",
          other.settings()
              + "PGSQL_SELECT_CLAUSE SELECT 'ann', '', 'secret', 1, 1, '/srv'\n"
              + SqlLoginModuleTest.MARKER);
      assertThat(site.signIn("ann", "secret").uid()).isEqualTo(1);
      other.stop();
      assertThat(site.failure("ann", "secret"))
          .startsWith("authpgsql: the database does not answer as it should: ");
      other.startAgain();
      assertThat(site.signIn("ann", "secret").uid()).isEqualTo(1);
    }
  }
}
