package org.postrider.auth.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postrider.auth.CourierRc;

class SqlSourceTest {

  @TempDir Path directory;

  private SqlSource source(Dialect dialect, String lines) throws Exception {
    Path file = directory.resolve("rc");
    return SqlSource.of(
        dialect, CourierRc.read(Files.writeString(file, lines + "##NAME: MARKER:0\n")));
  }

  @Test
  void mysqlsKeysBecomeUrlsOfBothDrivers() throws Exception {
    SqlSource source =
        source(
            Dialect.MYSQL,
            "MYSQL_SERVER db.example.com\nMYSQL_PORT 0\nMYSQL_DATABASE mail\nMYSQL_USERNAME u\n"
                + "MYSQL_PASSWORD p\nMYSQL_OPT 0\n");
    assertThat(source.urls())
        .containsExactly(
            "jdbc:mariadb://db.example.com:3306/mail", "jdbc:mysql://db.example.com:3306/mail");
    assertThat(source.properties()).containsEntry("user", "u").containsEntry("password", "p");
    assertThat(source.isNamed()).isFalse();
    assertThat(source.toString()).isEqualTo("SqlSource[java:jboss/datasources/postrider]");
  }

  @Test
  void postgresqlsWordsBecomeAUrlAndProperties() throws Exception {
    SqlSource source =
        source(
            Dialect.PGSQL,
            "PGSQL_CONNECTION host=::1 port = 5400 user=admin password='it\\'s a \\\\'"
                + " sslmode=require\n"
                + "PGSQL_DATABASE mail box\n");
    assertThat(source.urls()).containsExactly("jdbc:postgresql://[::1]:5400/mail+box");
    assertThat(source.properties())
        .containsEntry("user", "admin")
        .containsEntry("password", "it's a \\")
        .containsEntry("sslmode", "require");
  }

  @Test
  void whatNoDriverCanDoIsSaid() throws Exception {
    assertThat(
            source(Dialect.PGSQL, "PGSQL_CONNECTION host=/run/postgresql\nPGSQL_DATABASE a\n")
                .missing())
        .contains("socket file");
    assertThat(source(Dialect.MYSQL, "MYSQL_DATABASE a\nMYSQL_SSL_CERT /c\n").missing())
        .contains("MYSQL_SSL_CERT");
    assertThat(source(Dialect.SQLITE, "").missing()).isEqualTo("SQLITE_DATABASE is not set");
    assertThatThrownBy(() -> source(Dialect.PGSQL, "PGSQL_CONNECTION host\n"))
        .isInstanceOf(IOException.class)
        .hasMessage("PGSQL_CONNECTION has a word without =");
  }

  @FuzzTest
  void anyConnectionStringIsReadOrRefused(FuzzedDataProvider data) {
    try {
      assertThat(SqlSource.words(data.consumeRemainingAsString())).isNotNull();
    } catch (IOException refused) {
      assertThat(refused).hasMessageStartingWith("PGSQL_CONNECTION ");
    }
  }
}
